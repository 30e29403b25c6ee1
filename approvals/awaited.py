"""Who is still missing: the people who can decide each waiting step, now or when its turn comes (R9.6).

The one definition: the review's list, the reason behind a closed door and its reminder name the same people.
Imports no model, since the gates ask it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from accounts.models import Team
from accounts.queries import office_holders, openers
from approvals.querysets import roles_for
from approvals.states import IN_PLACE, LAST_PLACE, StepKind, StepState
from core.rules import Facts, Reason

WAITING = (StepState.OPEN, StepState.WAITING)


def awaited(
    steps: Iterable[Any], *, team: Team, barred: Mapping[int, Collection[int]]
) -> dict[int, list[dict[str, Any]]]:
    """By step: name, role, away, substitute of who can decide it. Two queries, however many steps.

    `barred` are by step the people that it is not for.
    """
    turns = whose_turn(steps, team=team, barred=barred)
    return {pk: openers(_reason(facts), team) for pk, facts in turns.items()}


def whose_turn(
    steps: Iterable[Any], *, team: Team, barred: Mapping[int, Collection[int]]
) -> dict[int, dict[str, Any]]:
    """By waiting step whom a reason names: `_people`, `_opened_by`, `_not_for`.

    Of an open step the one it was handed to, else those to whom it is granted; of one whose turn has not come
    its role's people, or those in their place where it bars all of them (R2.10). Who lost office or role is
    named no more, whatever the grant (I17).
    """
    waiting = [each for each in steps if each.state in WAITING]
    _read_grants([each for each in waiting if each.state == StepState.OPEN])
    return {each.pk: _turn(each, team, frozenset(barred[each.pk])) for each in waiting}


def turn_of(step: Any) -> Facts:
    """The same of one step by itself, for the reason why it is not for somebody else."""
    if step.state not in WAITING:
        return {"_opened_by": (step.role,)}
    return whose_turn([step], team=step.case.team, barred={step.pk: step.shut_out()})[step.pk]


def _turn(step: Any, team: Team, shut: frozenset[int]) -> dict[str, Any]:
    people: tuple[int, ...] = ()
    if step.state != StepState.OPEN:
        roles = _roles_to_come(step, team, shut)
    elif step.handed_to_id in office_holders(roles_for(step.kind)) - shut:
        people, roles = (step.handed_to_id,), ()
    else:
        named, roles = step.__dict__["_grants"]
        managers = office_holders(("sales_manager",), team) - shut
        people = tuple(pk for pk in named if pk in managers)
        roles = _held(roles, team, shut) or (() if people else (step.role,))
    return {"_people": people, "_opened_by": roles, "_not_for": tuple(shut)}


def _roles_to_come(step: Any, team: Team, shut: frozenset[int]) -> tuple[str, ...]:
    own = (step.role,)
    if step.kind == StepKind.GENERAL or office_holders(own, team) - shut:
        return own
    return _held(IN_PLACE.get(step.role, LAST_PLACE), team, shut) or own


def _held(roles: tuple[str, ...], team: Team, shut: frozenset[int]) -> tuple[str, ...]:
    """Those of the roles in which somebody is free."""
    return tuple(role for role in roles if office_holders((role,), team) - shut)


def _read_grants(steps: list[Any]) -> None:
    """The people and the roles that guardian's tables name, once for a step as it was read; people are named
    to managers only.
    """
    fresh = {each.pk: each for each in steps if "_grants" not in each.__dict__}
    if not fresh:
        return
    named: dict[int, tuple[int, ...]] = {}
    roles: dict[int, tuple[str, ...]] = {}
    model = type(next(iter(fresh.values())))
    by_name = [pk for pk, each in fresh.items() if each.kind == StepKind.MANAGER]
    if by_name:
        people = model.stepuserpermission_set.rel.related_model.objects.filter(content_object__in=by_name)
        for step, person in people.order_by("pk").values_list("content_object_id", "user_id"):
            named[step] = (*named.get(step, ()), person)
    groups = model.stepgrouppermission_set.rel.related_model.objects.filter(content_object__in=list(fresh))
    for step, role in groups.order_by("pk").values_list("content_object_id", "group__name"):
        roles[step] = (*roles.get(step, ()), role)
    for pk, each in fresh.items():
        each.__dict__["_grants"] = (named.get(pk, ()), roles.get(pk, ()))


def _reason(facts: Mapping[str, Any]) -> Reason:
    return Reason(
        rule="R2.1",
        key="",
        text="",
        people=facts["_people"],
        opened_by=facts["_opened_by"],
        not_for=facts["_not_for"],
    )
