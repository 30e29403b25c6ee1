"""R2.7: what of a line is short, and what could be done: a part now, later, something else, production."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Sum

from core import figures
from inventory.models import Product, ProductionOrder
from inventory.queries import available, propose_supply
from inventory.states import LIVE_PRODUCTION

#: So many substitutes are offered for a line.
OFFERED = 2
ZERO = Decimal(0)


@dataclass(frozen=True)
class Shortage:
    """One line that free stock does not serve whole, and what could be done about it."""

    line: Any
    free: Decimal
    short: Decimal
    later_on: date | None  # when production that is owed to no order ends
    substitutes: tuple[tuple[Product, Decimal], ...]  # kept for its product, with what is free of each


@dataclass(frozen=True)
class UnderWay:
    """What production owes of one product, and the last day on which it ends."""

    quantity: Decimal
    ends_on: date


def shortages(lines: Iterable[Any]) -> list[Shortage]:
    """The lines that free stock does not serve, served in their order: four queries, however many lines."""
    served = propose_supply([line for line in lines if line.product_id])
    short = [each for each in served if each.to_make > 0]
    if not short:
        return []
    products = {each.demand.product_id for each in short}
    later, instead = under_way(products, for_nobody=True), _substitutes(products)
    return [
        Shortage(
            each.demand,
            each.from_stock,
            each.to_make,
            later[each.demand.product_id].ends_on if each.demand.product_id in later else None,
            _fitting(each.demand, each.to_make, instead[each.demand.product_id]),
        )
        for each in short
    ]


def under_way(products: Collection[int], *, for_nobody: bool = False) -> dict[int, UnderWay]:
    """The load by product: what live production orders still owe, and when the last of them ends.

    `for_nobody`: only what no order's line waits for, which is all that another order can be given.
    """
    rows = ProductionOrder.objects.filter(product_id__in=products, state__in=LIVE_PRODUCTION).order_by()
    if for_nobody:
        rows = rows.filter(requirement__order_line=None)
    return {
        product: UnderWay(owed, max(day for day in (promised, due) if day))
        for product, owed, promised, due in rows.values("product_id")
        .annotate(
            owed=Sum(figures.quantity(F("quantity") - F("passed"))),
            promised=Max("promised_on"),
            due=Max("due_on"),
        )
        .values_list("product_id", "owed", "promised", "due")
    }


def _substitutes(products: Collection[int]) -> dict[int, list[tuple[Product, Decimal]]]:
    """By product what is kept as its substitute, is sold, and is free, the most first: two queries."""
    found: dict[int, list[tuple[Product, Decimal]]] = defaultdict(list)
    pairs = Product.substitutes.through.objects.filter(
        from_product__in=products, to_product__active=True
    ).select_related("to_product")
    rows = [(each.from_product_id, each.to_product) for each in pairs.order_by("pk")]
    free = available({other.pk for _product, other in rows}) if rows else {}
    for product, other in sorted(rows, key=lambda row: -free[row[1].pk]):
        found[product].append((other, free[other.pk]))
    return found


def _fitting(
    line: Any, short: Decimal, offered: list[tuple[Product, Decimal]]
) -> tuple[tuple[Product, Decimal], ...]:
    """What could be delivered in its place: in the same unit, and enough of it."""
    fitting = [(each, free) for each, free in offered if each.unit == line.product.unit and free >= short]
    return tuple(fitting[:OFFERED])
