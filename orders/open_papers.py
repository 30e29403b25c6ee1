"""What stands open with a customer here, in the currency of its account (R5.7)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from customers.open_papers import open_papers
from orders.models import Quotation, SalesOrder
from orders.states import OrderState, QuotationState

MOST = 5


@open_papers
def open_orders(customer: Any) -> list[str]:
    """Its orders, and with them its shipments, until they are settled or cancelled."""
    rows = SalesOrder.objects.filter(customer=customer)
    rows = rows.exclude(state__in=(OrderState.SETTLED, OrderState.CANCELLED))
    return list(rows.order_by("pk").values_list("number", flat=True)[:MOST])


@open_papers
def open_quotations(customer: Any) -> list[str]:
    """Its quotations from which an order may still come."""
    holds = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
    rows = Quotation.objects.filter(
        holds, customer=customer, state__in=(QuotationState.DRAFT, QuotationState.SENT)
    )
    return [str(each) for each in rows.order_by("pk")[:MOST]]
