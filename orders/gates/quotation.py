"""Rules and gates of the quotation (R1.14)."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rules import Facts, Gate, rule
from customers.terms import gaps
from orders.content import plain
from orders.gates.content import REP
from orders.states import FreightBearer, QuotationState


def _mend(quotation, field: str) -> Facts:
    """Where the rep mends it: the field of the quotation's edit page."""
    anchor = f"line-{field.split('-')[1]}" if field.startswith("lines-") else f"id_{field}"
    url = reverse("orders:quotation_edit", args=[quotation.number, quotation.issue])
    return {"_field": field, "_next_step": f"{url}#{anchor}", **_its_rep(quotation)}


def _its_rep(quotation) -> Facts:
    return {"_people": (quotation.owner_id,), "_opened_by": ()}


@rule("R1.14", _("Line %(position)s: %(field)s is missing."), opened_by=REP)
def quoted_lines_are_complete(quotation) -> list[Facts]:
    lines = list(quotation.lines.all())
    if not lines:
        return [{"_text": _("The quotation has no line."), **_mend(quotation, "lines-0-product")}]
    found: list[Facts] = []
    for index, line in enumerate(lines):
        at = {"position": line.position}
        if not line.product_id:
            text = _("Line %(position)s: the product “%(typed)s” is unknown.")
            mend = _mend(quotation, f"lines-{index}-product")
            found.append({**at, "typed": line.typed or "–", "_text": text, **mend})
            continue
        if line.quantity <= 0:
            found.append({**at, "field": _("quantity"), **_mend(quotation, f"lines-{index}-quantity")})
        elif line.quantity % line.product.quantity_step:
            text = _("Line %(position)s: %(quantity)s is not in steps of %(step)s %(unit)s.")
            step = {"step": plain(line.product.quantity_step), "unit": line.product.unit, "_text": text}
            mend = _mend(quotation, f"lines-{index}-quantity")
            found.append({**at, **step, "quantity": plain(line.quantity), **mend})
        if line.price is None:
            found.append({**at, "field": _("price"), **_mend(quotation, f"lines-{index}-price")})
    return found


@rule("R1.14", _("Line %(position)s: %(product)s is no longer sold."), opened_by=REP)
def quoted_products_are_sold(quotation) -> list[Facts]:
    return [
        {"position": line.position, "product": line.product, **_its_rep(quotation)}
        for line in quotation.lines.all()
        if line.product_id and not line.product.active
    ]


@rule("R3.1", _("The payment terms contradict themselves."), opened_by=REP)
def quoted_terms_make_sense(quotation) -> list[Facts]:
    return [{"_text": text, **_mend(quotation, field)} for field, text in gaps(quotation)]


@rule(
    "R5.16", _("Freight is borne by us and not charged, yet %(freight)s stands in the offer."), opened_by=REP
)
def quoted_freight_is_charged_to_its_bearer(quotation) -> Facts | None:
    """What is offered can be ordered at this total: an order asks the same of its freight."""
    if quotation.freight_bearer != FreightBearer.US or not quotation.freight:
        return None
    return {"freight": quotation.freight, **_mend(quotation, "freight")}


@rule(
    "R5.7",
    _("The offer is in %(currency)s, its customer's account in %(account)s by now; begin it anew."),
    opened_by=REP,
)
def offer_is_in_the_accounts_currency(quotation) -> Facts | None:
    if quotation.currency == quotation.customer.currency:
        return None
    facts = {"currency": quotation.currency, "account": quotation.customer.currency}
    return {**facts, **_its_rep(quotation)}


@rule("R1.14", _("The quotation does not say until when it is valid."), opened_by=REP)
def validity_lies_ahead(quotation) -> Facts | None:
    if quotation.valid_until is None:
        return _mend(quotation, "valid_until")
    if quotation.is_valid:
        return None
    text = _("Valid until %(until)s: the day lies behind today, %(today)s.")
    facts = {"until": quotation.valid_until, "today": timezone.localdate(), "_text": text}
    return {**facts, **_mend(quotation, "valid_until")}


