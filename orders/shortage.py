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
from inventory.models import Product, ProductionOrder, Stock
from inventory.queries import propose_supply
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
    later_on: date | None  # when production of the product that is under way ends
    substitutes: tuple[tuple[Product, Decimal], ...]  # of the same category, with what is free of each


@dataclass(frozen=True)
class UnderWay:
    """What production owes of one product, and the last day on which it ends."""

    quantity: Decimal
    ends_on: date


def shortages(lines: Iterable[Any]) -> list[Shortage]:
    """The lines that free stock does not serve, served in their order: three queries, however many lines."""
    served = propose_supply([line for line in lines if line.product_id])
    short = [each for each in served if each.to_make > 0]
    if not short:
        return []
    products = {each.demand.product_id for each in short}
    later, instead = under_way(products), _in_stock({each.demand.product.category_id for each in short})
    return [
        Shortage(
            each.demand,
            each.from_stock,
            each.to_make,
            later[each.demand.product_id].ends_on if each.demand.product_id in later else None,
            _fitting(each.demand, each.to_make, instead[each.demand.product.category_id]),
        )
        for each in short
    ]


def under_way(products: Collection[int]) -> dict[int, UnderWay]:
    """The load by product: what live production orders still owe, and when the last of them ends."""
    rows = ProductionOrder.objects.filter(product_id__in=products, state__in=LIVE_PRODUCTION).order_by()
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


def _in_stock(categories: Collection[int | None]) -> dict[int | None, list[tuple[Product, Decimal]]]:
    """By category the products that are sold and of which something is free, the most first."""
    wanted = [each for each in categories if each is not None]
    found: dict[int | None, list[tuple[Product, Decimal]]] = defaultdict(list)
    if not wanted:
        return found
    rows = (
        Stock.objects.filter(product__category__in=wanted, product__active=True)
        .values("product_id")
        .annotate(left=Sum(figures.quantity(F("on_hand") - F("reserved"))))
        .filter(left__gt=0)
        .order_by("-left", "product_id")
        .values_list("product_id", "left")[:200]
    )
    left = dict(rows)
    products = Product.objects.in_bulk(left)
    for pk, free in left.items():
        found[products[pk].category_id].append((products[pk], free))
    return found


def _fitting(
    line: Any, short: Decimal, offered: list[tuple[Product, Decimal]]
) -> tuple[tuple[Product, Decimal], ...]:
    """What could be delivered in its place: the same unit, and enough of it."""
    fitting = [
        (product, free)
        for product, free in offered
        if product.pk != line.product_id and product.unit == line.product.unit and free >= short
    ]
    return tuple(fitting[:OFFERED])
