"""Money that is named for an order meets the order's invoices; what is paid closes them (R6.7, R6.10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from core import figures
from core.audit import record
from core.locks import lock
from core.rules import Stale
from customers.actions import post_exposure
from invoicing.models import Allocation, Invoice
from orders import gates as order_gates
from orders.models import SalesOrder


def apply_deposits(account: Any, order: SalesOrder, invoice: Invoice, *, actor: Any) -> None:
    """Use the order's money that no invoice has yet, oldest first, for this invoice.

    The caller holds the locks of account, order and invoice.
    """
    waiting = Allocation.objects.filter(order=order, invoice=None, amount__gt=0).order_by(
        "allocated_at", "pk"
    )
    for allocation in list(waiting):
        amount = min(allocation.amount, invoice.open_amount)
        if amount <= 0:
            break
        _split(allocation, invoice, amount, actor)
        apply_to_invoice(account, invoice, amount, actor=actor)


def apply_to_invoice(account: Any, invoice: Invoice, amount: Decimal, *, actor: Any) -> None:
    """Pay an invoice with money that its order has: received and invoiced both sink (I10)."""
    paid = Invoice.objects.filter(pk=invoice.pk, amount__gte=figures.money(F("paid") + amount)).update(
        paid=figures.money(F("paid") + amount)
    )
    if not paid:
        raise Stale(invoice)
    invoice.paid += amount
    post_exposure(
        account,
        invoice.order.number,
        document=invoice.number or invoice.request_number,
        actor=actor,
        received=-amount,
        invoiced=-amount,
    )
    if not invoice.open_amount:
        invoice.pay_off(actor=actor)
        invoice.save(update_fields=["state", "state_since"])
        record(
            "invoice.paid",
            thread=invoice.order.thread,
            actor=actor,
            subject=invoice.request_number,
            number=invoice.number,
        )


def settle_if_done(order_id: int, *, actor: Any) -> bool:
    """R6.10: the order is settled as soon as its gate opens; whether it was."""
    order = lock(SalesOrder, order_id, "customer")
    if order_gates.SETTLE.reasons(order, actor):
        return False
    order.settle(actor=actor, at=timezone.now())
    order.save(update_fields=["state", "state_since", "settled_at"])
    record("order.settled", thread=order.thread, actor=actor, subject=order.number)
    return True


def _split(allocation: Allocation, invoice: Invoice, amount: Decimal, actor: Any) -> None:
    """Name the money for the invoice; what is over stays with the order."""
    if amount == allocation.amount:
        allocation.invoice = invoice
        allocation.save(update_fields=["invoice"])
        return
    Allocation.objects.filter(pk=allocation.pk).update(amount=figures.money(F("amount") - amount))
    Allocation.objects.create(
        receipt_id=allocation.receipt_id,
        order_id=allocation.order_id,
        invoice=invoice,
        amount=amount,
        allocated_by=actor,
    )
