"""Our order confirmation, the customer's answer to it, and what its delay costs (R1.8, R1.10, R1.11)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import clock
from core.transitions import Stateful, gated
from orders import gates
from orders.models.order import SalesOrder
from orders.models.shapes import PERSON
from orders.states import CONFIRMATION_BADGE, ConfirmationState, MarkKind


class OrderConfirmation(Stateful):
    """R1.8: our order confirmation as it went to the customer, one row a version."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="confirmations")
    issue = models.PositiveIntegerField(_("version"))  # the paper's; `version` is the row's own
    language = models.CharField(max_length=10, default="zh-hans")
    document = models.ForeignKey("core.Document", models.PROTECT, related_name="+")
    sent_to = models.EmailField(_("sent to"))
    sent_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent at"))
    left_at = models.DateTimeField(
        _("mail left at"), null=True, blank=True
    )  # the delay counts from it (R1.11)
    digest = models.CharField(max_length=64, blank=True)  # of the content that the paper states
    token_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the link's secret; the link
    link_ends_at = models.DateTimeField(_("link is good until"), null=True, blank=True)
    state = FSMField(
        _("state"), default=ConfirmationState.SENT, choices=ConfirmationState.choices, protected=True
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=80, blank=True)  # the customer's person
    answer = models.TextField(_("answer"), blank=True)  # what is not right, in the customer's words
    disputed_at = models.DateTimeField(_("called not right at"), null=True, blank=True)  # kept when settled
    disputed_by = models.CharField(_("called not right by"), max_length=80, blank=True)
    answer_mark = models.CharField(
        _("confirmation mark"), max_length=10, choices=MarkKind.choices, blank=True
    )
    answer_file = models.ForeignKey(
        "core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )  # of an answer on paper; empty when the customer answered by the link

    class Meta:
        verbose_name = _("order confirmation")
        verbose_name_plural = _("order confirmations")
        permissions = [("answer_confirmation", _("Can record the customer's answer"))]
        constraints = [
            models.UniqueConstraint(fields=["order", "issue"], name="confirmation_version"),
            models.CheckConstraint(
                condition=~Q(state__in=("confirmed", "disputed"))
                | Q(answered_at__isnull=False) & ~Q(answered_by=""),
                name="confirmation_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="disputed") | ~Q(answer=""), name="confirmation_dispute_has_words"
            ),
        ]
        indexes = [
            models.Index(fields=["token_hash"], name="confirmation_link", condition=~Q(token_hash="")),
            models.Index(fields=["order", "left_at"], name="confirmation_out", condition=Q(state="sent")),
            models.Index(fields=["order"], name="confirmation_disputed", condition=Q(state="disputed")),
        ]

    def __str__(self):
        return f"{self.order_id} v{self.issue}"

    @property
    def answered_how(self) -> Any:
        """How the answer came: its mark; "not right" by a click confirms nothing, it bears no such mark."""
        if self.state != ConfirmationState.DISPUTED or self.answer_mark != MarkKind.PORTAL:
            return MarkKind(self.answer_mark).label
        by_link = self.recorded_by_id is None
        return _("The customer’s answer by the link") if by_link else _("The customer’s answer in the portal")

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        return CONFIRMATION_BADGE[ConfirmationState(self.state)]

    @gated(state, target=ConfirmationState.CONFIRMED, gate=gates.CONFIRM_BACK)
    def confirm(self, *, actor):
        """The customer says it is right (R1.10)."""

    @gated(state, target=ConfirmationState.DISPUTED, gate=gates.DISPUTE)
    def dispute(self, *, actor):
        """The customer says that something is not right."""

    @gated(state, target=ConfirmationState.SUPERSEDED, gate=gates.SUPERSEDE)
    def supersede(self, *, actor):
        """A newer confirmation went out; the older one cannot be answered any more."""


class PromiseSlip(models.Model):
    """R1.11: one working day of delay of the customer's confirmation moved the promised dates by one."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="slips")
    on = models.DateField(_("day of delay"))
    days = models.PositiveIntegerField(_("slipped so far, working days"))
    at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)  # the answer came before

    class Meta:
        verbose_name = _("slip of the promise")
        verbose_name_plural = _("slips of the promise")
        constraints = [models.UniqueConstraint(fields=["order", "on"], name="slip_once_a_day")]

    def __str__(self):
        return f"{self.order_id} +{self.days}"
