"""Rules of technical confirmation and of production's promise, and the gates of samples (R2.8, R2.9)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.gates import conditions_are_closed as case_conditions_are_closed
from approvals.states import CaseState, ConditionState, StepKind, StepState
from core.rules import Facts, Gate, Reason, Rule, rule
from orders.content import plain
from orders.feasible import (
    is_proven,
    lines_to_promise,
    lines_to_state,
    promise_of,
    sample_judged,
    sample_on_trial,
    split_of,
    statement_of,
    with_promises,
    with_words,
)
from orders.gates.review import actor_did_not_enter_it
from orders.states import OrderState, SampleState

TECHNICAL = ("technical",)
PRODUCTION = ("production",)


def _at(order, page: str, line) -> dict:
    """The line's place on the page where it is signed."""
    url = reverse(f"orders:{page}", args=[order.number])
    return {"position": line.position, "product": line.product, "_next_step": f"{url}#line-{line.pk}"}


@rule(
    "R2.8",
    _("Line %(position)s: technical has not signed whether %(product)s can be made, and of what."),
    opened_by=TECHNICAL,
)
def lines_are_stated(order) -> list[Facts]:
    return [_at(order, "technical", line) for line in lines_to_state(order) if statement_of(line) is None]


@rule("R2.8", _("Line %(position)s cannot be made as ordered. Proposal: %(proposal)s"), opened_by=TECHNICAL)
def lines_can_be_made(order) -> list[Facts]:
    found = [(line, statement_of(line)) for line in lines_to_state(order)]
    return [
        {**_at(order, "technical", line), "proposal": said.proposal, "_since": said.signed_at}
        for line, said in found
        if said is not None and not said.makeable
    ]


@rule(
    "R2.8",
    _("Line %(position)s: the process changes, and the sample is still on trial: %(what)s"),
    opened_by=TECHNICAL,
)
def samples_have_passed(order) -> list[Facts]:
    found = [_unproven(order, line) for line in lines_to_state(order)]
    return [each for each in found if each is not None]


def _unproven(order, line) -> Facts | None:
    """What of the line's changed process is not proven by a sample that passed."""
    trial = sample_on_trial(line)
    if trial is not None:
        return {**_at(order, "technical", line), "what": trial.what, "_since": trial.state_since}
    said, judged = statement_of(line), sample_judged(line)
    if said is None or not (said.makeable and said.process_changed):
        return None
    if judged is None:
        text = _("Line %(position)s: the process changes, and no sample was tried yet.")
        return {**_at(order, "technical", line), "_text": text}
    if judged.state == SampleState.FAILED:
        text = _("Line %(position)s: the sample failed: %(result)s")
        return {
            **_at(order, "technical", line),
            "result": judged.result,
            "_text": text,
            "_since": judged.state_since,
        }
    return None


@rule(
    "R2.9",
    _("Line %(position)s: production has not promised its date in writing; a verbal promise does not count."),
    opened_by=PRODUCTION,
)
def dates_are_promised(order) -> list[Facts]:
    return [_at(order, "promise", line) for line in lines_to_promise(order) if promise_of(line) is None]


@rule(
    "R2.8",
    _("Technical's no is signed line by line: say which line cannot be made, and what we propose instead."),
    opened_by=TECHNICAL,
)
def refusal_rests_on_a_proposal(order) -> Facts | None:
    said = [statement_of(line) for line in lines_to_state(order)]
    if any(each is not None and not each.makeable for each in said):
        return None
    return {"_next_step": reverse("orders:technical", args=[order.number])}


@rule(
    "R2.9",
    _(
        "Line %(position)s: %(quantity)s %(unit)s of %(product)s are to be made, and production has not "
        "promised their date in writing."
    ),
    opened_by=PRODUCTION,
)
def what_is_made_is_promised(order) -> list[Facts]:
    """By the actual split of an approved order: stock may have gone to others since its review."""
    if order.case is None or order.case.state != CaseState.APPROVED:
        return []
    made = [each for each in split_of(order) if each.to_make > 0 and each.line.product_id]
    if made:
        with_promises(order)
    return [
        {
            **_at(order, "promise", each.line),
            "quantity": plain(each.to_make),
            "unit": each.line.unit,
            "_since": order.promise_asked_at,
        }
        for each in made
        if promise_of(each.line) is None
    ]


@rule("R2.7", _("Stock no longer offers this for the line; look at the check again."))
def offer_still_stands(_order, rows) -> Facts | None:
    return None if rows else {}


@rule("R2.9", _("Production was asked for the dates of %(order)s already."))
def promise_is_not_asked_yet(order) -> Facts | None:
    return {"order": order, "_since": order.promise_asked_at} if order.promise_asked_at else None


@rule("R2.9", _("Name the day of one line at least."), opened_by=PRODUCTION)
def a_day_is_promised(promises) -> Facts | None:
    return None if promises else {}


@rule("R2.8", _("Order %(order)s does not wait for technical."))
def technical_is_asked(order) -> Facts | None:
    return None if open_step(order, StepKind.TECHNICAL) else {"order": order}


