"""The verbs of approval: open a round, decide a step, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.inbox import notify_all
from accounts.models import Team, User
from accounts.queries import people_with_role, substitutes, system_user
from approvals import gates
from approvals.authority import PlannedStep, digest_of
from approvals.models import Case, Step, StepGroupPermission, StepUserPermission
from approvals.states import LEVEL_OF, StepKind, StepState
from core.audit import record
from core.locks import lock, lock_all
from core.rules import Blocked, Stale, require
from core.transitions import bump_version

SIGNED = ["state", "state_since", "decided_by", "decided_for", "decided_at", "digest", "reason", "ceiling"]
#: Who decides in the manager's place on what the manager entered (R2.10).
IN_THE_MANAGERS_PLACE = ("sales_head", "general_manager")


@transaction.atomic
def open_case(
    *,
    kind: str,
    reference: str,
    thread: str,
    link: str,
    title: str,
    team: Team,
    requester: User,
    amount: Decimal,
    currency: str,
    snapshot: Mapping[str, Any],
    plan: Iterable[PlannedStep],
    findings: Iterable[Mapping[str, Any]] = (),
    barred: Iterable[User | int] = (),
    actor: User,
) -> Case:
    """Begin the first or the next round of decisions on exactly this content (R2.1, R2.11).

    What was decided in earlier rounds is void from here on. The first steps of the plan open, are granted
    and their people told. Raises Blocked if nobody could decide (the team has no manager).
    """
    require(gates.team_has_a_manager, subject=team)
    case, is_new = _find_or_make(
        kind, reference, thread=thread, link=link, team=team, requester=requester, amount=amount
    )
    if not is_new:
        _void_steps(case)
        case.reopen(actor=actor)
        case.previous = case.snapshot
    case.link, case.title, case.thread, case.team, case.requester = link, title, thread, team, requester
    case.amount, case.currency, case.snapshot = amount, currency, dict(snapshot)
    case.findings, case.barred = list(findings), sorted(_ids(barred))
    case.digest = digest_of(case.snapshot)
    case.round += 1
    bump_version(case)
    case.save()
    _open_next(case, _plan_steps(case, list(plan)))
    return case


@transaction.atomic
def decide_step(
    step: Step,
    *,
    actor: User,
    approve: bool,
    reason: str = "",
    digest: str,
    ceiling: Decimal | None = None,
) -> Case:
    """Say yes or no to exactly the content whose digest is given; answers the case as it is afterwards.

    The case is approved when every step said yes and refused at the first no, of which its noun tells who
    asked. Raises Stale when the content is another one by now, Blocked with every reason, R2.13 among them
    when somebody was faster.
    """
    case = lock(Case, step.case_id, "team__manager")
    # All before the first audit event: a sweep that tells of one holds it while it waits for the thread.
    step = {each.pk: each for each in lock_all(Step, case.steps.values("pk"))}[step.pk]
    step.case = case
    if digest != case.digest:
        raise Stale(case)
    if not approve:
        _refuse(step, actor, reason)
        return case
    _approve(step, actor, reason, ceiling)
    _sign_for_both(step, actor, reason)
    _open_next(case, list(case.steps.filter(round=case.round)))
    return case


@transaction.atomic
def withdraw_case(case: Case, *, actor: User) -> Case:
    """Take the request back: open steps close, given approvals are void (R2.11)."""
    case = lock(Case, case.pk, "team")
    case.withdraw(actor=actor)
    _void_steps(case)
    bump_version(case)
    case.save(update_fields=["state", "state_since"])
    return case


def _find_or_make(kind: str, reference: str, **fields: Any) -> tuple[Case, bool]:
    found = Case.objects.filter(kind=kind, reference=reference).values_list("pk", flat=True).first()
    if found is not None:
        return lock(Case, found, "team__manager"), False
    return Case.objects.create(kind=kind, reference=reference, **fields), True


def _plan_steps(case: Case, plan: list[PlannedStep]) -> list[Step]:
    steps = Step.objects.bulk_create(
        Step(
            case=case,
            round=case.round,
            kind=planned.kind,
            sequence=planned.sequence,
            level=LEVEL_OF.get(StepKind(planned.kind)),
            triggers=planned.triggers,
            requester=case.requester,
        )
        for planned in plan
    )
    bars = {
        (step.pk, person)
        for step, planned in zip(steps, plan, strict=True)
        for person in {*case.barred, *_ids(planned.barred)}
    }
    through = Step.barred.through
    through.objects.bulk_create(through(step_id=step, user_id=person) for step, person in sorted(bars))
    return steps


def _open_next(case: Case, steps: list[Step]) -> None:
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
    for step, people in zip(due, _grant(case, due), strict=True):
        _tell(step, people)


def _grant(case: Case, steps: list[Step]) -> list[list[User]]:
    """Give each step to its people through guardian's tables; answers who they are."""
    manager = case.team.manager
    own = manager is not None and (manager.pk in case.barred or manager.pk == case.requester_id)
    permission = Permission.objects.get(codename="decide_step", content_type__app_label="approvals")
    groups = {group.name: group for group in Group.objects.filter(name__in=_roles_of(steps, own))}
    people: list[list[User]] = []
    persons, roles = [], []
    for step in steps:
        if step.kind == StepKind.MANAGER and not own:
            persons.append(StepUserPermission(permission=permission, user=manager, content_object=step))
            people.append([manager] if manager else [])
            continue
        names = IN_THE_MANAGERS_PLACE if step.kind == StepKind.MANAGER else (step.role,)
        roles += [
            StepGroupPermission(permission=permission, group=groups[name], content_object=step)
            for name in names
        ]
        people.append([person for name in names for person in people_with_role(name)])
    StepUserPermission.objects.bulk_create(persons)
    StepGroupPermission.objects.bulk_create(roles)
    return people


