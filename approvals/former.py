"""Whose step it was: who held it once is told whose it is now; to others it does not exist (R2.12, I14)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import Delegation, Notice, User
from accounts.queries import Lending
from approvals.actions.granting import barred_from
from approvals.awaited import awaited
from approvals.models import Step
from approvals.states import StepState

#: What is told to those who can decide a step, and to nobody else.
TOLD = ("step_opened", "step_waits", "step_handed_over")


def former_step(pk: int, user: User) -> dict[str, Any] | None:
    """Of a step that once was theirs: its kind, whether it still waits, for whom; no word of its content."""
    rows = Step.objects.select_related("case__team").defer(
        "case__snapshot", "case__previous", "case__aspects"
    )
    step = rows.filter(pk=pk).first()
    if step is None:
        return None
    barred = barred_from([step])
    if user.pk in barred[pk] or not (_was_told(step, user) or _was_lent(step, user, barred[pk])):
        return None
    missing = awaited([step], team=step.case.team, barred=barred)
    return {"step": step, "waits": step.state == StepState.OPEN, "missing": missing.get(pk, [])}


def _was_told(step: Step, user: User) -> bool:
    return Notice.objects.filter(person=user, kind__in=TOLD, link=f"/approvals/?step={step.pk}").exists()


def _was_lent(step: Step, user: User, barred: set[int]) -> bool:
    """They stood in, while it waited, for one of its people, as far as that one lent it."""
    if step.opened_at is None:
        return False
    rows = Delegation.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=step.opened_at),
        substitute=user,
        starts_at__lt=step.decided_at or timezone.now(),
        ends_at__gt=step.opened_at,
    )
    givers = {
        giver
        for giver, kinds, ceiling in rows.values_list("giver_id", "kinds", "ceiling")
        if Lending(giver, kinds=tuple(kinds or ()), ceiling=ceiling).covers(step.kind, step.case.weight)
    }
    held = step.holders_among(givers) | {step.decided_by_id, step.decided_for_id}
    return bool((givers & held) - barred)