@rule("R2.9", _("Order %(order)s does not wait for production's promise."))
def production_is_asked(order) -> Facts | None:
    return None if open_step(order, StepKind.PRODUCTION) else {"order": order}


@rule("R2.8", _("Line %(position)s: say of which raw materials it is made."), opened_by=TECHNICAL)
def materials_are_stated(line, said) -> Facts | None:
    return _input(line, "materials") if said.makeable and not said.materials.strip() else None


@rule("R2.8", _("Line %(position)s cannot be made: say what we propose instead."), opened_by=TECHNICAL)
def refusal_proposes(line, said) -> Facts | None:
    return _input(line, "proposal") if not said.makeable and not said.proposal.strip() else None


@rule(
    "R2.8", _("Line %(position)s: the process changes; say what is tried with a sample."), opened_by=TECHNICAL
)
def change_names_its_trial(line, said) -> Facts | None:
    new = said.makeable and said.process_changed and not is_proven(line) and sample_on_trial(line) is None
    return _input(line, "trial") if new and not said.trial.strip() else None


@rule("R2.8", _("Order %(order)s has no such line that is made to order."))
def statements_are_about_its_lines(order, pks) -> Facts | None:
    return None if set(pks) <= {line.pk for line in lines_to_state(order)} else {"order": order}


@rule("R2.9", _("Order %(order)s has no such line."))
def promises_are_about_its_lines(order, pks) -> Facts | None:
    return None if set(pks) <= {line.pk for line in order.lines.all()} else {"order": order}


@rule("R2.9", _("Line %(position)s: the promised day %(day)s is over."), opened_by=PRODUCTION)
def promised_day_is_to_come(line, day) -> Facts | None:
    return {"day": day, **_input(line, "promised_on")} if day < timezone.localdate() else None


@rule("R2.8", _("Say what came out of the sample."))
def result_is_written(result) -> Facts | None:
    return None if result.strip() else {"_field": "result"}


@rule("R2.8", _("The sample failed: say what we propose instead."))
def failure_proposes(proposal) -> Facts | None:
    return None if proposal.strip() else {"_field": "proposal"}


@rule("R2.4", case_conditions_are_closed.text)
def conditions_are_closed(order) -> list[Facts]:
    """As approvals asks of a case, by what was fetched with the order."""
    case = order.case
    steps = [each for each in case.steps.all() if each.round == case.round] if case else []
    return [
        {
            "condition": each.text,
            "role": each.get_role_display(),
            "_opened_by": (each.role,),
            "_since": each.created_at,
            "_next_step": f"{reverse('approvals:conditions')}#condition-{each.pk}",
        }
        for step in steps
        if step.state == StepState.APPROVED
        for each in step.conditions.all()
        if each.state == ConditionState.OPEN
    ]


def _input(line, name: str) -> dict:
    return {"position": line.position, "_field": f"line-{line.pk}-{name}"}


def open_step(order: Any, kind: str) -> Any:
    """The order's step of this kind that waits for its decision, or None; `order.case.steps` are fetched."""
    if order.case is None:
        return None
    for step in order.case.steps.all():
        if step.kind == kind and step.round == order.case.round and step.state == StepState.OPEN:
            step.case = order.case
            return step
    return None


#: What a yes of each kind rests on.
FEASIBLE: dict[str, tuple[Rule, ...]] = {
    StepKind.TECHNICAL: (lines_are_stated, lines_can_be_made, samples_have_passed),
    StepKind.PRODUCTION: (dates_are_promised,),
}


#: What a no of each kind rests on.
UNFEASIBLE: dict[str, tuple[Rule, ...]] = {StepKind.TECHNICAL: (refusal_rests_on_a_proposal,)}


def unfounded(order: Any, kind: str, *, approve: bool) -> list[Reason]:
    """What a yes, or a no, of this kind lacks (R2.8, R2.9); nothing for other kinds."""
    rules = (FEASIBLE if approve else UNFEASIBLE).get(kind, ())
    if rules:
        with_words(order)
    return [reason for each in rules for reason in each.broken(order)]


ASK_PROMISE = Gate(
    transition="ask_promise",
    number="R2.9",
    permission="orders.release_salesorder",
    states=(OrderState.APPROVED,),
    rules=(promise_is_not_asked_yet,),
    roles=("business_support", "support_lead"),
    label=_("Ask production for the dates"),
)
PROMISE = Gate(
    transition="promise",
    number="R2.9",
    permission="inventory.accept_productionorder",
    states=(OrderState.APPROVED,),
    people=(actor_did_not_enter_it,),
    roles=PRODUCTION,
    label=_("Promise the dates"),
)
PASS_SAMPLE = Gate(
    transition="pass_sample",
    number="R2.8",
    permission="orders.judge_sample",
    states=(SampleState.OPEN,),
    roles=TECHNICAL,
    label=pgettext_lazy("sample", "Passed"),
)
FAIL_SAMPLE = Gate(
    transition="fail_sample",
    number="R2.8",
    permission="orders.judge_sample",
    states=(SampleState.OPEN,),
    roles=TECHNICAL,
    label=pgettext_lazy("sample", "Failed"),
)
