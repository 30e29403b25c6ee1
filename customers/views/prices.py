"""What a customer paid for each product: last, lowest, and what is agreed (R3.4, R1.7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Min, OuterRef, Subquery, Value
from django.utils import timezone

from core import figures
from customers.models import Customer
from customers.queries import agreement_steps
from orders.models import OrderLine, SalesOrder
from orders.states import COMMITTED

SHOWN = 50
HUNDRED, HUNDREDTH = Decimal(100), Decimal("0.01")


def prices_of(customer: Customer, user: Any) -> list[dict[str, Any]]:
    """The products bought last, first; prices tax included and after the line's discount."""
    orders = SalesOrder.objects.visible_to(user).filter(customer=customer, state__in=COMMITTED)
    lines = OrderLine.objects.filter(
        order__in=orders,
        order__currency=customer.currency,
        product__isnull=False,
        quantity__gt=0,
        price__isnull=False,
    )
    kept = (Value(HUNDRED) - F("discount_percent")) * Value(HUNDREDTH)
    lines = lines.annotate(paid=figures.unit_price(F("price") * kept))
    last = lines.filter(product=OuterRef("product")).order_by("-order__ordered_on", "-order_id", "-pk")
    rows: list[dict[str, Any]] = list(
        lines.values("product", "product__code", "product__name", "product__unit")
        .annotate(
            lowest=Min("paid"),
            last_on=Max("order__ordered_on"),
            last=Subquery(last.values("paid")[:1]),
            last_order=Subquery(last.values("order__number")[:1]),
        )
        .order_by("-last_on", "product__code")[:SHOWN]
    )
    today = timezone.localdate()
    products = [row["product"] for row in rows]
    agreed = agreement_steps(customer.pk, products, currency=customer.currency, on=today)
    return [
        {
            "code": row["product__code"],
            "name": row["product__name"],
            "unit": row["product__unit"],
            "lowest": row["lowest"],
            "last": row["last"],
            "last_on": row["last_on"],
            "order": row["last_order"],
            "agreed": agreed.get(row["product"], []),
        }
        for row in rows
    ]
