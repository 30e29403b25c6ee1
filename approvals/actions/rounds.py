"""A case's rounds: opened on exactly this content, opened again with what still holds, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from accounts.queries import system_user
from approvals import gates
from approvals.actions.granting import open_next, ungrant
from approvals.authority import PlannedStep
from approvals.digests import digest_of, signature_of
from approvals.models import Case, Condition, PastRound, Step
from approvals.states import LEVEL_OF, StepKind, StepState
from core.audit import record
from core.locks import lock, lock_all
from core.rates import in_company_currency
from core.rules import require
from core.transitions import bump_version

CARRIED = [
    *("state", "state_since", "carried_from", "decided_by", "decided_for", "decided_at", "reason"),
    *("ceiling", "ceiling_until", "digest", "digests", "signed_digest"),
]


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
    aspects: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    authority: Mapping[str, Any] | None = None,
    amount_company: Decimal | None = None,
    findings: Iterable[Mapping[str, Any]] = (),
    barred: Iterable[User | int] = (),
    actor: User,
) -> Case:
    """Begin the first or the next round of decisions on exactly this content (R2.1, R2.11).

    `aspects` is the content by aspect (approvals/states.py, ASPECTS): every yes of the round before whose
    aspects are what was signed is carried over, the other steps open anew; without aspects all do. `facts`
    and `authority` (approvals.authority.Route.kept) keep why the steps are what they are, `amount_company`
    what the amount comes to (without facts: by today's rate). The first steps open, are granted and their
    people told; where nothing is left to decide the case is approved at once. Raises Blocked if nobody could
    decide (the team has no manager).
    """
    plan = list(plan)
    if any(planned.kind == StepKind.MANAGER for planned in plan):
        require(gates.team_has_a_manager, subject=team)
    case, is_new = _find_or_make(
        kind, reference, team=team, requester=requester, amount=amount, currency=currency
    )
    given: list[Step] = []
    if not is_new:
        given = _end_round(case)
        case.reopen(actor=actor)
        case.previous = case.snapshot
    case.link, case.title, case.thread, case.team, case.requester = link, title, thread, team, requester
    case.opened_at = timezone.now()
    if amount_company is None and not facts:
        amount_company = in_company_currency(amount, currency, timezone.localdate())
    case.amount, case.currency, case.amount_company = amount, currency, amount_company
    case.snapshot, case.aspects = dict(snapshot), dict(aspects or {})
    case.facts, case.authority = dict(facts or {}), dict(authority or {})
    case.findings, case.barred = list(findings), sorted(_ids(barred))
    case.digest = digest_of(case.snapshot)
    case.round += 1
    bump_version(case)
    case.save()
    steps = plan_steps(case, plan)
    _carry_over(case, steps, given)
    open_next(case, steps)
    return case


@transaction.atomic
def reopen_case(case: Case, *, actor: User, **changed: Any) -> Case:
    """The content changed in place while under review or approved: a new round, the untouched yeses carried.

    Takes what `open_case` takes (plan and snapshot are needed); what is not given stays as it was (R2.11).
    """
    kept = {
        name: getattr(case, name)
        for name in ("kind", "reference", "thread", "link", "title", "team", "requester", "amount")
    }
    kept |= {"currency": case.currency, "barred": case.barred}
    return open_case(**{**kept, **changed, "actor": actor})


@transaction.atomic
def withdraw_case(case: Case, *, actor: User) -> Case:
    """Take the request back: what waits is void, what was decided stands in the timeline (R2.11)."""
    case = lock(Case, case.pk, "team")
    case.withdraw(actor=actor)
    void_steps(case)
    bump_version(case)
    case.save(update_fields=["state", "state_since"])
    return case


def void_steps(case: Case) -> None:
    """What nobody decided when the round ended is void; a yes or no stands where it was given."""
    system = system_user()
    steps = list(case.steps.filter(round=case.round, state__in=gates.VOID_STEP.states))
    for step in steps:
        step.case = case
        step.void(actor=system)
    if steps:
        Step._base_manager.bulk_update(steps, ["state", "state_since"])
        ungrant(steps)


def _find_or_make(kind: str, reference: str, **fields: Any) -> tuple[Case, bool]:
    found = Case.objects.filter(kind=kind, reference=reference).values_list("pk", flat=True).first()
    if found is not None:
        return lock(Case, found, "team__manager"), False
    return Case.objects.create(kind=kind, reference=reference, **fields), True


def _end_round(case: Case) -> list[Step]:
    """Keep what the round was decided on; answers the steps that said yes in it."""
    void_steps(case)
    given = list(lock_all(Step, case.steps.filter(round=case.round, state=StepState.APPROVED).values("pk")))
    if case.round:
        PastRound.objects.create(
            case=case,
            **{
                name: getattr(case, name)
                for name in ("round", "digest", "snapshot", "aspects", "facts", "authority", "findings")
            },
        )
    return given


def plan_steps(case: Case, plan: list[PlannedStep]) -> list[Step]:
    """The steps of the case's present round, waiting, with whom they are not for."""
    steps = Step.objects.bulk_create(
        Step(
            case=case,
            round=case.round,
            kind=planned.kind,
            sequence=planned.sequence,
            level=LEVEL_OF.get(StepKind(planned.kind)),
            triggers=planned.triggers,
            requester=case.requester,
            asked_digest=signature_of(planned.kind, case.aspects, case.digest),
        )
        for planned in plan
    )
    bars = set()
    for step, planned in zip(steps, plan, strict=True):
        step.planned_bars, step.planned_anew = _ids(planned.barred), planned.anew
        bars |= {(step.pk, person) for person in {*case.barred, *step.planned_bars}}
    through = Step.barred.through
    through.objects.bulk_create(through(step_id=step, user_id=person) for step, person in sorted(bars))
    return steps


def _carry_over(case: Case, steps: list[Step], given: list[Step]) -> None:
    """R2.11, I5: a yes whose aspects are what was signed counts in the new round, with its conditions."""
    system = system_user()
    before = {step.kind: step for step in given}
    carried = []
    for step in steps:
        source = before.get(step.kind)
        if source is None:
            continue
        step.case, step.carried_from = case, source
        if gates.CARRY_STEP.holds(step):
            step.carry(actor=system, source=source)
            carried.append(step)
        else:
            step.carried_from = None
    if not carried:
        return
    Step._base_manager.bulk_update(carried, CARRIED)
    for step in carried:
        Condition.objects.filter(step=step.carried_from).update(step=step)
    record(
        "case.carried",
        thread=case.thread,
        actor=system,
        subject=case.reference,
        round=case.round,
        count=len(carried),
        steps=[step.kind for step in carried],
        signers=[step.decided_by_id for step in carried],
    )


def _ids(people: Iterable[User | int]) -> set[int]:
    return {each if isinstance(each, int) else each.pk for each in people if each}
