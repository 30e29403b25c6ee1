"""Rules of standardisation, review and approval, and of the people who decide (R1.9, R2.1–R2.13)."""

from django.utils.translation import gettext_lazy as _

from approvals.states import ROLE_OF, CaseState, StepKind, StepState
from core.rules import Facts, rule
from orders.content import material
from orders.gates.content import REP, SUPPORT, its_rep

#: R1.9: what business support has looked at before the order is our internal standard order.
CHECKLIST = {
    "codes": _("Every line carries our product code"),
    "specifications": _("Specifications and quantities agree with the customer's paper"),
    "terms": _("Prices, terms and dates agree with the customer's paper"),
    "questions": _("No question to the customer is open"),
}


def not_theirs(order, step) -> set[int]:
    """Who may not sign this step: who entered, edited or asked (R2.10), who standardised (R1.9)."""
    standardiser = (order.standardised_by_id,) if step.kind == StepKind.SUPPORT else ()
    return {each for each in (step.requester_id, *order.case.barred, *standardiser) if each}


@rule("R2.1", _("%(step)s has not said yes."), opened_by=("sales_manager",))
def every_step_said_yes(order) -> list[Facts] | Facts | None:
    case, unapproved = order.case, {"_text": _("The order has not been approved.")}
    if case is None:
        return unapproved
    if case.state == CaseState.APPROVED:
        return None
    said = (StepState.APPROVED, StepState.VOID)
    steps = [each for each in case.steps.all() if each.round == case.round and each.state not in said]
    missing: list[Facts] = [
        {
            "step": each.get_kind_display(),
            "_since": each.state_since,
            "_opened_by": (ROLE_OF[each.kind],),
            "_not_for": not_theirs(order, each),
        }
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


@rule("R2.10", _("You entered or last edited this order; somebody else decides on it."), opened_by=SUPPORT)
def actor_did_not_enter_it(order, actor) -> Facts | None:
    return {} if actor.pk in (order.entered_by_id, order.edited_by_id, order.submitted_by_id) else None


@rule("R2.11", _("Only who entered or submitted the order takes it back."))
def actor_asked_for_it(order, actor) -> Facts | None:
    asked = (order.owner_id, order.entered_by_id, order.submitted_by_id)
    return None if actor.pk in asked else {"_people": tuple({each for each in asked if each})}


@rule("R1.9", _("The checklist is not complete: %(point)s"), opened_by=SUPPORT)
def checklist_is_complete(order, checked) -> list[Facts]:
    return [{"point": label, "_field": name} for name, label in CHECKLIST.items() if name not in checked]
