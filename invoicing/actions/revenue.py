"""Business support confirms revenue and asks finance for the invoice (R6.1, R6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.inbox import notify_role
from core import figures
from core.audit import record
from core.locks import lock
from core.money import round_money
from core.numbering import next_number
from core.rules import Blocked, Stale
from core.transitions import bump_version
from invoicing import gates
from invoicing.models import Invoice, InvoiceLine
from logistics.models import Shipment, ShipmentLine
from orders.models import SalesOrder

ZERO = Decimal(0)


@transaction.atomic
def confirm_revenue(
    shipment: Shipment,
    *,
    kind: str,
    actor: Any,
    amount: Decimal | None = None,
    buyer_name: str = "",
    buyer_tax_id: str = "",
) -> Invoice:
    """Confirm revenue of a shipment that left, at order prices, and ask finance for the invoice (R6.1).

    `amount` with tax, in the order's currency; all that is left, if none is given. It is spread over the
    lines in proportion. Raises Blocked when it passes the goods value (R6.2), when the invoice is to go to
    somebody else than the customer (R6.6), or when the goods have not left.
    """
    lock(SalesOrder, shipment.order_id)  # the invoice will name it, and who issues another one locks it first
    shipment = lock(Shipment, shipment.pk, "order__customer", "team")
    customer = shipment.order.customer
    amount = shipment.unconfirmed if amount is None else amount
    buyer = buyer_name or customer.name
    reasons = gates.CONFIRM.reasons(shipment, actor)
    if shipment.has_left and shipment.unconfirmed > 0:
        reasons += gates.amount_is_within_goods_value.broken(
            shipment, amount
        ) or gates.amount_is_money.broken(amount, shipment.currency)
    reasons += gates.buyer_is_the_customer.broken(customer, buyer)
    if reasons:
        raise Blocked(reasons)
    _claim(shipment, amount)
    invoice = Invoice.objects.create(
        request_number=next_number("invoice_request"),
        kind=kind,
        order=shipment.order,
        shipment=shipment,
        customer=customer,
        currency=shipment.currency,
        amount=amount,
        buyer_name=buyer,
        buyer_tax_id=buyer_tax_id or customer.tax_id,
        confirmed_by=actor,
    )
    _write_lines(invoice)
    record(
        "invoice.requested",
        thread=shipment.order.thread,
        actor=actor,
        subject=invoice.request_number,
        shipment=shipment.number,
        amount=f"{amount:,.2f} {invoice.currency}",
        kind=str(invoice.kind),
    )
    notify_role(
        "finance",
        "invoice_requested",
        key=f"invoice-requested:{invoice.pk}",
        link=invoice.get_absolute_url(),
        request=invoice.request_number,
        order=shipment.order.number,
    )
    return invoice


@transaction.atomic
def withdraw_request(
    invoice: Invoice, *, actor: Any, reason: str = "", version: int | None = None
) -> Invoice:
    """Take the request back before it is issued: its value can be confirmed anew."""
    shipment = lock(Shipment, invoice.shipment_id)
    invoice = lock(Invoice, invoice.pk, "order")
    bump_version(invoice, expected=version)
    invoice.withdraw(actor=actor)
    invoice.save(update_fields=["state", "state_since"])
    freed = Shipment.objects.filter(
        pk=shipment.pk, confirmed_value__gte=figures.money(F("invoiced_value") + invoice.amount)
    ).update(confirmed_value=figures.money(F("confirmed_value") - invoice.amount))
    if not freed:
        raise Stale(shipment)
    record(
        "invoice.withdrawn",
        thread=invoice.order.thread,
        actor=actor,
        subject=invoice.request_number,
        reason=reason,
    )
    return invoice


def _claim(shipment: Shipment, amount: Decimal) -> None:
    """R6.2 once more, by the condition of the UPDATE: never more than the goods value."""
    within = figures.money(F("goods_value") + F("freight") - amount)
    claimed = Shipment.objects.filter(pk=shipment.pk, confirmed_value__lte=within).update(
        confirmed_value=figures.money(F("confirmed_value") + amount)
    )
    if not claimed:
        raise Stale(shipment)


@dataclass(frozen=True)
class _Part:
    """One thing that is billed, in full: goods of a shipment line, or the freight."""

    name: str
    specification: str
    unit: str
    quantity: Decimal
    value: Decimal
    tax_rate: Decimal
    line: ShipmentLine | None = None


def _write_lines(invoice: Invoice) -> None:
    """Spread the amount over the parts in proportion; the last one takes the difference of rounding."""
    parts = [part for part in _parts(invoice.shipment) if part.value]  # what is free is not billed
    whole = sum((part.value for part in parts), ZERO)
    left, lines = invoice.amount, []
    for place, part in enumerate(parts, start=1):
        share = round_money(part.value * invoice.amount / whole, invoice.currency)
        total = left if place == len(parts) else min(share, left)
        left -= total
        if total > 0:
            lines.append(_line(invoice, part, total))
    InvoiceLine.objects.bulk_create(lines)
    invoice.tax = sum((line.tax for line in lines), ZERO)
    invoice.save(update_fields=["tax"])


def _parts(shipment: Shipment) -> list[_Part]:
    rows = shipment.lines.select_related("order_line__product").order_by("order_line__position")
    parts = [
        _Part(
            name=row.order_line.product.name,
            specification=row.order_line.specification or row.order_line.product.specification,
            unit=row.order_line.unit,
            quantity=row.quantity,
            value=row.goods_value,
            tax_rate=row.order_line.tax_rate,
            line=row,
        )
        for row in rows
    ]
    if shipment.freight:
        rate = max((part.tax_rate for part in parts), default=ZERO)
        parts.append(_Part(_("Freight"), "", "", Decimal(1), shipment.freight, rate))
    return parts


def _line(invoice: Invoice, part: _Part, total: Decimal) -> InvoiceLine:
    tax = round_money(total - total / (1 + part.tax_rate / 100), invoice.currency)
    quantity = part.quantity if total == part.value else part.quantity * total / part.value
    return InvoiceLine(
        invoice=invoice,
        shipment_line=part.line,
        name=part.name,
        specification=part.specification,
        unit=part.unit,
        quantity=quantity.quantize(Decimal("0.001")),
        tax_rate=part.tax_rate,
        total=total,
        tax=tax,
    )
