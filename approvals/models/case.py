"""A case: one thing to be decided on, round after round."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from approvals import gates
from approvals.querysets import CaseQuerySet
from approvals.states import CaseState, StepState
from core import clock
from core.company import CURRENCY
from core.transitions import Stateful, gated


class Case(Stateful):
    """One thing to be decided on, with its rounds. Content, facts and limits are of the present round.

    `snapshot` is what people read, `aspects` the same content by aspect (what a change touches), `facts` the
    figures that were weighed, `authority` the limits then in force: why the steps are what they are.
    """

    kind = models.CharField(_("kind"), max_length=20)  # order, shipment, customer
    reference = models.CharField(_("reference"), max_length=40)
    thread = models.CharField(max_length=120)
    link = models.CharField(max_length=300)
    title = models.CharField(_("about"), max_length=200)
    team = models.ForeignKey("accounts.Team", models.PROTECT, verbose_name=_("team"))
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    #: In company currency; empty where it is the same or no rate is on file.
    amount_company = models.DecimalField(
        _("amount in company currency"), max_digits=16, decimal_places=2, null=True
    )
    round = models.PositiveIntegerField(_("round"), default=0)
    opened_at = models.DateTimeField(_("the round opened at"), default=clock.now)
    digest = models.CharField(max_length=64, blank=True)
    snapshot = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # the snapshot of the round before
    aspects = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    authority = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    barred = models.JSONField(default=list)  # ids of people who entered or last edited the content (R2.10)
    findings = models.JSONField(_("findings"), default=list, encoder=DjangoJSONEncoder)
    state = FSMField(_("state"), default=CaseState.OPEN, choices=CaseState.choices, protected=True)
    objects = CaseQuerySet.as_manager()
    read_steps: list[Any] | None = None  # the round's steps, where an action has read them under the lock

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [("open_case", _("Can hand things over for approval"))]
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="case_once")]
        indexes = [models.Index(fields=["kind", "-opened_at", "-id"], name="case_round_of_a_time")]

    def __str__(self):
        return f"{self.reference}"

    def get_absolute_url(self):
        return self.link

    @property
    def decide_url(self) -> str:
        """Where the decision is posted: the noun's own view."""
        return f"{self.link.rstrip('/')}/decide/"

    @property
    def weight(self):
        """The amount that is held against limits: in company currency where it is known."""
        return self.amount if self.amount_company is None else self.amount_company

    @property
    def is_measured(self) -> bool:
        """Whether its amount is known in company currency: without a rate another currency's is not."""
        return self.amount_company is not None or self.currency == CURRENCY.value()

    def unsigned(self) -> list:
        """The steps of the present round that have not said yes."""
        steps = self.steps.filter(round=self.round) if self.read_steps is None else self.read_steps
        return [each for each in steps if each.state != StepState.APPROVED]

    @gated(state, target=CaseState.OPEN, gate=gates.REOPEN_CASE)
    def reopen(self, *, actor):
        """A new round begins."""

    @gated(state, target=CaseState.APPROVED, gate=gates.CLOSE_CASE)
    def close(self, *, actor):
        """Every step of the round said yes."""

    @gated(state, target=CaseState.REFUSED, gate=gates.REFUSE_CASE)
    def refuse(self, *, actor):
        """One step said no."""

    @gated(state, target=CaseState.WITHDRAWN, gate=gates.WITHDRAW_CASE)
    def withdraw(self, *, actor):
        """The requester took it back."""


class PastRound(models.Model):
    """What an ended round was decided on, kept so that its decisions stay explained (R2.2, R2.11)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="past")
    round = models.PositiveIntegerField(_("round"))
    digest = models.CharField(max_length=64)
    snapshot = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    aspects = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    authority = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    findings = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    ended_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("past round")
        verbose_name_plural = _("past rounds")
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="past_round_once")]

    def __str__(self):
        return f"{self.case} · {self.round}"