@rule(
    "R1.14",
    _("%(quotation)s was valid until %(until)s, today is %(today)s: its prices are no longer held. "
      "Make a new version."),
    opened_by=REP,
)  # fmt: skip
def quotation_is_valid(quotation) -> Facts | None:
    if quotation.is_valid:
        return None
    facts = {"quotation": quotation, "until": quotation.valid_until, "today": timezone.localdate()}
    return {**facts, "_next_step": f"{quotation.get_absolute_url()}#versions", **_its_rep(quotation)}


@rule("R1.14", _("%(quotation)s was ordered; what the customer wants besides is a quotation of its own."))
def no_version_is_ordered(quotation) -> Facts | None:
    ordered = next((each for each in quotation.others() if each.state == QuotationState.ORDERED), None)
    return {"quotation": ordered, "_next_step": ordered.get_absolute_url()} if ordered else None


@rule("R1.14", _("The next version, %(quotation)s, is begun already."), opened_by=REP)
def no_next_version_is_begun(quotation) -> Facts | None:
    begun = next((each for each in quotation.others() if each.state == QuotationState.DRAFT), None)
    return {"quotation": begun, "_next_step": begun.get_absolute_url()} if begun else None


@rule("R1.14", _("Order %(order)s stands on it."))
def no_order_stands_on_it(quotation) -> Facts | None:
    order = quotation.orders.standing_on_quotations().first()
    return {"order": order} if order else None


EDIT_QUOTATION = Gate(
    transition="edit_quotation",
    number="R1.14",
    permission="orders.change_quotation",
    states=(QuotationState.DRAFT,),
    roles=REP,
    label=_("Edit"),
)
SEND_QUOTATION = Gate(
    transition="send_quotation",
    number="R1.14",
    permission="orders.send_quotation",
    states=(QuotationState.DRAFT,),
    rules=(
        quoted_lines_are_complete,
        quoted_products_are_sold,
        quoted_terms_make_sense,
        quoted_freight_is_charged_to_its_bearer,
        offer_is_in_the_accounts_currency,
        validity_lies_ahead,
        no_version_is_ordered,
    ),
    roles=REP,
    label=_("Send the quotation"),
)
REVISE_QUOTATION = Gate(
    transition="revise_quotation",
    number="R1.14",
    permission="orders.change_quotation",
    states=(QuotationState.SENT,),
    rules=(no_next_version_is_begun,),
    roles=REP,
    label=_("New version"),
)
REPLACE_QUOTATION = Gate(
    transition="replace_quotation",
    number="R1.14",
    permission="orders.send_quotation",
    states=(QuotationState.SENT,),
    roles=REP,
    label=_("Send the next version in its place"),
)
SEND_QUOTATION_AGAIN = Gate(
    transition="send_quotation_again",
    number="R1.14",
    permission="orders.send_quotation",
    states=(QuotationState.SENT,),
    rules=(quotation_is_valid,),
    roles=REP,
    label=_("Send it again"),
)
GIVE_BACK_QUOTATION = Gate(
    transition="give_back_quotation",
    number="R1.14",
    permission="orders.cancel_salesorder",
    states=(QuotationState.ORDERED,),
    rules=(no_order_stands_on_it,),
    roles=REP,
    label=_("Give it back"),
)
ORDER_QUOTATION = Gate(
    transition="order_quotation",
    number="R1.14",
    permission="orders.add_salesorder",
    states=(QuotationState.SENT,),
    rules=(quotation_is_valid, quoted_products_are_sold),
    roles=REP,
    label=_("Make it an order"),
)
LOSE_QUOTATION = Gate(
    transition="lose_quotation",
    number="R1.14",
    permission="orders.change_quotation",
    states=(QuotationState.DRAFT, QuotationState.SENT),
    roles=REP,
    label=_("Mark as lost"),
)
