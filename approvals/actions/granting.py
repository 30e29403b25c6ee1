"""Whose turn it is: steps open, are granted through guardian's tables, their people are told; grants end."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import F

from accounts.inbox import notify_all
from accounts.models import User
from accounts.queries import substitutes, system_user
from approvals.models import Case, Step, StepGroupPermission, StepUserPermission
from approvals.states import IN_PLACE, LAST_PLACE, StepKind, StepState
from core.transitions import bump_version


def open_next(case: Case, steps: list[Step]) -> None:
    """Open the steps whose turn has come; close the case when there is none left."""
    if any(step.state == StepState.OPEN for step in steps):
        return
    system = system_user()
    case.read_steps = steps
    waiting = [step for step in steps if step.state == StepState.WAITING]
    if not waiting:
        case.close(actor=system)
        bump_version(case)
        case.save(update_fields=["state", "state_since"])
        return
    first = min(step.sequence for step in waiting)
    due = [step for step in waiting if step.sequence == first]
    for step in due:
        step.case = case
        step.open(actor=system)
    Step._base_manager.bulk_update(due, ["state", "state_since", "opened_at"])
    for step, people in zip(due, grant(case, due), strict=True):
        tell(step, people)


def grant(case: Case, steps: list[Step]) -> list[list[User]]:
    """Give each step to its people; answers who they are. The team's manager gets it by name, others by role.

    Where everybody of the role is barred, or nobody holds it, those in their place get it besides (R2.10).
    """
    barred = barred_from(steps)
    holders = _holders({name for step in steps for name in (step.role, *places_of(step))})
    permission = Permission.objects.get(codename="decide_step", content_type__app_label="approvals")
    groups = {group.name: group for group in Group.objects.filter(name__in=holders)}
    people: list[list[User]] = []
    persons, roles = [], []
    for step in steps:
        manager = case.team.manager if step.kind == StepKind.MANAGER else None
        if manager is not None and manager.pk not in barred[step.pk]:
            persons.append(StepUserPermission(permission=permission, user=manager, content_object=step))
            if manager in holders[step.role]:
                people.append([manager])
                continue
        names = _roles_for(step, holders, barred[step.pk])
        roles += [
            StepGroupPermission(permission=permission, group=groups[name], content_object=step)
            for name in names
            if name in groups
        ]
        people.append([person for name in names for person in holders[name]])
    StepUserPermission.objects.bulk_create(persons, ignore_conflicts=True)
    StepGroupPermission.objects.bulk_create(roles, ignore_conflicts=True)
    return people


def tell(step: Step, people: Iterable[User]) -> None:
    """Those who can decide it learn of it: its people and who stands in for them, but not whom it bars."""
    barred = barred_from([step])[step.pk]
    told = {person.pk: person for person in people if person.pk not in barred}
    stand_in = substitutes(told, kind=step.kind, amount=step.case.weight) - barred - told.keys()
    notify_all(
        [*told.values(), *User.objects.filter(pk__in=stand_in)],
        "step_opened",
        key=f"step:{step.pk}",
        link=f"/approvals/?step={step.pk}",
        title=step.case.title,
    )


def ungrant(steps: Collection[Step]) -> None:
    """A right to decide ends with the decision."""
    pks = [step.pk for step in steps]
    if any(step.kind == StepKind.MANAGER or step.handed_to_id for step in steps):
        StepUserPermission.objects.filter(content_object__in=pks).delete()
    StepGroupPermission.objects.filter(content_object__in=pks).delete()


def barred_from(steps: Collection[Step]) -> dict[int, set[int]]:
    """Whom each step is not for: who asked, entered, edited, prepared (R2.10, R1.9)."""
    found = {step.pk: {step.requester_id} for step in steps}
    rows = Step.barred.through.objects.filter(step__in=list(found))
    for step, person in rows.values_list("step_id", "user_id"):
        found[step].add(person)
    return found


def places_of(step: Step) -> tuple[str, ...]:
    """The roles that decide in place of the step's own, the nearest first."""
    if step.kind == StepKind.GENERAL:
        return ()
    return IN_PLACE.get(step.role, LAST_PLACE)


def _roles_for(step: Step, holders: dict[str, list[User]], barred: set[int]) -> tuple[str, ...]:
    if step.kind == StepKind.MANAGER:
        return places_of(step)
    free = any(person.pk not in barred for person in holders[step.role])
    return (step.role,) if free else (step.role, *places_of(step))


def _holders(roles: Collection[str]) -> dict[str, list[User]]:
    """The active people of each role, by name."""
    found: dict[str, list[User]] = {name: [] for name in sorted(roles)}
    people = User.objects.filter(groups__name__in=roles, is_active=True).order_by("display_name", "pk")
    for person in people.annotate(office=F("groups__name")):
        found[person.office].append(person)  # type: ignore[attr-defined]  # annotated above
    return found
