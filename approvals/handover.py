"""A team gets another manager: what waits for the old one's decision waits for the new one's (R2.1, I17)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.inbox import notify_all
from accounts.models import Team, User
from approvals.actions.granting import grant
from approvals.models import Case, Step, StepUserPermission
from approvals.states import CaseState, StepKind, StepState
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
    for step in lock_all(Step, waiting.values("pk"), "case__team"):
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


def move_cases(cases: Collection[int], *, team: Team) -> int:
    """Cases in play (pks) go to another team: what waited for the former manager waits for the new one
    (R2.1), and what a yes was tied to is seen to by the new team's people (R2.4).

    Answers how many moved. The caller holds the locks of the nouns that own them.
    """
    in_play = Case.objects.filter(pk__in=cases, state__in=(CaseState.OPEN, CaseState.APPROVED)).values("pk")
    moved = lock_all(Case, in_play)
    Case.objects.filter(pk__in=[case.pk for case in moved]).update(team=team)
    waiting = Step.objects.open().filter(kind=StepKind.MANAGER, case__in=[case.pk for case in moved])
    for step in lock_all(Step, waiting.values("pk"), "case__team__manager"):
        _hand_over(step, team.manager)
    return len(moved)


def _hand_over(step: Step, manager: User | None) -> None:
    """To the new manager; on what they entered, to those in the manager's place (R2.10); to nobody, it waits.

    A team without a manager keeps the former one's grant, which ended with the office: by it the next one
    finds what waits.
    """
    if manager is None:
        return
    StepUserPermission.objects.filter(content_object=step).delete()
    if step.handed_to_id is not None:
        step.handed_to = None
        step.save(update_fields=["handed_to"])
    step.case.team.manager = manager
    people = grant(step.case, [step])[0]
    notify_all(
        [person for person in people if not step.is_barred(person)],
        "step_opened",
        key=f"step:{step.pk}",
        link=f"/approvals/?step={step.pk}",
        title=step.case.title,
    )
