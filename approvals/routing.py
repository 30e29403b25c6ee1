"""Who will have to decide, shown before anything is handed over (R2.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from accounts.roles import ROLES
from approvals.authority import OrderFacts, plan_order
from approvals.states import ROLE_OF, StepKind
from approvals.triggers import told


def routing(facts: OrderFacts, *, on: date | None = None) -> list[dict[str, Any]]:
    """The steps to come, in order: kind, label, role, the people's names, why (rule and sentence)."""
    plan = plan_order(facts, on=on)
    people = _people({ROLE_OF[StepKind(step.kind)] for step in plan}, facts.team_manager_id)
    return [
        {
            "kind": str(step.kind),
            "label": StepKind(step.kind).label,
            "sequence": step.sequence,
            "role": ROLES[ROLE_OF[StepKind(step.kind)]],
            "people": people[ROLE_OF[StepKind(step.kind)]],
            "triggers": told(step.triggers),
        }
        for step in plan
    ]


def _people(roles: set[str], manager_id: int | None) -> dict[str, list[str]]:
    """The names by role, in one question; of sales managers only the team's own."""
    found: dict[str, list[str]] = {role: [] for role in roles}
    rows = User.objects.filter(groups__name__in=roles, is_active=True).order_by("display_name", "pk")
    for pk, name, username, role in rows.values_list("pk", "display_name", "username", "groups__name"):
        if role != "sales_manager" or pk == manager_id:
            found[role].append(name or username)
    return found