def _roles_of(steps: list[Step], own: bool) -> set[str]:
    return {step.role for step in steps} | (set(IN_THE_MANAGERS_PLACE) if own else set())


def _tell(step: Step, people: list[User]) -> None:
    barred = {step.requester_id, *step.barred.values_list("pk", flat=True)}
    told = {person.pk: person for person in people if person.pk not in barred}
    stand_in = substitutes(told) - barred - told.keys()
    notify_all(
        [*told.values(), *User.objects.filter(pk__in=stand_in)],
        "step_opened",
        key=f"step:{step.pk}",
        link=f"/approvals/?step={step.pk}",
        title=step.case.title,
    )


def _approve(step: Step, actor: User, reason: str, ceiling: Decimal | None) -> None:
    office = _office(step, actor)
    step.approve(actor=actor, on_behalf_of=office, ceiling=ceiling, reason=reason)
    _keep(step)
    _record(step, actor, office, reason)


def _refuse(step: Step, actor: User, reason: str) -> None:
    missing = gates.refusal_has_a_reason.broken(reason)
    if missing:
        raise Blocked([*gates.REFUSE_STEP.reasons(step, actor), *missing])
    office = _office(step, actor)
    step.refuse(actor=actor, on_behalf_of=office, reason=reason)
    _keep(step)
    case = step.case
    case.refuse(actor=system_user())
    bump_version(case)
    case.save(update_fields=["state", "state_since"])
    _void_steps(case, but=step)
    _record(step, actor, office, reason)


def _sign_for_both(step: Step, actor: User, reason: str) -> None:
    """R5.5: one person who is sales manager and sales head signs once, recorded for both."""
    other = {StepKind.MANAGER: StepKind.HEAD, StepKind.HEAD: StepKind.MANAGER}.get(StepKind(step.kind))
    if other is None or step.decided_for_id is not None:
        return
    twin = step.case.steps.filter(round=step.round, kind=other, state=StepState.OPEN).first()
    if twin is None:
        return
    twin.case = step.case
    if not gates.APPROVE_STEP.reasons(twin, actor) and gates.office_of(twin, actor) == actor.pk:
        _approve(twin, actor, reason, step.ceiling)


def _office(step: Step, actor: User) -> User | None:
    """For whom the actor signs, if not for themselves."""
    office = gates.office_of(step, actor)
    return None if office in (None, actor.pk) else User.objects.get(pk=office)


def _keep(step: Step) -> None:
    bump_version(step)
    step.save(update_fields=SIGNED)
    _ungrant([step])


def _void_steps(case: Case, but: Step | None = None) -> None:
    """What is undecided, or decided on content that is no longer there, is void; refusals stand."""
    system = system_user()
    live = case.steps.filter(round=case.round, state__in=gates.VOID_STEP.states)
    steps = [step for step in live if but is None or step.pk != but.pk]
    for step in steps:
        step.case = case
        step.void(actor=system)
    if steps:
        Step._base_manager.bulk_update(steps, ["state", "state_since"])
        _ungrant(steps)


def _ungrant(steps: list[Step]) -> None:
    """A right to decide ends with the decision; only the manager's step was granted to a person."""
    pks = [step.pk for step in steps]
    if any(step.kind == StepKind.MANAGER for step in steps):
        StepUserPermission.objects.filter(content_object__in=pks).delete()
    StepGroupPermission.objects.filter(content_object__in=pks).delete()


def _record(step: Step, actor: User, office: User | None, reason: str) -> None:
    record(
        f"step.{step.kind}_{'approved' if step.state == StepState.APPROVED else 'refused'}",
        thread=step.case.thread,
        actor=actor,
        on_behalf_of=office,
        subject=step.case.reference,
        reason=reason,
        round=step.round,
        ceiling=step.ceiling,
        digest=step.digest,
    )


def _ids(people: Iterable[User | int]) -> set[int]:
    return {each if isinstance(each, int) else each.pk for each in people if each}
