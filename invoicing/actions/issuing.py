"""Finance issues the invoice: its number at posting, its paper, the deposits applied (R6.1, R6.12)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.inbox import notify
from core import figures
from core.audit import record
from core.documents import house, request_document
from core.locks import lock
from core.models import Document
from core.money import capital_numerals
from core.numbering import next_number
from core.rules import Stale
from core.transitions import bump_version
from customers.actions import lock_credit_account, post_exposure
from customers.models import PaymentTerms
from invoicing import gates
from invoicing.actions.applying import apply_deposits, settle_if_done
from invoicing.models import Invoice, InvoiceLine
from invoicing.querysets import add_months
from invoicing.states import InvoiceKind
from logistics.models import Shipment
from orders.models import SalesOrder


@transaction.atomic
def issue_invoice(invoice: Invoice, *, actor: Any, version: int | None = None) -> Invoice:
    """Post the invoice under the next number of its series, without a gap (R6.12, I6).

    Writes its paper, moves its amount from shipped to invoiced in the credit account, applies the order's
    deposits, oldest first, and settles the order if that was all. Raises Blocked with every reason.
    """
    account = lock_credit_account(invoice.customer_id)
    order = lock(SalesOrder, invoice.order_id, "customer", "owner", "team")
    shipment = lock(Shipment, invoice.shipment_id)
    invoice = lock(Invoice, invoice.pk, "customer", "order")
    bump_version(invoice, expected=version)
    today = timezone.localdate()
    gates.ISSUE.require(invoice, actor)
    number = next_number(f"invoice_{invoice.kind}", on=today)
    invoice.issue(actor=actor, on=today, number=number)
    invoice.due_on = due_on(order, today)
    invoice.document = _paper(invoice, order)
    invoice.save(
        update_fields=["state", "state_since", "number", "issued_by", "issued_on", "due_on", "document"]
    )
    _count_as_invoiced(invoice, shipment, order)
    post_exposure(
        account,
        order.number,
        document=number,
        actor=actor,
        shipped=-invoice.amount,
        invoiced=invoice.amount,
    )
    record(
        "invoice.issued",
        thread=order.thread,
        actor=actor,
        subject=invoice.request_number,
        number=number,
        amount=f"{invoice.amount:,.2f} {invoice.currency}",
        due=invoice.due_on.isoformat(),
    )
    apply_deposits(account, order, invoice, actor=actor)
    settle_if_done(order.pk, actor=actor)
    _tell_issued(invoice, order)
    return invoice


def due_on(order: SalesOrder, issued: date) -> date:
    """The day on which payment is due, by the order's terms."""
    if order.payment_terms == PaymentTerms.CREDIT:
        return issued + timedelta(days=order.credit_days)
    if order.payment_terms == PaymentTerms.MONTHLY:
        month_end = add_months(issued.replace(day=1), 1) - timedelta(days=1)
        return month_end + timedelta(days=order.credit_days)
    return issued


def _count_as_invoiced(invoice: Invoice, shipment: Shipment, order: SalesOrder) -> None:
    """R6.2, I10: held by the condition of each UPDATE."""
    counted = Shipment.objects.filter(
        pk=shipment.pk, confirmed_value__gte=figures.money(F("invoiced_value") + invoice.amount)
    ).update(invoiced_value=figures.money(F("invoiced_value") + invoice.amount))
    if not counted:
        raise Stale(shipment)
    counted = SalesOrder.objects.filter(
        pk=order.pk, shipped_total__gte=figures.money(F("invoiced_total") + invoice.amount)
    ).update(invoiced_total=figures.money(F("invoiced_total") + invoice.amount))
    if not counted:
        raise Stale(order)


def _paper(invoice: Invoice, order: SalesOrder) -> Document:
    """Ask for the invoice's PDF; VAT invoices are Chinese."""
    language = "zh-hans"
    company = house(language)
    customer = invoice.customer
    return request_document(
        "invoice",
        number=invoice.number or "",
        thread=order.thread,
        language=language,
        context={
            "number": invoice.number,
            "kind": str(InvoiceKind(invoice.kind)),
            "issued_on": invoice.issued_on,
            "seller": {
                "name": company["name"],
                "tax_id": company["tax_id"],
                "address": f"{company['address']} {company['phone']}",
                "bank": f"{company['bank']} {company['bank_account']}",
            },
            "buyer": {
                "name": invoice.buyer_name,
                "tax_id": invoice.buyer_tax_id,
                "address": customer.invoice_address,
                "bank": customer.invoice_bank,
            },
            "order_number": order.number,
            "currency": invoice.currency,
            "lines": [_paper_line(line) for line in invoice.lines.order_by("pk")],
            "net_total": str(invoice.amount - invoice.tax),
            "tax_total": str(invoice.tax),
            "total": str(invoice.amount),
            "capital_total": capital_numerals(invoice.amount) if invoice.currency == "CNY" else "",
            "note": invoice.note,
        },
    )


def _paper_line(line: InvoiceLine) -> dict[str, str]:
    net = line.total - line.tax
    price = (net / line.quantity).quantize(Decimal("0.000001")) if line.quantity else net
    return {
        "name": line.name,
        "specification": line.specification,
        "unit": line.unit,
        "quantity": str(line.quantity),
        "price_net": str(price),
        "amount_net": str(net),
        "tax_rate": str(line.tax_rate / 100),
        "tax": str(line.tax),
        "total": str(line.total),
    }


def _tell_issued(invoice: Invoice, order: SalesOrder) -> None:
    facts = {"invoice": invoice.number, "order": order.number}
    key, link = f"invoice-issued:{invoice.pk}", invoice.get_absolute_url()
    notify(order.owner, "invoice_issued", key=key, link=link, **facts)
    notify(invoice.confirmed_by, "invoice_issued", key=key, link=link, **facts)
