"""Rules of standardisation, review and approval, and of the people who decide (R1.9, R2.1–R2.13)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.authority import digest_of
from approvals.awaited import whose_turn
from approvals.states import CaseState, StepKind, StepState
from core.rules import Facts, rule
from orders.content import material, standard
from orders.gates.content import REP, SUPPORT, its_rep, lines_are_complete

#: R1.9: what business support has looked at before the order is our internal standard order.
CHECKLIST = {
    "codes": _("Every line carries our product code"),
    "specifications": _("Specifications and quantities agree with the customer's paper"),
    "terms": _("Prices, terms and dates agree with the customer's paper"),
    "questions": _("No question to the customer is open"),
}


#: The steps that say yes to the prices themselves.
WEIGH_PRICES = (StepKind.FINANCE, StepKind.MANAGER, StepKind.GENERAL)


def not_theirs(order, step) -> set[int]:
    """Who may not sign this step: who entered, edited or asked, alone agreed its price (R2.10), standardised
    (R1.9).
    """
    agreed = () if step.kind not in WEIGH_PRICES else order.case.facts.get("agreed_by", ())
    standardiser = standardisers(order) if step.kind == StepKind.SUPPORT else ()
    return {each for each in (step.requester_id, *order.case.barred, *standardiser, *agreed) if each}


def standardisers(order) -> tuple[int, ...]:
    """R1.9: who made it the standard order: signed for it, or changed its lines."""
    return (order.standardised_by_id, *order.standard_editors)


@rule("R2.1", _("%(step)s has not said yes."), opened_by=("sales_manager",))
def every_step_said_yes(order) -> list[Facts] | Facts | None:
    case, unapproved = order.case, {"_text": _("The order has not been approved.")}
    if case is None:
        return unapproved
    if case.state == CaseState.APPROVED:
        return None
    said = (StepState.APPROVED, StepState.VOID)
    steps = [each for each in case.steps.all() if each.round == case.round and each.state not in said]
    turns = whose_turn(steps, team=order.team, barred={each.pk: not_theirs(order, each) for each in steps})
    missing: list[Facts] = [
        {"step": each.get_kind_display(), "_since": each.state_since, **turns.get(each.pk, {})}
        for each in steps
    ]
    return missing or unapproved


@rule("R2.11", _("No step of the review was refused."), opened_by=("sales_manager",))
def a_step_said_no(order) -> Facts | None:
    return None if order.case and order.case.state == CaseState.REFUSED else {}


@rule("R2.1", _("The order changed after it was approved; it needs a new approval."), opened_by=REP)
def approval_covers_the_content(order) -> Facts | None:
    case = order.case
    if case is None or case.state != CaseState.APPROVED or case.snapshot == material(order):
        return None
    return its_rep(order)


@rule("R2.11", _("Say why the approved order is opened again."))
def reopening_has_a_reason(reason) -> Facts | None:
    return None if reason.strip() else {"_field": "reason"}


@rule("R2.10", _("You entered or last edited this order; somebody else decides on it."), opened_by=SUPPORT)
def actor_did_not_enter_it(order, actor) -> Facts | None:
    return {} if actor.pk in (order.entered_by_id, order.edited_by_id, order.submitted_by_id) else None


@rule("R2.11", _("Only who entered or submitted the order takes it back."))
def actor_asked_for_it(order, actor) -> Facts | None:
    asked = (order.owner_id, order.entered_by_id, order.submitted_by_id)
    return None if actor.pk in asked else {"_people": tuple({each for each in asked if each})}


@rule("R1.9", _("The checklist is not complete: %(point)s"), opened_by=SUPPORT)
def checklist_is_complete(order, checked) -> list[Facts]:
    page = reverse("orders:standardise", args=[order.number])
    return [
        {"point": label, "_field": name, "_next_step": f"{page}#checklist"}
        for name, label in CHECKLIST.items()
        if name not in checked
    ]


@rule("R1.9", _("A line is not complete."), opened_by=SUPPORT)
def standard_lines_are_complete(order) -> list[Facts]:
    page = reverse("orders:standardise", args=[order.number])
    gaps: Any = lines_are_complete.predicate(order)
    return [
        {**facts, "_text": facts.get("_text", lines_are_complete.text), **_at_support(page, facts)}
        for facts in gaps
    ]


def _at_support(page: str, facts: Facts) -> Facts:
    """The same gap, mended on business support's page by business support."""
    return {"_next_step": f"{page}#line-{facts.get('position', 1)}", "_people": (), "_opened_by": SUPPORT}


@rule("R1.9", _("A question to the rep is not answered: %(question)s"), opened_by=REP)
def no_question_is_open(order) -> list[Facts]:
    page = f"{order.get_absolute_url()}#questions"
    return [
        {"question": each.text, "_since": each.asked_at, **its_rep(order), "_next_step": page}
        for each in order.questions.all()
        if each.is_open
    ]


@rule("R2.11", _("What was standardised has changed, or never was; business support looks at it again."))
def standardised_content_is_unchanged(order) -> Facts | None:
    kept = order.standardised_digest
    return None if kept and kept == digest_of({"lines": standard(order)}) else {}


@rule("R1.9", _("The one who asked does not answer; the rep does."), opened_by=REP)
def actor_did_not_ask(question, actor) -> Facts | None:
    return its_rep(question.order) if question.asked_by_id == actor.pk else None


@rule("R1.9", _("The question is answered or taken back already."))
def question_is_open(question) -> Facts | None:
    return None if question.is_open else {"_since": question.answered_at or question.withdrawn_at}
