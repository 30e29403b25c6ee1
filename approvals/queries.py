"""Reads for the pages of approval: what is mine to decide, and one step in one look (R2.2, R2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.panels import panel
from approvals import gates
from approvals.digests import covered_parts
from approvals.models import Case, PastRound, Step
from approvals.snapshot import differences, shown
from approvals.states import DECIDED, StepState
from approvals.triggers import told


def mine(user: User) -> QuerySet[Step]:
    """The steps the person can decide now, longest waiting first; without the snapshots."""
    steps = Step.objects.decidable_by(user).select_related("case", "case__requester", "case__team")
    return steps.defer("case__snapshot", "case__previous", "case__findings").order_by("opened_at", "pk")


def steps_of(case: Case | None) -> list[Step]:
    """The steps of the present round with who decided, in order; for stepper and panel."""
    if case is None:
        return []
    steps = case.steps.filter(round=case.round).exclude(state=StepState.VOID)
    return list(steps.select_related("decided_by", "decided_for"))


def step_facts(step: Step, user: User) -> dict[str, Any]:
    """All that a decision needs: triggers and by how much, findings, content, what changed, the doors."""
    case = step.case
    return {
        "step": step,
        "case": case,
        "triggers": told(step.triggers),
        "findings": told(case.findings),
        "content": shown(case.snapshot),
        "changes": differences_since(step),
        "others": SimpleLazyObject(lambda: [each for each in steps_of(case) if each.pk != step.pk]),
        "approve": panel(gates.APPROVE_STEP, step, user, team=case.team, verb_url=case.decide_url),
        "refuse": panel(gates.REFUSE_STEP, step, user, team=case.team, verb_url=case.decide_url),
        "fields": {"step_id": step.pk, "digest": case.digest},
    }


def differences_since(step: Step) -> list[dict[str, Any]]:
    """What changed, of all that this step covers, since its kind was last decided on; nothing if never.

    Without aspects it is what changed since the round before.
    """
    case = step.case
    if not case.aspects:
        return differences(case.previous, case.snapshot)
    last = case.steps.filter(kind=step.kind, round__lt=step.round, state__in=DECIDED)
    rounds = last.order_by("-round").values_list("round", flat=True)[:1]
    past = (
        PastRound.objects.filter(case=case, round__in=list(rounds)).values_list("aspects", flat=True).first()
    )
    if not past:
        return []
    before, now = covered_parts(step.kind, past), covered_parts(step.kind, case.aspects)
    changed = [name for name in now if before.get(name) != now[name]]
    return [each for name in changed for each in differences(before.get(name) or {"": ""}, now[name])]


def may_decide(step: Step, user: User) -> bool:
    """Whether the person may sign this step now."""
    return gates.APPROVE_STEP.permits(step, user)


def open_steps(case: Case | None, user: User) -> list[Mapping[str, Any]]:
    """The case's open steps with their doors, for the noun's own page."""
    if case is None:
        return []
    steps = case.steps.open().filter(round=case.round).select_related("case", "case__team")
    return [step_facts(step, user) for step in steps]
