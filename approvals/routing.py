"""Who will have to decide, by name, shown before anything is handed over (R2.2, R2.12)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from accounts.models import Team
from accounts.queries import openers
from accounts.roles import ROLES
from approvals.authority import OrderFacts, PlannedStep, plan_order
from approvals.states import IN_PLACE, LAST_PLACE, ROLE_OF, StepKind
from approvals.triggers import readable_by, told
from core.rules import Reason


def routing(
    facts: OrderFacts,
    *,
    team: Team,
    reader: Any,
    barred: Collection[int] = (),
    on: date | None = None,
) -> list[dict[str, Any]]:
    """The steps to come, in order: kind, label, role, the people's names, why (rule and sentence).

    `barred`: whom every step is not for, since they entered or ask for it (R2.10). Of each person it says
    until when they are away and who stands in. A figure that the reader may not see is left out, the step is
    not.
    """
    return [
        {
            "kind": str(step.kind),
            "label": StepKind(step.kind).label,
            "sequence": step.sequence,
            "role": ROLES[ROLE_OF[StepKind(step.kind)]],
            "people": _people(step, team, frozenset(barred)),
            "triggers": told(readable_by(reader, step.triggers)),
        }
        for step in plan_order(facts, on=on)
    ]


def _people(step: PlannedStep, team: Team, barred: frozenset[int]) -> list[dict[str, Any]]:
    """Who may decide; where everybody of the role is barred, who does in their place."""
    role = ROLE_OF[StepKind(step.kind)]
    found = _holding((role,), step, team, barred)
    if any(each["pk"] for each in found) or step.kind == StepKind.GENERAL:
        return found
    deputies = [each for each in _holding(IN_PLACE.get(role, LAST_PLACE), step, team, barred) if each["pk"]]
    return deputies or found


def _holding(
    roles: tuple[str, ...], step: PlannedStep, team: Team, barred: frozenset[int]
) -> list[dict[str, Any]]:
    not_for = tuple({*barred, *step.barred})
    return openers(Reason(rule="R2.1", key="routing", text="", opened_by=roles, not_for=not_for), team)
