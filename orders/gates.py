"""Gates of the sales order's transitions, and their rules."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.states import ROLE_OF, CaseState, StepKind, StepState
from core.rules import Facts, Gate, rule
from customers.queries import paid_for
from orders.content import deposit_due, material, plain
from orders.states import EDITABLE, OrderClass, OrderState

REP = ("sales_rep",)
SUPPORT = ("business_support",)
HEADER = {
    "contact_name": _("Contact"),
    "ship_to": _("Ship to"),
    "payment_terms": _("Payment terms"),
    "klass": _("Class"),
}
#: R1.9: what business support has looked at before the order is our internal standard order.
CHECKLIST = {
    "codes": _("Every line carries our product code"),
    "specifications": _("Specifications and quantities agree with the customer's paper"),
    "terms": _("Prices, terms and dates agree with the customer's paper"),
    "questions": _("No question to the customer is open"),
}
LINE = {
    "specification": _("specification"),
    "unit": _("unit"),
    "tax_rate": _("tax rate"),
    "due": _("due date"),
}


def _mend(order, field: str) -> dict:
    """Where the person mends it: the field of the order's edit page."""
    anchor = f"line-{field.split('-')[1]}" if field.startswith("lines-") else f"id_{field}"
    url = reverse("orders:edit", args=[order.number])
    return {"_field": field, "_next_step": f"{url}#{anchor}", **_its_rep(order)}


def _its_rep(order) -> dict:
    """The one rep whose order it is, instead of all who hold the role."""
    return {"_people": (order.owner_id,), "_opened_by": ()}


def _attach(order) -> dict:
    """Where the person attaches a paper, and records its mark."""
    return {"_field": "papers", "_next_step": f"{order.get_absolute_url()}#papers", **_its_rep(order)}


@rule("R1.1", _("No source document of the customer is attached."), opened_by=REP)
def source_document_is_attached(order) -> Facts | None:
    if any(not each.purpose for each in order.source_documents.all()):
        return None
    return _attach(order)


@rule("R1.1", _("The confirmation mark on %(files)s is not recorded: kind, by whom, when."), opened_by=REP)
def confirmation_mark_is_recorded(order) -> Facts | None:
    papers = [each for each in order.source_documents.all() if not each.purpose]
    if not papers or any(each.is_confirmed for each in papers):
        return None
    files = ", ".join(each.file.name for each in papers)
    return {"files": files, **_attach(order)}


@rule("R1.2", _("The order does not say by which channel it came."), opened_by=REP)
def channel_is_said(order) -> Facts | None:
    return None if order.channel else _mend(order, "channel")


@rule("R1.3", _("%(field)s is missing."), opened_by=REP)
def header_is_complete(order) -> list[Facts]:
    return [
        {"field": label, **_mend(order, name)} for name, label in HEADER.items() if not getattr(order, name)
    ]


@rule("R1.3", _("Line %(position)s: %(field)s is missing."), opened_by=REP)
def lines_are_complete(order) -> list[Facts]:
    lines = list(order.lines.all())
    if not lines:
        return [{"_text": _("The order has no line."), **_mend(order, "lines-0-product")}]
    return [facts for index, line in enumerate(lines) for facts in _line_gaps(order, index, line)]


def _line_gaps(order, index: int, line) -> Iterator[Facts]:
    at = {"position": line.position}
    if not line.product_id:
        text = _("Line %(position)s: the product “%(typed)s” is unknown.")
        yield {**at, "typed": line.typed or "–", "_text": text, **_mend(order, f"lines-{index}-product")}
        return
    if line.quantity <= 0:
        yield {**at, "field": _("quantity"), **_mend(order, f"lines-{index}-quantity")}
    elif line.quantity % line.product.quantity_step:
        text = _("Line %(position)s: %(quantity)s is not in steps of %(step)s %(unit)s.")
        step = {"step": plain(line.product.quantity_step), "unit": line.product.unit}
        yield {
            **at,
            **step,
            "quantity": plain(line.quantity),
            "_text": text,
            **_mend(order, f"lines-{index}-quantity"),
        }
    if line.price is None:
        yield {**at, "field": _("price"), **_mend(order, f"lines-{index}-price")}
    present = {
        "specification": line.specification or not line.product.specification,
        "unit": line.unit,
        "tax_rate": line.tax_rate is not None,
        "due": line.due_on,
    }
    for name, label in LINE.items():
        if not present[name]:
            yield {**at, "field": label, **_mend(order, f"lines-{index}-{name}")}


@rule("R1.3", _("The category %(category)s demands an attachment: %(attachment)s."), opened_by=REP)
def demanded_attachments_are_there(order) -> list[Facts]:
    attached = {each.purpose for each in order.source_documents.all()}
    categories = {line.product.category for line in order.lines.all() if line.product_id}
    return [
        {"category": category, "attachment": each, **_attach(order)}
        for category in sorted((each for each in categories if each), key=lambda each: each.code)
        for each in category.demanded_attachments
        if each not in attached
    ]


@rule("R1.5", _("A special or urgent order says why."), opened_by=REP)
def class_has_its_reason(order) -> Facts | None:
    if order.klass == OrderClass.NORMAL or order.class_reason:
        return None
    return _mend(order, "class_reason")


@rule("R1.6", _("The total %(total)s is not the sum of the lines, %(sum)s."), opened_by=SUPPORT)
def totals_are_the_sum(order) -> Facts | None:
    summed = sum(line.total for line in order.lines.all()) + order.freight
    return None if summed == order.grand_total else {"total": order.grand_total, "sum": summed}


