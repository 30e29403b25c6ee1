"""Money received, and what it is named for (R6.7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core import figures
from core.audit import record
from core.locks import lock
from core.numbering import next_number
from core.rules import Blocked, Reason, Stale
from customers.actions import lock_credit_account, post_exposure
from customers.models import Customer
from invoicing import gates
from invoicing.actions.applying import apply_deposits, apply_to_invoice, settle_if_done
from invoicing.models import Allocation, Invoice, Receipt
from invoicing.states import INVOICE_TAKES_MONEY, ORDER_TAKES_MONEY, InvoiceState
from orders.models import SalesOrder

RECORD = "invoicing.record_receipt"


@transaction.atomic
def record_receipt(
    *,
    customer: Customer,
    amount: Decimal,
    received_on: date,
    method: str,
    payer: str,
    reference: str = "",
    actor: Any,
    note: str = "",
) -> Receipt:
    """Record money received, in the customer's currency; it stays visible until it is allocated (R6.7).

    The same reference of the same customer and method is recorded once. Raises Blocked.
    """
    account = lock_credit_account(customer.pk)
    reasons = _permission(actor) + gates.amount_is_money.broken(amount, customer.currency)
    reasons += gates.reference_is_new.broken(_earlier(customer, method, reference))
    if reasons:
        raise Blocked(reasons)
    receipt = Receipt.objects.create(
        number=next_number("receipt"),
        customer=customer,
        currency=customer.currency,
        amount=amount,
        received_on=received_on,
        method=method,
        payer=payer,
        reference=reference,
        note=note,
        entered_by=actor,
    )
    post_exposure(account, "", document=receipt.number, actor=actor, received=amount)
    record(
        "receipt.recorded",
        thread=receipt.thread,
        actor=actor,
        subject=receipt.number,
        customer=customer.name,
        amount=f"{amount:,.2f} {receipt.currency}",
        method=str(method),
        payer=payer,
    )
    return receipt


@transaction.atomic
def allocate_receipt(
    receipt: Receipt,
    *,
    amount: Decimal,
    actor: Any,
    order: SalesOrder | None = None,
    invoice: Invoice | None = None,
) -> Allocation:
    """Name money of a receipt for an order (deposit, prepayment) or for one of its invoices (R6.7).

    Money for an order pays its open invoices at once, oldest first; the rest waits for the next. Raises
    Blocked with the figures when it is more than the receipt has or than is owed.
    """
    if (order is None) == (invoice is None):
        raise ValueError("money is named for an order or for an invoice")
    account = lock_credit_account(receipt.customer_id)
    order = lock(SalesOrder, invoice.order_id if invoice else order.pk, "customer")  # type: ignore[union-attr]
    invoice = lock(Invoice, invoice.pk, "order") if invoice else None
    receipt = lock(Receipt, receipt.pk)
    reasons = _permission(actor) + _refusals(receipt, amount, order, invoice)
    if reasons:
        raise Blocked(reasons)
    _take(receipt, amount)
    SalesOrder.objects.filter(pk=order.pk).update(paid_total=figures.money(F("paid_total") + amount))
    allocation = Allocation.objects.create(
        receipt=receipt, order=order, invoice=invoice, amount=amount, allocated_by=actor
    )
    post_exposure(account, "", document=receipt.number, actor=actor, received=-amount)
    post_exposure(account, order.number, document=receipt.number, actor=actor, received=amount, paid=amount)
    _record_allocation(receipt, amount, order, invoice, actor)
    if invoice is not None:
        apply_to_invoice(account, invoice, amount, actor=actor)
    else:
        _pay_open_invoices(account, order, actor)
    settle_if_done(order.pk, actor=actor)
    return allocation


def _earlier(customer: Customer, method: str, reference: str) -> Receipt | None:
    """The receipt that has this reference already."""
    if not reference:
        return None
    return Receipt.objects.filter(customer=customer, method=method, reference=reference).first()


def _pay_open_invoices(account: Any, order: SalesOrder, actor: Any) -> None:
    open_ones = Invoice.objects.filter(order=order, state=InvoiceState.ISSUED).order_by("due_on", "pk")
    for pk in open_ones.values_list("pk", flat=True):
        apply_deposits(account, order, lock(Invoice, pk, "order"), actor=actor)


def _refusals(receipt: Receipt, amount: Decimal, order: SalesOrder, invoice: Invoice | None) -> list[Reason]:
    target: Any = invoice or order
    takes = INVOICE_TAKES_MONEY if invoice else ORDER_TAKES_MONEY
    found = gates.receipt_has_so_much_left.broken(receipt, amount)
    found = found or gates.amount_is_money.broken(amount, receipt.currency)
    found += gates.money_is_of_the_customer.broken(receipt, target)
    found += gates.target_takes_money.broken(target, takes)
    if invoice is not None:
        return found + gates.target_owes_so_much.broken(invoice, amount, invoice.open_amount)
    return found + gates.target_owes_so_much.broken(order, amount, order.grand_total - order.paid_total)


def _take(receipt: Receipt, amount: Decimal) -> None:
    """Over-allocation once more, by the condition of the UPDATE (I10)."""
    taken = Receipt.objects.filter(pk=receipt.pk, amount__gte=figures.money(F("allocated") + amount)).update(
        allocated=figures.money(F("allocated") + amount)
    )
    if not taken:
        raise Stale(receipt)
    receipt.allocated += amount


def _record_allocation(
    receipt: Receipt, amount: Decimal, order: SalesOrder, invoice: Invoice | None, actor: Any
) -> None:
    facts = {
        "amount": f"{amount:,.2f} {receipt.currency}",
        "receipt": receipt.number,
        "target": str(invoice or order),
    }
    for thread in (order.thread, receipt.thread):
        record("receipt.allocated", thread=thread, actor=actor, subject=receipt.number, **facts)


def _permission(actor: Any) -> list[Reason]:
    if actor.is_active and (actor.is_system or actor.has_perm(RECORD)):
        return []
    text = _("Your role does not open this step.")
    return [Reason("R10.2", "permission", text, opened_by=("finance",))]
