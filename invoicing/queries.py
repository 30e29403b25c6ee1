"""Reads for the pages of money: what a receipt can be named for, what waits for finance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Sum
from django.utils import timezone

from core.figures import money
from invoicing.models import Invoice, Receipt
from invoicing.querysets import is_uninvoiced
from invoicing.states import ORDER_TAKES_MONEY, InvoiceState
from logistics.models import Shipment
from orders.models import SalesOrder


def open_invoices(receipt: Receipt) -> QuerySet[Invoice]:
    """The customer's invoices that are not paid, those due first first."""
    rows = Invoice.objects.filter(customer=receipt.customer_id, currency=receipt.currency)
    return rows.filter(state=InvoiceState.ISSUED).select_related("order").order_by("due_on", "pk")


@dataclass(frozen=True)
class PastDue:
    """What a customer has not paid in time: how many invoices, what is open of them, the longest delay."""

    count: int
    amount: Decimal
    days: int


def past_due_of(customer_id: int) -> PastDue:
    """R6.9: a customer's overdue receivables, in its currency; one question to the database."""
    today = timezone.localdate()
    rows = Invoice.objects.past_due(today).filter(customer=customer_id)
    found = rows.aggregate(count=Count("pk"), amount=money(Sum(F("amount") - F("paid"))), since=Min("due_on"))
    days = (today - found["since"]).days if found["since"] else 0
    return PastDue(found["count"], found["amount"] or Decimal(0), days)


def unpaid_orders(receipt: Receipt) -> QuerySet[SalesOrder]:
    """The customer's orders that can still take a deposit or prepayment, oldest first."""
    rows = SalesOrder.objects.filter(customer=receipt.customer_id, currency=receipt.currency)
    rows = rows.filter(state__in=ORDER_TAKES_MONEY, paid_total__lt=F("grand_total"))
    return rows.annotate(owed=money(F("grand_total") - F("paid_total"))).order_by("ordered_on", "pk")


def uninvoiced(user: Any, as_of: Any) -> QuerySet[Any]:
    """R6.3: the shipments whose time for invoicing has passed, of those that this person may see."""
    rows = Shipment.objects.visible_to(user).filter(is_uninvoiced(as_of))
    left = money(F("goods_value") + F("freight") - F("invoiced_value"))
    return rows.annotate(left=left).select_related("order__customer", "order__owner", "team")
