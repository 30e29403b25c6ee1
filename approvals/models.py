"""Case and Step: who must decide, on what content, who decided (section 2 of the rulebook).

A case knows no order: the noun that owns it (order, shipment) points down to it, hands over plain
facts, and calls approvals/actions.py. A step's grants hang on direct-foreign-key tables.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from approvals import gates
from approvals.querysets import CaseQuerySet, StepQuerySet
from approvals.states import BADGE, ROLE_OF, CaseState, StepKind, StepState
from core.transitions import Stateful, gated


class AuthorityLimit(models.Model):
    """R2.2: how far one manager's (or every manager's) authority goes. Data, effective by date."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="authority",
        verbose_name=_("manager (empty: every manager)"),
    )
    max_amount = models.DecimalField(_("order amount up to"), max_digits=16, decimal_places=2)
    max_discount = models.DecimalField(_("discount up to, %"), max_digits=5, decimal_places=2)
    max_deviation = models.DecimalField(_("price deviation up to, %"), max_digits=5, decimal_places=2)
    min_margin = models.DecimalField(_("margin at least, %"), max_digits=5, decimal_places=2)
    max_payment_days = models.PositiveIntegerField(_("payment days up to"))
    may_exceed_credit = models.BooleanField(_("may approve without credit"), default=False)
    effective_from = models.DateField(_("effective from"), default=timezone.localdate)

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        constraints = [
            models.UniqueConstraint(fields=["person", "effective_from"], name="authority_once_a_day"),
            models.UniqueConstraint(
                fields=["effective_from"], condition=Q(person=None), name="authority_of_all_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(max_amount__gte=0, max_discount__gte=0, max_deviation__gte=0),
                name="authority_not_negative",
            ),
        ]

    def __str__(self):
        whose = self.person or _("every manager")
        return f"{whose} ≤ {self.max_amount}"


class Case(Stateful):
    """One thing to be decided on, with its rounds. The snapshot and digest are of the present round."""

    kind = models.CharField(_("kind"), max_length=20)  # order, shipment
    reference = models.CharField(_("reference"), max_length=40)
    thread = models.CharField(max_length=120)
    link = models.CharField(max_length=300)
    title = models.CharField(_("about"), max_length=200)
    team = models.ForeignKey("accounts.Team", models.PROTECT, verbose_name=_("team"))
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    round = models.PositiveIntegerField(_("round"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    snapshot = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # the snapshot of the round before
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

    def __str__(self):
        return f"{self.reference}"

    def get_absolute_url(self):
        return self.link

    @property
    def decide_url(self) -> str:
        """Where the decision is posted: the noun's own view."""
        return f"{self.link.rstrip('/')}/decide/"

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


class Step(Stateful):
    """One decision to be made by one role, in one round of a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    round = models.PositiveIntegerField(_("round"))
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind.choices)
    sequence = models.PositiveSmallIntegerField(default=1)  # equal numbers are decided in parallel
    level = models.PositiveSmallIntegerField(null=True)  # authority level, where two need two people
    state = FSMField(_("state"), default=StepState.WAITING, choices=StepState.choices, protected=True)
    triggers = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    barred = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")  # R2.10, R1.9
    digest = models.CharField(max_length=64, blank=True)  # of the content decided on
    ceiling = models.DecimalField(
        _("covers exposure up to"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    opened_at = models.DateTimeField(_("waits since"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("for")
    )
    reason = models.TextField(_("reason"), blank=True)
    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["case_id", "round", "sequence", "id"]
        permissions = [("decide_step", _("Can decide this step"))]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "kind"], condition=~Q(state="void"), name="step_once_a_round"
            ),
            models.UniqueConstraint(
                fields=["case", "round", "decided_by"],
                condition=Q(level__isnull=False, state="approved"),
                name="step_two_levels_two_people",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("requester")), name="step_not_ones_own"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="step_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="step_refusal_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "opened_at", "id"], name="step_open", condition=Q(state="open")),
            models.Index(fields=["decided_by", "-decided_at"], name="step_decided"),
        ]

    def __str__(self):
        return f"{self.case.reference} · {self.get_kind_display()}"

    def get_absolute_url(self):
        return self.case.link

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return BADGE[StepState(self.state)]

    @property
    def role(self) -> str:
        """The role whose decision this is."""
        return ROLE_OF[StepKind(self.kind)]

    def holders_among(self, people) -> frozenset[int]:
        """Of these people (ids), the active ones to whom this step is granted now.

        A grant to the team's manager ends with the office, a grant to a role with the role (I17).
        """
        found = get_user_model().objects.filter(
            Q(stepuserpermission__content_object=self, managed_teams=self.case.team_id)
            | Q(groups__stepgrouppermission__content_object=self),
            pk__in=people,
            is_active=True,
        )
        return frozenset(found.values_list("pk", flat=True))

    def is_barred(self, person) -> bool:
        """Whether the person asked for it, entered it, or did the work that this step reviews; asked once."""
        known = self.__dict__.setdefault("_known_bars", {})
        if person.pk not in known:
            known[person.pk] = self.requester_id == person.pk or self.barred.filter(pk=person.pk).exists()
        return known[person.pk]

    def other_levels_signed(self):
        """The other authority levels of this round that have said yes."""
        levels = self.case.steps.filter(round=self.round, level__isnull=False, state=StepState.APPROVED)
        return levels.exclude(pk=self.pk)

    @gated(state, target=StepState.OPEN, gate=gates.OPEN_STEP)
    def open(self, *, actor):
        """Its turn has come."""
        self.opened_at = timezone.now()

    @gated(state, target=StepState.APPROVED, gate=gates.APPROVE_STEP)
    def approve(self, *, actor, on_behalf_of=None, ceiling=None, reason=""):
        """Somebody said yes to exactly this content."""
        self._sign(actor, on_behalf_of, reason)
        self.ceiling = ceiling

    @gated(state, target=StepState.REFUSED, gate=gates.REFUSE_STEP)
    def refuse(self, *, actor, reason, on_behalf_of=None):
        """Somebody said no, with a reason."""
        self._sign(actor, on_behalf_of, reason)

    @gated(state, target=StepState.VOID, gate=gates.VOID_STEP)
    def void(self, *, actor):
        """Not decided, or decided on content that is no longer there."""

    def _sign(self, actor, on_behalf_of, reason):
        self.decided_by = actor
        self.decided_for = on_behalf_of
        self.decided_at = timezone.now()
        self.digest = self.case.digest
        self.reason = reason


class StepUserPermission(UserObjectPermissionBase):
    """guardian's grant of one step to one person."""

    content_object = models.ForeignKey(Step, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class StepGroupPermission(GroupObjectPermissionBase):
    """guardian's grant of one step to one role."""

    content_object = models.ForeignKey(Step, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
