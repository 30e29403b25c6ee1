"""Reads that combine products, prices, stock and requirements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import F, Q, Sum

from core import figures
from inventory.models import PriceListItem, Product, ProductCategory, Stock

FOUR_PLACES = Decimal("0.0001")


class Demand(Protocol):
    """Anything that wants a quantity of a product: an order line, a requirement."""

    product_id: int
    quantity: Decimal


@dataclass(frozen=True)
class Supply:
    """How one demand is proposed to be served (R4.1): from free stock, the rest to be made."""

    demand: Any
    from_stock: Decimal
    to_make: Decimal


def attachments_of(category: ProductCategory) -> list[str]:
    """R1.3: the attachments that its orders must carry, by name; whatever else once stood there is none."""
    kept = category.demanded_attachments
    return [each for each in kept if isinstance(each, str) and each] if isinstance(kept, list) else []


def product_names(codes: Collection[str]) -> dict[str, str]:
    """What the products with these codes are called."""
    return dict(Product.objects.filter(code__in=codes).values_list("code", "name"))


def available(product_ids: Iterable[int]) -> dict[int, Decimal]:
    """What is on hand and promised to nobody, over all warehouses, by product; zero where there is none."""
    wanted = list(product_ids)
    rows = (
        Stock.objects.filter(product_id__in=wanted)
        .values("product_id")
        .annotate(left=Sum(figures.quantity(F("on_hand") - F("reserved"))))
        .values_list("product_id", "left")
    )
    return dict.fromkeys(wanted, Decimal(0)) | dict(rows)


def prices(product_ids: Iterable[int], *, currency: str, on: date) -> dict[int, Decimal]:
    """The list price per unit by product, from the price lists in force that day; the latest list wins."""
    items = price_items(product_ids, currency=currency, on=on)
    return {product_id: item.price for product_id, item in items.items()}


def price_items(product_ids: Iterable[int], *, currency: str, on: date) -> dict[int, PriceListItem]:
    """The same, with the price list behind each price (whether it includes tax)."""
    in_force = Q(price_list__valid_until=None) | Q(price_list__valid_until__gte=on)
    items = (
        PriceListItem.objects.filter(in_force, price_list__currency=currency, price_list__valid_from__lte=on)
        .filter(product_id__in=list(product_ids))
        .select_related("price_list")
        .order_by("price_list__valid_from", "price_list_id")
    )
    return {item.product_id: item for item in items}


def listed_prices(products: Iterable[Product], *, currency: str, on: date) -> dict[int, Decimal]:
    """R1.7: the list price in force on a day by product, tax included."""
    rates = {each.pk: each.tax_rate for each in products}
    items = price_items(rates, currency=currency, on=on)
    return {pk: _with_tax(item.price, item.price_list.tax_included, rates[pk]) for pk, item in items.items()}


def propose_supply(demands: Iterable[Demand], *, free: Mapping[int, Decimal] | None = None) -> list[Supply]:
    """Propose how to serve demands, in their order: free stock first, production for the rest (R4.1).

    The same piece is proposed once, however many demands name its product.
    """
    demands = list(demands)
    left = dict(available(each.product_id for each in demands) if free is None else free)
    proposed = []
    for each in demands:
        from_stock = min(each.quantity, max(left.get(each.product_id, Decimal(0)), Decimal(0)))
        left[each.product_id] = left.get(each.product_id, Decimal(0)) - from_stock
        proposed.append(Supply(each, from_stock, each.quantity - from_stock))
    return proposed


def _with_tax(price: Decimal, included: bool, rate: Decimal) -> Decimal:
    return price if included else (price * (1 + rate / 100)).quantize(FOUR_PLACES)
