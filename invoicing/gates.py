"""Gates of the invoice's transitions, of revenue and of money, and their rules."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.money import round_money
from core.rules import Gate, rule
from invoicing.states import InvoiceState
from logistics.states import GONE


@rule("R6.2", _("All of its value of %(value)s %(currency)s has been confirmed; nothing is left to invoice."))
def value_is_left(shipment):
    if shipment.unconfirmed <= 0:
        return {"value": f"{shipment.billable:,.2f}", "currency": shipment.currency}
    return None


@rule(
    "R6.2",
    _(
        "%(amount)s %(currency)s asked for; of the goods value %(value)s, %(confirmed)s is confirmed already "
        "and %(left)s is left."
    ),
)
def amount_is_within_goods_value(shipment, amount):
    if Decimal(0) < amount <= shipment.unconfirmed:
        return None
    return {
        "amount": f"{amount:,.2f}",
        "value": f"{shipment.billable:,.2f}",
        "confirmed": f"{shipment.confirmed_value:,.2f}",
        "left": f"{shipment.unconfirmed:,.2f}",
        "currency": shipment.currency,
        "_field": "amount",
    }


@rule(
    "R6.6",
    _("The invoice is to go to %(buyer)s, the customer is %(customer)s: no written evidence is on file."),
    opened_by=("sales_rep",),
)
def buyer_is_the_customer(customer, buyer):
    if buyer.strip() != customer.name:
        return {"buyer": buyer, "customer": customer.name, "_field": "buyer_name"}
    return None


@rule(
    "R2.10",
    _("You confirmed this revenue yourself; somebody else issues the invoice."),
    opened_by=("finance",),
)
def actor_did_not_confirm_it(invoice, actor):
    if invoice.confirmed_by_id == actor.pk:
        return {}
    return None


@rule("R6.7", _("%(open)s %(currency)s of %(amount)s are not paid yet."), opened_by=("finance",))
def invoice_is_paid_in_full(invoice):
    if invoice.open_amount > 0:
        return {
            "open": f"{invoice.open_amount:,.2f}",
            "amount": f"{invoice.amount:,.2f}",
            "currency": invoice.currency,
        }
    return None


@rule("R6.7", _("The amount must be above zero, in whole minor units of %(currency)s."))
def amount_is_money(amount, currency):
    if amount <= 0 or amount != round_money(amount, currency):
        return {"currency": currency, "_field": "amount"}
    return None


@rule("R6.7", _("Reference %(reference)s of this customer is recorded already, as receipt %(receipt)s."))
def reference_is_new(earlier):
    if earlier is not None:
        return {"reference": earlier.reference, "receipt": earlier.number, "_field": "reference"}
    return None


@rule("R6.7", _("%(amount)s asked for; %(left)s %(currency)s of receipt %(receipt)s are not allocated yet."))
def receipt_has_so_much_left(receipt, amount):
    if Decimal(0) < amount <= receipt.unallocated:
        return None
    return {
        "amount": f"{amount:,.2f}",
        "left": f"{receipt.unallocated:,.2f}",
        "currency": receipt.currency,
        "receipt": receipt.number,
        "_field": "amount",
    }


@rule("R6.7", _("%(amount)s asked for; %(owed)s %(currency)s are open on %(target)s."))
def target_owes_so_much(target, amount, owed):
    if amount <= owed:
        return None
    return {
        "amount": f"{amount:,.2f}",
        "owed": f"{max(owed, Decimal(0)):,.2f}",
        "currency": target.currency,
        "target": target,
        "_field": "amount",
    }


@rule("R6.7", _("Receipt %(receipt)s is of another customer or currency than %(target)s."))
def money_is_of_the_customer(receipt, target):
    if (receipt.customer_id, receipt.currency) != (target.customer_id, target.currency):
        return {"receipt": receipt.number, "target": target}
    return None


@rule("R6.7", _("%(target)s is “%(state)s”; money can be allocated to what was approved or issued."))
def target_takes_money(target, open_states):
    if target.state not in open_states:
        return {"target": target, "state": target.get_state_display(), "_since": target.state_since}
    return None


CONFIRM = Gate(
    transition="confirm_revenue",
    number="R6.1",
    permission="invoicing.confirm_revenue",
    states=GONE,
    rules=(value_is_left,),
    roles=("business_support",),
    label=_("Confirm revenue"),
)
ISSUE = Gate(
    transition="issue",
    number="R6.1",
    permission="invoicing.issue_invoice",
    states=(InvoiceState.REQUESTED,),
    people=(actor_did_not_confirm_it,),
    roles=("finance",),
    label=_("Issue"),
)
PAY = Gate(
    transition="pay_off",
    number="R6.7",
    permission="invoicing.record_receipt",
    states=(InvoiceState.ISSUED,),
    rules=(invoice_is_paid_in_full,),
    roles=("finance",),
    label=_("Paid"),
)
WITHDRAW = Gate(
    transition="withdraw",
    number="R6.1",
    permission="invoicing.confirm_revenue",
    states=(InvoiceState.REQUESTED,),
    roles=("business_support",),
    label=_("Withdraw"),
)