@rule("R2.5", _("%(customer)s is blocked: %(why)s."), opened_by=("finance", "sales_manager"))
def customer_is_not_blocked(order) -> Facts | None:
    if not order.customer.is_blocked:
        return None
    return {
        "customer": order.customer.name,
        "why": order.customer.block_reason,
        "_since": order.customer.blocked_at,
    }


@rule("R2.5", _("Line %(position)s: %(product)s is no longer sold."), opened_by=REP)
def products_are_sold(order) -> list[Facts]:
    return [
        {"position": line.position, "product": line.product, **_mend(order, f"lines-{index}-product")}
        for index, line in enumerate(order.lines.all())
        if line.product_id and not line.product.active
    ]


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
    return _its_rep(order)


@rule("R6.8", _("The terms ask a deposit of %(due)s %(currency)s; %(paid)s is in."), opened_by=("finance",))
def deposit_is_in(order) -> Facts | None:
    due = deposit_due(order)
    if not due:
        return None
    paid = paid_for(order.number)
    return None if paid >= due else {"due": due, "paid": paid, "currency": order.currency}


@rule("R6.10", _("Line %(position)s: %(open)s of %(quantity)s are neither shipped nor cancelled."))
def every_line_is_shipped(order) -> list[Facts]:
    return [
        {"position": line.position, "open": plain(line.open_quantity), "quantity": plain(line.quantity)}
        for line in order.lines.all()
        if line.open_quantity > 0
    ]


@rule("R6.10", _("Goods for %(shipped)s %(currency)s are shipped, %(invoiced)s of it is invoiced."))
def what_is_shipped_is_invoiced(order) -> Facts | None:
    if order.invoiced_total == order.shipped_total:
        return None
    return {"shipped": order.shipped_total, "invoiced": order.invoiced_total, "currency": order.currency}


@rule("R6.10", _("%(invoiced)s %(currency)s is invoiced, %(paid)s of it is paid."))
def what_is_invoiced_is_paid(order) -> Facts | None:
    if order.paid_total >= order.invoiced_total:
        return None
    return {"invoiced": order.invoiced_total, "paid": order.paid_total, "currency": order.currency}


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


EDIT = Gate(
    transition="edit",
    number="R2.11",
    permission="orders.change_salesorder",
    states=EDITABLE,
    roles=REP,
    label=_("Edit"),
)
SUBMIT = Gate(
    transition="submit",
    number="R1.1",
    permission="orders.submit_salesorder",
    states=(OrderState.DRAFT, OrderState.REFUSED),
    rules=(
        source_document_is_attached,
        confirmation_mark_is_recorded,
        channel_is_said,
        header_is_complete,
        lines_are_complete,
        demanded_attachments_are_there,
        class_has_its_reason,
        totals_are_the_sum,
        customer_is_not_blocked,
        products_are_sold,
    ),
    roles=REP,
    label=_("Submit"),
)
STANDARDISE = Gate(
    transition="standardise",
    number="R1.9",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    rules=(customer_is_not_blocked, products_are_sold),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Standardise"),
)
RETURN = Gate(
    transition="return_to_rep",
    number="R2.11",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Return to the rep"),
)
APPROVE = Gate(
    transition="approve",
    number="R2.1",
    permission="approvals.decide_step",
    states=(OrderState.IN_REVIEW,),
    rules=(every_step_said_yes, approval_covers_the_content),
    people=(actor_did_not_enter_it,),
    roles=("sales_manager", "general_manager"),
    label=_("Approve"),
)
REFUSE = Gate(
    transition="refuse",
    number="R2.11",
    permission="approvals.decide_step",
    states=(OrderState.IN_REVIEW,),
    rules=(a_step_said_no,),
    people=(actor_did_not_enter_it,),
    roles=("sales_manager", "general_manager"),
    label=_("Refuse"),
)
WITHDRAW = Gate(
    transition="withdraw",
    number="R2.11",
    permission="orders.submit_salesorder",
    states=(OrderState.SUBMITTED, OrderState.IN_REVIEW),
    people=(actor_asked_for_it,),
    roles=REP,
    label=_("Withdraw"),
)
RELEASE = Gate(
    transition="release",
    number="R2.1",
    permission="orders.release_salesorder",
    states=(OrderState.APPROVED,),
    rules=(every_step_said_yes, approval_covers_the_content, deposit_is_in, customer_is_not_blocked),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Release"),
)
CONFIRM = Gate(
    transition="confirm",
    number="R1.8",
    permission="orders.confirm_salesorder",
    states=(OrderState.APPROVED, OrderState.RELEASED),
    roles=SUPPORT,
    label=_("Send confirmation"),
)
SETTLE = Gate(
    transition="settle",
    number="R6.10",
    permission="invoicing.record_receipt",
    states=(OrderState.RELEASED,),
    rules=(every_line_is_shipped, what_is_shipped_is_invoiced, what_is_invoiced_is_paid),
    roles=("finance",),
    label=_("Settle"),
)
CANCEL = Gate(
    transition="cancel",
    number="R7.7",
    permission="orders.cancel_salesorder",
    states=(
        OrderState.DRAFT,
        OrderState.SUBMITTED,
        OrderState.IN_REVIEW,
        OrderState.REFUSED,
        OrderState.APPROVED,
    ),
    roles=REP,
    label=_("Cancel"),
)
