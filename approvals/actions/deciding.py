"""Yes or no to one step on exactly the content that was shown, and a yes taken back (R2.10–R2.13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.actions import hold_lendings
from accounts.models import User
from accounts.queries import system_user
from approvals import gates
from approvals.actions.granting import grant, open_next, ungrant
from approvals.actions.rounds import plan_steps, void_steps
from approvals.actions.terms import Terms, drop_conditions, set_conditions
from approvals.authority import OrderFacts, route_order
from approvals.limits import own_limits
from approvals.models import Case, Step
from approvals.states import StepKind, StepState
from core.audit import record
from core.locks import lock, lock_all
from core.rules import Blocked, Stale
from core.showing import word_fact
from core.transitions import bump_version

SIGNED = [
    *("state", "state_since", "decided_by", "decided_for", "decided_at", "reason", "carried_from"),
    *("digest", "digests", "signed_digest", "ceiling", "ceiling_until"),
]


@transaction.atomic
def decide_step(
    step: Step,
    *,
    actor: User,
    approve: bool,
    reason: str = "",
    digest: str,
    ceiling: Decimal | None = None,
    ceiling_until: date | None = None,
    conditions: Iterable[Terms] = (),
) -> Case:
    """Say yes or no to exactly the content whose digest is given; answers the case as it is afterwards.

    The case is approved when every step said yes and refused at the first no, of which its noun tells who
    asked; the other yeses of the round stand, and are carried over where the mended content does not touch
    them (R2.11). `reason` is the reason of a no, the opinion of a yes, which a department of the joint review
    owes (R2.4). A yes may carry conditions, pairs of words and role (R2.4), and cover an exposure up to a
    ceiling until a day (I4). Raises Stale when the content is another one by now, Blocked with every reason,
    R2.13 among them when somebody was faster.
    """
    case, step = lock_step(step)
    hold_lendings(actor)
    if digest != case.digest:
        raise Stale(case)
    if not approve:
        _refuse(step, actor, reason)
        return case
    _approve(step, actor, reason, ceiling, ceiling_until)
    set_conditions(step, conditions, actor=actor)
    _sign_for_both(step, actor, reason)
    steps = list(case.steps.filter(round=case.round))
    open_next(case, [*steps, *_beyond_by_now(case, step, steps, actor)])
    return case


@transaction.atomic
def withdraw_decision(step: Step, *, reason: str, actor: User) -> Step:
    """Take one's own yes back while the next step has not begun; the step waits again, its clock goes on.

    Conditions of that yes are dropped. Raises Blocked with every reason.
    """
    case, step = lock_step(step)
    missing = gates.refusal_has_a_reason.broken(reason)
    if missing:
        raise Blocked([*gates.WITHDRAW_DECISION.reasons(step, actor), *missing])
    office = step.decided_for
    step.take_back(actor=actor)
    bump_version(step)
    step.save(update_fields=[*SIGNED, "opened_at"])
    drop_conditions(step)
    grant(case, [step])
    if step.handed_to_id is not None:
        Step._base_manager.filter(pk=step.pk).update(handed_to=None)
    record(
        "step.taken_back",
        thread=case.thread,
        actor=actor,
        on_behalf_of=office,
        subject=case.reference,
        reason=reason,
        step=word_fact(StepKind(step.kind).label),
        round=step.round,
    )
    return step


def signed_for(step: Step) -> User | None:
    """R2.12: in whose place it was signed, for the noun's own events; None for oneself."""
    return User.objects.filter(pk__in=Step.objects.filter(pk=step.pk).values("decided_for")).first()


def lock_step(step: Step) -> tuple[Case, Step]:
    """The case and its steps read again under their locks.

    All before the first audit event: a sweep that tells of one holds it while it waits for the thread.
    """
    case = lock(Case, step.case_id, "team__manager")
    step = {each.pk: each for each in lock_all(Step, case.steps.values("pk"))}[step.pk]
    step.case = case
    return case, step


def _approve(
    step: Step, actor: User, reason: str, ceiling: Decimal | None, ceiling_until: date | None
) -> None:
    missing = gates.opinion_is_given.broken(step, reason)
    if missing:
        raise Blocked([*gates.APPROVE_STEP.reasons(step, actor), *missing])
    office = _office(step, actor)
    step.approve(
        actor=actor, on_behalf_of=office, ceiling=ceiling, ceiling_until=ceiling_until, reason=reason
    )
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
    void_steps(case)
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
        _approve(twin, actor, reason, step.ceiling, step.ceiling_until)


def _beyond_by_now(case: Case, step: Step, steps: list[Step], actor: User) -> list[Step]:
    """R2.2: the general manager's step besides, where by the limits of this moment the manager's yes does not
    reach: they were lowered, or another manager came, since the round opened. The explanation follows.
    """
    asked = {each.kind for each in steps}
    if step.kind != StepKind.MANAGER or StepKind.GENERAL in asked or not case.facts:
        return []
    if own_limits(actor) is None:
        return []  # the general manager said it, in the manager's place
    facts = replace(
        OrderFacts.from_kept(case.facts), team_manager_id=case.team.manager_id, team_id=case.team_id
    )
    route = route_order(facts)
    if not route.goes_to_general:
        return []
    case.authority = route.limits.kept()
    bump_version(case)
    case.save(update_fields=["authority"])
    record(
        "step.added",
        thread=case.thread,
        actor=system_user(),
        subject=case.reference,
        step=StepKind.GENERAL.label,
        round=case.round,
    )
    return plan_steps(case, [each for each in route.steps if each.kind == StepKind.GENERAL])


def _office(step: Step, actor: User) -> User | None:
    """For whom the actor signs, if not for themselves."""
    office = gates.office_of(step, actor)
    return None if office in (None, actor.pk) else User.objects.get(pk=office)


def _keep(step: Step) -> None:
    bump_version(step)
    step.save(update_fields=SIGNED)
    ungrant([step])


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
        ceiling_until=step.ceiling_until,
        digest=step.digest,
    )
