"""A step: one decision to be made by one role, and its grants."""

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
from approvals.digests import covered_digests, signature_of
from approvals.models.case import Case
from approvals.querysets import StepQuerySet, roles_for
from approvals.states import BADGE, ROLE_OF, SIGNED_AT, StepKind, StepState
from core.transitions import Stateful, gated


class Step(Stateful):
    """One decision to be made by one role, in one round of a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    round = models.PositiveIntegerField(_("round"))
    kind = models.CharField(_("kind"), max_length=20, choices=StepKind.choices)
    sequence = models.PositiveSmallIntegerField(default=1)  # equal numbers are decided in parallel
    level = models.PositiveSmallIntegerField(null=True)  # authority level, where two need two people
    state = FSMField(_("state"), default=StepState.WAITING, choices=StepState.choices, protected=True)
    triggers = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    barred = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")  # R2.10, R1.9
    digest = models.CharField(max_length=64, blank=True)  # of the whole content decided on
    digests = models.JSONField(default=dict)  # of each aspect that the yes covers
    asked_digest = models.CharField(max_length=64, blank=True)  # of what it is to cover in this round
    signed_digest = models.CharField(max_length=64, blank=True)  # of what the yes covered
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="carried_to", verbose_name=_("carried over from")
    )
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("handed over to"),
    )
    ceiling = models.DecimalField(
        _("covers exposure up to"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    ceiling_until = models.DateField(_("covers until"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(signed_digest=F("asked_digest")),
                name="step_signs_what_was_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "opened_at", "id"], name="step_open", condition=Q(state="open")),
            models.Index(fields=["decided_by", "-decided_at"], name="step_decided"),
            models.Index(
                fields=["decided_for", "-decided_at"],
                name="step_decided_for",
                condition=Q(decided_for__isnull=False),
            ),
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

    @property
    def signing_url(self) -> str:
        """Where it is signed line by line; empty where a yes or no is all that is asked."""
        page = SIGNED_AT.get(self.kind, "")
        return f"{self.case.link}{page}" if page else ""

    def holders_among(self, people) -> frozenset[int]:
        """Of these people (ids), the active ones to whom this step is granted now.

        A grant to the team's manager ends with the office or the role, a grant to a role with the role, one
        that was handed over with the right of who got it (I14, I17).
        """
        named = Q(stepuserpermission__content_object=self, groups__name__in=roles_for(self.kind))
        found = get_user_model().objects.filter(
            (named & (Q(managed_teams=self.case.team_id) | Q(pk=self.handed_to_id)))
            | Q(groups__stepgrouppermission__content_object=self),
            pk__in=people,
            is_active=True,
        )
        return frozenset(found.values_list("pk", flat=True))

    def free_holders(self) -> frozenset[int]:
        """The active people (ids) of its role whom it does not bar, granted to them yet or not."""
        people = get_user_model().objects.filter(groups__name=self.role, is_active=True)
        shut = {self.requester_id, *self.barred_ids()}
        return frozenset(people.exclude(pk__in=shut).values_list("pk", flat=True))

    def barred_ids(self) -> frozenset[int]:
        """The people (ids) who entered it, or did the work that this step reviews; asked once."""
        if "_known_bars" not in self.__dict__:
            self.__dict__["_known_bars"] = frozenset(self.barred.values_list("pk", flat=True))
        return self.__dict__["_known_bars"]

    def shut_out(self) -> frozenset[int]:
        """All for whom this step is not: they asked for it besides (R2.10)."""
        return frozenset({self.requester_id, *self.case.barred}) | self.barred_ids()

    def is_barred(self, person) -> bool:
        """Whether the person asked for it, entered it, or did the work that this step reviews."""
        return self.requester_id == person.pk or person.pk in self.barred_ids()

    def other_levels_signed(self):
        """The other authority levels of this round that have said yes."""
        levels = self.case.steps.filter(round=self.round, level__isnull=False, state=StepState.APPROVED)
        return levels.exclude(pk=self.pk)

    @gated(state, target=StepState.OPEN, gate=gates.OPEN_STEP)
    def open(self, *, actor):
        """Its turn has come."""
        self.opened_at = timezone.now()

    @gated(state, target=StepState.APPROVED, gate=gates.APPROVE_STEP)
    def approve(self, *, actor, on_behalf_of=None, ceiling=None, ceiling_until=None, reason=""):
        """Somebody said yes to exactly this content."""
        self._sign(actor, on_behalf_of, reason)
        self.digests = covered_digests(self.kind, self.case.aspects)
        self.signed_digest = signature_of(self.kind, self.case.aspects, self.case.digest)
        self.ceiling, self.ceiling_until = ceiling, ceiling_until

    @gated(state, target=StepState.APPROVED, gate=gates.CARRY_STEP)
    def carry(self, *, actor, source):
        """What was said in the round before still covers what is asked now."""
        for name in ("decided_by_id", "decided_for_id", "decided_at", "reason", "ceiling", "ceiling_until"):
            setattr(self, name, getattr(source, name))
        self.digest, self.digests, self.signed_digest = source.digest, source.digests, source.signed_digest

    @gated(state, target=StepState.OPEN, gate=gates.WITHDRAW_DECISION)
    def take_back(self, *, actor):
        """Who said yes takes it back while the next step has not begun; it waits as before."""
        self.decided_by = self.decided_for = self.decided_at = self.carried_from = None
        self.ceiling = self.ceiling_until = None
        self.digest = self.signed_digest = self.reason = ""
        self.digests = {}
        self.opened_at = self.opened_at or timezone.now()

    @gated(state, target=StepState.REFUSED, gate=gates.REFUSE_STEP)
    def refuse(self, *, actor, reason, on_behalf_of=None):
        """Somebody said no, with a reason."""
        self._sign(actor, on_behalf_of, reason)

    @gated(state, target=StepState.VOID, gate=gates.VOID_STEP)
    def void(self, *, actor):
        """Its round ended before anybody decided."""

    def _sign(self, actor: Any, on_behalf_of: Any, reason: str) -> None:
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
