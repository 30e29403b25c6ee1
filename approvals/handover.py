"""A team gets another manager: what waits for the old one's decision waits for the new one's (R2.1, I17)."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.inbox import notify_all
from accounts.models import Team, User
from accounts.queries import people_with_role
from approvals.actions import IN_THE_MANAGERS_PLACE
from approvals.models import Step, StepGroupPermission, StepUserPermission
from approvals.states import StepKind, StepState
from core.audit import record
from core.locks import lock, lock_all


@transaction.atomic
def appoint_manager(team: Team, *, manager: User | None, actor: User) -> Team:
    """Make somebody the team's sales manager; steps that waited for the former one wait for them."""
    team = lock(Team, team.pk, "manager")
    former = team.manager
    if former == manager:
        return team
    team.manager = manager
    team.save(update_fields=["manager"])
    waiting = Step.objects.open().filter(kind=StepKind.MANAGER, case__team=team)
    waiting = waiting.filter(stepuserpermission__isnull=False)
    for step in lock_all(Step, waiting.values("pk"), "case"):
        if step.state == StepState.OPEN:
            _hand_over(step, manager)
    record(
        "team.changed",
        thread=f"team:{team.code}",
        actor=actor,
        subject=str(team),
        old={"manager": str(former or "")},
        new={"manager": str(manager or "")},
    )
    return team


def _hand_over(step: Step, manager: User | None) -> None:
    """To the new manager; on what they entered, to those in the manager's place (R2.10); to nobody, it waits.

    A team without a manager keeps the former one's grant, which ended with the office: by it the next one
    finds what waits.
    """
    if manager is None:
        return
    StepUserPermission.objects.filter(content_object=step).delete()
    permission = Permission.objects.get(codename="decide_step", content_type__app_label="approvals")
    people = [manager]
    if step.is_barred(manager):
        groups = Group.objects.filter(name__in=IN_THE_MANAGERS_PLACE)
        StepGroupPermission.objects.bulk_create(
            StepGroupPermission(permission=permission, group=group, content_object=step) for group in groups
        )
        people = [person for role in IN_THE_MANAGERS_PLACE for person in people_with_role(role)]
    else:
        StepUserPermission.objects.create(permission=permission, user=manager, content_object=step)
    notify_all(
        [person for person in people if not step.is_barred(person)],
        "step_opened",
        key=f"step:{step.pk}",
        link=f"/approvals/?step={step.pk}",
        title=step.case.title,
    )
