"""A condition: what a yes was tied to, and who sees to it (R2.4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.roles import ROLES
from approvals import gates
from approvals.models.case import Case
from approvals.models.step import Step
from approvals.querysets import ConditionQuerySet
from approvals.states import CONDITION_BADGE, ConditionState
from core.transitions import Stateful, gated


class Condition(Stateful):
    """R2.4: 'yes, if …': fulfilled by a role, with proof, before the order is released."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="conditions")
    case = models.ForeignKey(Case, models.CASCADE, related_name="conditions")
    text = models.CharField(_("condition"), max_length=500)
    role = models.CharField(_("who sees to it"), max_length=20, choices=list(ROLES.items()))
    state = FSMField(_("state"), default=ConditionState.OPEN, choices=ConditionState.choices, protected=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("fulfilled by")
    )
    closed_at = models.DateTimeField(_("fulfilled at"), null=True)
    proof = models.TextField(_("proof"), blank=True)
    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["pk"]
        permissions = [("close_condition", _("Can report a condition as fulfilled"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(closed_by__isnull=False) & ~Q(proof="")),
                name="condition_done_with_proof",
            )
        ]
        indexes = [models.Index(fields=["role"], name="condition_open", condition=Q(state="open"))]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return self.case.link

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return CONDITION_BADGE[ConditionState(self.state)]

    @gated(state, target=ConditionState.DONE, gate=gates.CLOSE_CONDITION)
    def close(self, *, actor, proof):
        """It is fulfilled, and this shows it."""
        self.closed_by, self.closed_at, self.proof = actor, timezone.now(), proof

    @gated(state, target=ConditionState.DROPPED, gate=gates.DROP_CONDITION)
    def drop(self, *, actor):
        """The yes that it belonged to was taken back."""
