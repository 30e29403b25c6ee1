"""What a customer said: the memo with which a call or a visit begins (客户信息备忘录, R1.2)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core.numbering import fits
from core.transitions import Stateful, gated
from customers.models import Channel
from orders import gates
from orders.models.order import SalesOrder
from orders.models.shapes import PERSON
from orders.querysets import MemoQuerySet
from orders.states import MEMO_BADGE, MemoState


class Memo(Stateful):
    """Who called or was visited, what they said, what is still open; becomes a draft in one step."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memos",
        verbose_name=_("customer"),
    )  # empty: a caller who is no customer yet
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    caller = models.CharField(_("who called or was met"), max_length=80)
    company = models.CharField(_("company, if no customer yet"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    said_at = models.DateTimeField(_("when"))
    said = models.TextField(_("what they said"))
    open_points = models.TextField(_("what is still open"), blank=True)
    wanted_on = models.DateField(_("wanted by"), null=True, blank=True)
    taken_by = models.ForeignKey(PERSON, models.PROTECT, related_name="memos", verbose_name=_("taken by"))
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    state = FSMField(_("state"), default=MemoState.OPEN, choices=MemoState.choices, protected=True)
    order = models.OneToOneField(
        SalesOrder, models.PROTECT, null=True, blank=True, related_name="memo", verbose_name=_("order")
    )
    closed_reason = models.CharField(_("why closed"), max_length=200, blank=True)
    objects = MemoQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer memo")
        verbose_name_plural = _("customer memos")
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=("phone", "visit")), name="memo_is_verbal"),
            models.CheckConstraint(
                condition=~Q(state="drafted") | Q(order__isnull=False), name="memo_drafted_has_order"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(closed_reason=""), name="memo_closed_has_reason"
            ),
            fits("number", "memo_number_fits"),
        ]
        indexes = [
            models.Index(fields=["-said_at", "-id"], name="memo_newest"),
            models.Index(fields=["team", "-said_at", "-id"], name="memo_team_newest"),
            models.Index(fields=["taken_by", "said_at"], name="memo_open", condition=Q(state="open")),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("orders:memo", args=[self.number])

    @property
    def thread(self) -> str:
        """The audit thread of this memo."""
        return f"memo:{self.number}"

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        return MEMO_BADGE[MemoState(self.state)]

    @gated(state, target=MemoState.DRAFTED, gate=gates.DRAFT_MEMO)
    def draft(self, *, actor, order):
        """It became an order draft."""
        self.order = order

    @gated(state, target=MemoState.CLOSED, gate=gates.CLOSE_MEMO)
    def close(self, *, actor, reason):
        """Nothing comes of it."""
        self.closed_reason = reason
