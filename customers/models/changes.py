"""Changes that two people decide on, and classes that the system proposes (R3.2, R3.3)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core.transitions import Stateful, gated
from customers import gates
from customers.models.customer import Customer, CustomerClass
from customers.models.shapes import PERSON
from customers.states import CHANGE_BADGE, PROPOSAL_BADGE, ChangeKind, ChangeState, ProposalState

_FIGURES = ("min_quantity", "price", "list_price", "deviation")
_DAYS = ("valid_from", "valid_until")


class CustomerChange(Stateful):
    """R3.2: what somebody asks to change of class, credit, terms or block; applied when both have said yes.

    `changes` is {field: {"old": …, "new": …}} in plain text; the numbered changes are the terms' versions.
    Prices below the list (R2.2) wait in `prices` for one who may let them go so far: until then they are no
    agreements and price nothing.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField(_("number"))  # counts within the customer
    kind = models.CharField(_("kind"), max_length=8, choices=ChangeKind.choices)
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    prices = models.JSONField(_("prices"), default=list, blank=True, encoder=DjangoJSONEncoder)
    reason = models.CharField(_("reason"), max_length=400)
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    state = FSMField(_("state"), default=ChangeState.OPEN, choices=ChangeState.choices, protected=True)
    case = models.OneToOneField(
        "approvals.Case", models.PROTECT, null=True, blank=True, related_name="customer_change"
    )
    applied_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of a customer")
        verbose_name_plural = _("changes of customers")
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="change_number"),
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=Q(state="open") & ~Q(kind="prices"),
                name="change_open_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="change_has_reason"),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False, case__isnull=False)
                | ~Q(state="applied") & Q(applied_at=None),
                name="change_applied_when_decided",
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("customers:change", args=[self.customer.code, self.number])

    @property
    def reference(self) -> str:
        """How it is called: the customer's code and the number within it."""
        return f"{self.customer.code}/{self.number}"

    @property
    def asked_prices(self) -> list[dict[str, Any]]:
        """The prices that it is about, with figures and days to be shown."""
        return [
            row
            | {name: Decimal(row[name]) if row[name] else None for name in _FIGURES}
            | {name: date.fromisoformat(row[name]) if row[name] else None for name in _DAYS}
            for row in self.prices
        ]

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        return CHANGE_BADGE[ChangeState(self.state)]

    @gated(state, target=ChangeState.APPLIED, gate=gates.APPLY_CHANGE)
    def apply(self, *, actor, at):
        """Everybody who was asked said yes: from now on it holds."""
        self.applied_at = at

    @gated(state, target=ChangeState.REFUSED, gate=gates.REFUSE_CHANGE)
    def refuse(self, *, actor):
        """One of them said no."""

    @gated(state, target=ChangeState.WITHDRAWN, gate=gates.WITHDRAW_CHANGE)
    def withdraw(self, *, actor):
        """Who asked takes it back."""


class ClassProposal(Stateful):
    """R3.3: the class that the standard gives a customer, with the figures; people decide.

    One a customer and month. Where the proposed class is the present one there is nothing to ask.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="proposals")
    month = models.DateField(_("month"))  # its first day
    proposed = models.CharField(_("class by the standard"), max_length=1, choices=CustomerClass.choices)
    present = models.CharField(_("present class"), max_length=1, choices=CustomerClass.choices)
    facts = models.JSONField(_("figures"), default=dict, encoder=DjangoJSONEncoder)
    made_on = models.DateField(_("made on"))
    state = FSMField(_("state"), default=ProposalState.OPEN, choices=ProposalState.choices, protected=True)
    change = models.OneToOneField(
        CustomerChange, models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    decided_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("proposed class")
        verbose_name_plural = _("proposed classes")
        constraints = [
            models.UniqueConstraint(fields=["customer", "month"], name="proposal_once_a_month"),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(reason=""), name="proposal_dismissed_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(change__isnull=False), name="proposal_asked_by_change"
            ),
        ]

    def __str__(self):
        return f"{self.customer_id} {self.month:%Y-%m}: {self.proposed}"

    @property
    def thread(self) -> str:
        """The audit thread: the customer's."""
        return self.customer.thread

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        return PROPOSAL_BADGE[ProposalState(self.state)]

    @property
    def differs(self) -> bool:
        """Whether the standard gives another class than the present one."""
        return self.proposed != self.present

    @gated(state, target=ProposalState.ASKED, gate=gates.ASK_CLASS)
    def ask(self, *, actor, change):
        """A change to this class was asked for."""
        self.change, self.decided_by = change, actor

    @gated(state, target=ProposalState.DISMISSED, gate=gates.DISMISS_CLASS)
    def dismiss(self, *, actor, reason):
        """The class stays as it is, for a reason."""
        self.decided_by, self.reason = actor, reason
