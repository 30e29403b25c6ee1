"""Reads for the pages of approval: what is mine to decide, and one step in one look (R2.2, R2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.panels import panel
from approvals import gates
from approvals.digests import covered_parts
from approvals.doors import DoorForm
from approvals.explaining import explained
from approvals.models import Case, Condition, PastRound, Question, Step
from approvals.parameters import ESCALATE_AFTER, REMIND_AFTER
from approvals.querysets import roles_for
from approvals.snapshot import differences, shown
from approvals.states import DECIDED, ConditionState, StepState
from approvals.triggers import readable_by, told
from core.calendar import due
from core.parameters import Parameter

#: Nothing waits longer than this without having been escalated.
LONGEST_WAIT = timedelta(days=90)
#: How many of one's decisions the inbox keeps at hand.
LATEST = 200
#: So many findings stand open before a decision; what is more folds away.
SHOWN = 6


def mine(user: User) -> QuerySet[Step]:
    """The steps the person can decide now, longest waiting first; without the snapshots.

    What was handed over to a colleague waits on the colleague's list.
    """
    steps = Step.objects.decidable_by(user)
    return _listed(steps.filter(Q(handed_to=None) | ~Q(handed_to__is_active=True) | Q(handed_to=user)))


def boxes(user: User, *, now: datetime | None = None) -> dict[str, QuerySet[Step]]:
    """The tabs of the inbox: mine, those that are due soon or overdue (R2.12), lent to me, decided by me."""
    moment = now or timezone.now()
    reminded, escalated = waiting_since(REMIND_AFTER, moment), waiting_since(ESCALATE_AFTER, moment)
    own = mine(user)
    return {
        "mine": own,
        "soon": own.filter(opened_at__lte=reminded, opened_at__gt=escalated),
        "overdue": own.filter(opened_at__lte=escalated),
        "delegated": _listed(Step.objects.lent_to(user)),
        "decided": cast(QuerySet[Step], SimpleLazyObject(lambda: _decided(user))),
    }


def waiting_since(parameter: Parameter, moment: datetime) -> datetime:
    """What was opened up to then is due by this parameter at the moment: found by halving, to the minute."""
    early, late = moment - LONGEST_WAIT, moment
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) / 2
        early, late = (middle, late) if due(parameter, middle) <= moment else (early, middle)
    return early


def _decided(user: User) -> QuerySet[Step]:
    """The latest that the person decided, or had decided for them; older ones stand on their orders' pages.

    Two short walks along an index each: neither reads on with the years.
    """
    newest: set[int] = set()
    for whose in ("decided_by", "decided_for"):
        own = Step.objects.filter(**{whose: user}, carried_from=None).order_by("-decided_at")
        newest.update(own.values_list("pk", flat=True)[:LATEST])
    return _listed(Step.objects.filter(pk__in=newest)).order_by("-decided_at", "-pk")


def _listed(steps: QuerySet[Step]) -> QuerySet[Step]:
    steps = steps.select_related("case", "case__requester", "case__team", "decided_for")
    heavy = ("snapshot", "previous", "aspects", "facts", "authority")
    return steps.defer(*(f"case__{name}" for name in heavy)).order_by("opened_at", "pk")


def steps_of(case: Case | None) -> list[Step]:
    """The steps of the present round with who decided, in order; for stepper and panel."""
    if case is None:
        return []
    return _present(_all_steps(case), case)


def _all_steps(case: Case) -> list[Step]:
    """The steps of every round, with who decided."""
    return list(case.steps.select_related("decided_by", "decided_for", "carried_from"))


def _present(steps: list[Step], case: Case) -> list[Step]:
    """Those of the present round."""
    return [each for each in steps if each.round == case.round and each.state != StepState.VOID]


def step_facts(step: Step, user: User, *, typed: DoorForm | None = None) -> dict[str, Any]:
    """All that a decision needs: triggers and by how much, findings, content, what changed, the doors.

    `typed` is what was posted and refused: given back if it is about this step.
    """
    case = step.case
    steps = cast(list[Step], SimpleLazyObject(lambda: _all_steps(case)))
    findings = told(readable_by(user, case.findings))
    open_findings = [each for each in findings if each["tone"] != "done"]
    return {
        "step": step,
        "case": case,
        "triggers": told(readable_by(user, step.triggers)),
        "findings": findings,
        "in_order": len(findings) - len(open_findings),
        "many": max(len(open_findings) - SHOWN, 0),
        "content": SimpleLazyObject(lambda: shown(case.snapshot)),
        "changes": differences_since(step),
        "others": SimpleLazyObject(lambda: [each for each in _present(steps, case) if each.pk != step.pk]),
        "questions": SimpleLazyObject(lambda: questions_of(case)),
        "conditions": SimpleLazyObject(lambda: conditions_of(case)),
        "colleagues": SimpleLazyObject(lambda: colleagues(step, user)),
        "take_back": SimpleLazyObject(lambda: gates.WITHDRAW_DECISION.permits(step, user)),
        "why": SimpleLazyObject(lambda: explained(case, user, steps=steps)),
        "in_place_of": SimpleLazyObject(lambda: in_place_of(step, user)),
        "signs_at": step.signing_url,
        "takes_conditions": case.kind == "order",
        "takes_ceiling": case.kind == "shipment" and step.level is not None,
        "form": typed.at(step) if typed is not None and typed.is_about(step) else DoorForm(step=step),
        "approve": panel(gates.APPROVE_STEP, step, user, team=case.team, verb_url=case.decide_url),
        "refuse": panel(gates.REFUSE_STEP, step, user, team=case.team, verb_url=case.decide_url),
        "fields": {"step_id": step.pk, "digest": case.digest},
    }


def with_lenders(steps: Iterable[Step], user: User) -> None:
    """R2.12: give each step its `lender`, the one for whom the person would decide it; None where by right of
    their own. Two questions however many steps, none for who stands in for nobody.
    """
    listed = list(steps)
    lent = Step.objects.filter(pk__in=[step.pk for step in listed]).lenders(user) if listed else {}
    people = User.objects.in_bulk(set(lent.values()))
    for step in listed:
        step.lender = people.get(lent.get(step.pk, 0))  # type: ignore[attr-defined]  # for the page


def in_place_of(step: Step, user: User) -> User | str:
    """R2.12: for whom the person would sign it now; nothing where it is their own or not theirs."""
    office = gates.office_of(step, user) if step.state == StepState.OPEN else None
    return "" if office in (None, user.pk) else User.objects.get(pk=office)


def differences_since(step: Step) -> list[dict[str, Any]]:
    """What changed, of all that this step covers, since its kind was last decided on; nothing if never.

    Without aspects it is what changed since the round before.
    """
    case = step.case
    if step.round <= 1:
        return []
    if not case.aspects:
        return differences(case.previous, case.snapshot)
    last = case.steps.filter(kind=step.kind, round__lt=step.round, state__in=DECIDED)
    rounds = last.order_by("-round").values_list("round", flat=True)[:1]
    past = (
        PastRound.objects.filter(case=case, round__in=list(rounds)).values_list("aspects", flat=True).first()
    )
    if not past:
        return []
    before, now = covered_parts(step.kind, past), covered_parts(step.kind, case.aspects)
    changed = [name for name in now if before.get(name) != now[name]]
    return [each for name in changed for each in differences(before.get(name) or {"": ""}, now[name])]


def questions_of(case: Case | None) -> list[Question]:
    """What was asked and answered about a case, in order."""
    if case is None:
        return []
    found = Question.objects.filter(step__case=case).select_related(
        "step", "asked_by", "asked_of", "answered_by"
    )
    return list(found)


def open_conditions(case: Case | None) -> QuerySet[Condition]:
    """R2.4: what is still to be fulfilled of the yeses that count."""
    return Condition.objects.filter(case=case).open().counting() if case else Condition.objects.none()


def conditions_of(case: Case | None) -> list[Condition]:
    """The conditions of the yeses that count, fulfilled or not."""
    if case is None:
        return []
    found = Condition.objects.filter(case=case).counting().exclude(state=ConditionState.DROPPED)
    return list(found.select_related("step", "closed_by", "case"))


def colleagues(step: Step, user: User) -> list[User]:
    """To whom a step can be handed over: the role's other people whom it does not bar (R2.10)."""
    if step.state != StepState.OPEN:
        return []
    people = User.objects.filter(groups__name__in=roles_for(step.kind), is_active=True).exclude(
        pk__in=[user.pk, step.requester_id, step.handed_to_id or 0]
    )
    people = people.exclude(pk__in=step.barred.values("pk"))
    return list(people.distinct().order_by("display_name", "pk"))


def may_decide(step: Step, user: User) -> bool:
    """Whether the person may sign this step now."""
    return gates.APPROVE_STEP.permits(step, user)


def open_steps(case: Case | None, user: User, *, typed: DoorForm | None = None) -> list[Mapping[str, Any]]:
    """The case's open steps with their doors, for the noun's own page."""
    if case is None:
        return []
    steps = case.steps.open().filter(round=case.round).select_related("case", "case__team")
    return [step_facts(step, user, typed=typed) for step in steps]
