"""A step that nobody can decide any more goes to those in its role's place as well (R2.1, R2.10).

The last of a role left, the manager lost the office, and who is still there entered the order: without this
the step would wait for ever. Who holds it keeps it, so that whoever takes the office finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.inbox import notify_all
from accounts.models import User
from accounts.queries import people_with_role, system_user
from approvals.actions.deciding import lock_step
from approvals.actions.granting import places_of, tell
from approvals.models import Step, StepGroupPermission, StepUserPermission
from approvals.querysets import roles_for
from approvals.states import StepState
from approvals.waiting import deciders
from core.audit import record
from core.transitions import bump_version

log = structlog.get_logger(__name__)
HEAVY = tuple(
    f"case__{name}" for name in ("snapshot", "previous", "aspects", "facts", "authority", "findings")
)


def pass_on_stranded() -> int:
    """Grant to those in place what nobody else can decide, and give back what was handed to one who cannot;
    answers how many steps found somebody.
    """
    alone, in_vain = _look()
    return sum(_safely(_give_back, pk) for pk in in_vain) + sum(_safely(_pass_on, pk) for pk in alone)


def stranded() -> list[int]:
    """The open steps (pks) that nobody can decide, of which somebody in place could; oldest first."""
    return _look()[0]


def _look() -> tuple[list[int], list[int]]:
    """The stranded steps, and those handed to somebody who has lost the right since.

    Five questions to the database, however many steps wait.
    """
    steps = list(Step.objects.open().select_related("case__team").defer(*HEAVY).order_by("opened_at", "pk"))
    offices = _offices()
    roles = _by_step(StepGroupPermission, "group__name")
    named = _by_step(StepUserPermission, "user_id")
    bars = _by_step(Step.barred.through, "user_id", step="step_id")
    alone, in_vain = [], []
    for step in steps:
        shut = {step.requester_id, *bars.get(step.pk, ())}
        theirs = {step.case.team.manager_id, step.handed_to_id} & named.get(step.pk, set())
        fitting = _all_of(offices, roles_for(step.kind))
        held = _all_of(offices, roles.get(step.pk, ())) | (theirs & fitting)
        if not held - shut and _all_of(offices, places_of(step)) - shut:
            alone.append(step.pk)
        if step.handed_to_id is not None and step.handed_to_id not in fitting - shut:
            in_vain.append(step.pk)
    return alone, in_vain


def _safely(act: Callable[[int], int], pk: int) -> int:
    """One step that cannot be helped does not keep the others waiting."""
    try:
        return act(pk)
    except Exception:
        log.exception("stranded_step.failed", step=pk)
        return 0


@transaction.atomic
def _pass_on(pk: int) -> int:
    case, step = lock_step(Step.objects.get(pk=pk))
    if step.state != StepState.OPEN:
        return 0
    places = places_of(step)
    permission = Permission.objects.get(codename="decide_step", content_type__app_label="approvals")
    known = set(step.stepgrouppermission_set.values_list("group__name", flat=True))
    StepGroupPermission.objects.bulk_create(
        StepGroupPermission(permission=permission, group=group, content_object=step)
        for group in Group.objects.filter(name__in=set(places) - known)
    )
    record(
        "step.passed_on",
        thread=case.thread,
        actor=system_user(),
        subject=case.reference,
        step=step.get_kind_display(),
        round=step.round,
        role=places,
    )
    tell(step, [person for role in places for person in people_with_role(role)])
    return 1


@transaction.atomic
def _give_back(pk: int) -> int:
    """It is on the list again of those who held it before it was handed over."""
    case, step = lock_step(Step.objects.get(pk=pk))
    former = step.handed_to
    if step.state != StepState.OPEN or former is None:
        return 0
    step.handed_to = None
    bump_version(step)
    step.save(update_fields=["handed_to"])
    if former.pk != case.team.manager_id:
        StepUserPermission.objects.filter(content_object=step, user=former).delete()
    record(
        "step.given_back",
        thread=case.thread,
        actor=system_user(),
        subject=case.reference,
        of=former,
        step=step.get_kind_display(),
        round=step.round,
    )
    key = f"step:{step.pk}:{step.version}:back"
    notify_all(deciders(step), "step_opened", key=key, link=f"/approvals/?step={pk}", title=case.title)
    return 1


def _offices() -> dict[str, set[int]]:
    """The active people of each role."""
    found: dict[str, set[int]] = {}
    rows = User.objects.filter(is_active=True, groups__name__isnull=False)
    for person, role in rows.values_list("pk", "groups__name"):
        found.setdefault(role, set()).add(person)
    return found


def _by_step(kind: type, value: str, *, step: str = "content_object_id") -> dict[int, set]:
    """By open step what such rows name."""
    rows = kind.objects.filter(**{f"{step.removesuffix('_id')}__state": StepState.OPEN})  # type: ignore[attr-defined]
    found: dict[int, set] = {}
    for pk, each in rows.values_list(step, value):
        found.setdefault(pk, set()).add(each)
    return found


def _all_of(offices: dict[str, set[int]], roles: Iterable[str]) -> set[int]:
    return {person for role in roles for person in offices.get(role, ())}
