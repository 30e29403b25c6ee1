"""Who is still missing: the people who can decide each waiting step, now or when its turn comes (R9.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from accounts.models import Team
from accounts.queries import openers
from approvals.models import Step, StepGroupPermission, StepUserPermission
from approvals.states import IN_PLACE, LAST_PLACE, StepKind, StepState
from core.rules import Reason

WAITING = (StepState.OPEN, StepState.WAITING)


def awaited(
    steps: Iterable[Step], *, team: Team, barred: Mapping[int, Collection[int]]
) -> dict[int, list[dict[str, Any]]]:
    """By step: name, role, away, substitute of who can decide it. Two queries, however many steps.

    `barred` are by step the people that it is not for.

    Of an open step those to whom it is granted, or the one it was handed to; of one whose turn has not come
    its role's people, or those in their place where it bars all of them (R2.10).
    """
    waiting = [each for each in steps if each.state in WAITING]
    if not waiting:
        return {}
    named, roles = _granted(
        [each for each in waiting if each.state == StepState.OPEN and each.handed_to_id is None]
    )
    found = {}
    for step in waiting:
        shut = barred[step.pk]
        if step.state != StepState.OPEN:
            found[step.pk] = _to_come(step, team, shut)
        elif step.handed_to_id is not None:
            found[step.pk] = openers(_who(people=(step.handed_to_id,)), team)
        else:
            people = tuple(pk for pk in named.get(step.pk, ()) if pk not in shut)
            found[step.pk] = openers(_who(people=people, roles=roles.get(step.pk, ()), shut=shut), team)
    return found


def _granted(steps: list[Step]) -> tuple[dict[int, list[int]], dict[int, tuple[str, ...]]]:
    """By step the people and the roles that guardian's tables name; people are named to managers only."""
    named: dict[int, list[int]] = {}
    roles: dict[int, tuple[str, ...]] = {}
    pks = [step.pk for step in steps]
    if not pks:
        return named, roles
    if any(step.kind == StepKind.MANAGER for step in steps):
        people = StepUserPermission.objects.filter(content_object__in=pks).order_by("pk")
        for step, person in people.values_list("content_object_id", "user_id"):
            named.setdefault(step, []).append(person)
    groups = StepGroupPermission.objects.filter(content_object__in=pks).order_by("pk")
    for step, role in groups.values_list("content_object_id", "group__name"):
        roles[step] = (*roles.get(step, ()), role)
    return named, roles


def _to_come(step: Step, team: Team, shut: Collection[int]) -> list[dict[str, Any]]:
    own = openers(_who(roles=(step.role,), shut=shut), team)
    if any(each["pk"] for each in own) or step.kind == StepKind.GENERAL:
        return own
    return openers(_who(roles=IN_PLACE.get(step.role, LAST_PLACE), shut=shut), team)


def _who(*, people: tuple[int, ...] = (), roles: tuple[str, ...] = (), shut: Iterable[int] = ()) -> Reason:
    return Reason(rule="R2.1", key="", text="", people=people, opened_by=roles, not_for=tuple(shut))
