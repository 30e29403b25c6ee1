"""Rules of what is shipped, invoiced and paid (R6.8, R6.10)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rules import Facts, rule
from customers.queries import paid_for
from customers.terms import gaps
from orders.content import plain
from orders.credit import account_of, cover_of
from orders.gates.content import REP, SUPPORT, _mend, its_rep
from orders.terms import asked_before_production


@rule(
    "R6.8",
    _("The terms ask %(due)s %(currency)s before production; %(paid)s is in."),
    opened_by=("finance",),
)
def money_asked_first_is_in(order) -> Facts | None:
    """All of a prepaid order, the deposit of any other."""
    due = asked_before_production(order)
    if not due:
        return None
    paid = paid_for(order.number)
    record = f"{reverse('invoicing:new_receipt')}?customer={order.customer.code}&order={order.number}"
    facts = {"due": due, "paid": paid, "currency": order.currency, "_next_step": record}
    return None if paid >= due else facts


@rule(
    "R2.6",
    _("With all open orders the customer passes its credit limit, and no yes covers that."),
    opened_by=("general_manager",),
)
def exposure_is_covered(order) -> Facts | None:
    """By the terms, by the limit of this moment, or by a yes; the figures are the credit card's (R10.2).

    Once it was approved business support puts it before who may say that yes.
    """
    if cover_of(order, account_of(order)):
        return None
    return {"_opened_by": SUPPORT, "_next_step": order.get_absolute_url()} if order.is_committed else {}


@rule("R2.6", _("The customer's limit, or a yes, covers the order."))
def exposure_needs_a_yes(order) -> Facts | None:
    return {} if cover_of(order, account_of(order)) else None


@rule(
    "R5.7",
    _("The order is in %(currency)s, its customer's account in %(account)s by now; begin it anew."),
    opened_by=REP,
)
def currency_is_the_accounts(order) -> Facts | None:
    if order.currency == order.customer.currency:
        return None
    return {"currency": order.currency, "account": order.customer.currency, **its_rep(order)}


@rule("R3.1", _("The payment terms contradict themselves."), opened_by=REP)
def terms_make_sense(order) -> list[Facts]:
    return [{"_text": text, **_mend(order, field)} for field, text in gaps(order)]


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
