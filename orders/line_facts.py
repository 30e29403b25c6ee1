"""What a rep wants to know of each line while typing: prices paid, what is free, and when (R1.7).

The cost is a fixed number of queries, whether one line is asked about or three hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from inventory.models import ProductionOrder
from inventory.queries import available
from inventory.states import LIVE_PRODUCTION
from orders.content import HUNDRED
from orders.models import OrderLine, SalesOrder
from orders.states import COMMITTED

PAID_SHOWN = 3
FOUR_PLACES = Decimal("0.0001")
ZERO = Decimal(0)


@dataclass(frozen=True)
class LineFacts:
    """Of one line: up to three prices paid (newest first), what is left for it, when production ends."""

    paid: list[tuple[Decimal, date]] = field(default_factory=list)
    free: Decimal = ZERO
    made_by: date | None = None  # last promise of production already under way for this product


def facts_of(order: SalesOrder, lines: Collection[OrderLine]) -> dict[int, LineFacts]:
    """The facts of these lines of the order by the line's key; what earlier lines take is no longer free."""
    ids = {line.product_id for line in lines if line.product_id}
    if not ids:
        return {}
    paid, made = prices_paid(order, ids), _made_by(ids)
    free = _free(order, ids)
    return {
        line.pk: LineFacts(paid[line.product_id], free.get(line.pk, ZERO), made.get(line.product_id))
        for line in lines
        if line.product_id
    }


def prices_paid(
    order: SalesOrder, product_ids: Iterable[int]
) -> defaultdict[int | None, list[tuple[Decimal, date]]]:
    """What the customer last paid per unit after discount, with the day, newest first, in approved orders."""
    place = Window(
        RowNumber(), partition_by=F("product_id"), order_by=(F("order__ordered_on").desc(), F("pk").desc())
    )
    rows = (
        OrderLine.objects.filter(
            order__customer=order.customer_id,
            order__state__in=COMMITTED,
            order__currency=order.currency,
            product_id__in=list(product_ids),
            price__isnull=False,
        )
        .exclude(order=order)
        .annotate(place=place)
        .filter(place__lte=PAID_SHOWN)
        .order_by("product_id", "place")
        .values_list("product_id", "price", "discount_percent", "order__ordered_on")
    )
    found: defaultdict[int | None, list[tuple[Decimal, date]]] = defaultdict(list)
    for product_id, price, discount, day in rows:
        net = (price * (1 - discount / HUNDRED)).quantize(FOUR_PLACES)
        found[product_id].append((net, day))
    return found


def _free(order: SalesOrder, product_ids: Collection[int]) -> dict[int, Decimal]:
    """What is left of its product when a line's turn comes, the lines served in their order."""
    left = available(product_ids)
    found = {}
    rows = OrderLine.objects.filter(order=order, product_id__in=product_ids).order_by("position")
    for pk, product_id, quantity in rows.values_list("pk", "product_id", "quantity"):
        found[pk] = max(left[product_id], ZERO)
        left[product_id] -= quantity
    return found


def _made_by(product_ids: Collection[int]) -> dict[int, date | None]:
    rows = ProductionOrder.objects.filter(
        product_id__in=product_ids, state__in=LIVE_PRODUCTION, promised_on__isnull=False
    )
    return dict(
        rows.order_by()
        .values("product_id")
        .annotate(last=Max("promised_on"))
        .values_list("product_id", "last")
    )
