"""R1.7: what a product costs this customer: by the quotation, by agreement for a quantity, by the list.

A quotation holds its prices (R1.14) and excuses none: nobody approved it, so a quoted price is compared with
the agreement, then the list, as any other (R2.2).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from customers.queries import agreement_steps, price_at
from inventory.models import Product
from orders.models import OrderLine, Quotation, QuotationLine, SalesOrder
from orders.queries import list_prices
from orders.states import PriceSource

#: Sources that follow the quantity and the product by themselves; a typed price stays.
BY_ITSELF = (PriceSource.QUOTATION, PriceSource.AGREEMENT, PriceSource.LIST)


@dataclass(frozen=True)
class PriceBook:
    """The prices of some products for one order, per unit, tax included; read once for all its lines."""

    listed: Mapping[int, Decimal] = field(default_factory=dict)
    steps: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    quoted: Mapping[int, Sequence[Decimal]] = field(default_factory=dict)  # before discount, line by line

    def agreed(self, product_id: int, quantity: Decimal) -> Decimal | None:
        """What a price agreement says for so much."""
        return price_at(self.steps.get(product_id, ()), quantity)

    def held(self, line: OrderLine) -> Decimal | None:
        """R1.14: the line's own quoted price, else what the quotation asks for its product."""
        quoted = self.quoted.get(line.product_id or 0, ())
        own = line.price if line.price_source == PriceSource.QUOTATION and line.price in quoted else None
        return own if own is not None else next(iter(quoted), None)


def price_book(order: SalesOrder, products: Collection[Product]) -> PriceBook:
    """List prices, agreements and the quotation's prices of these products: a fixed number of queries."""
    if not products:
        return PriceBook()
    ids = {each.pk for each in products}
    steps = agreement_steps(order.customer_id, ids, currency=order.currency, on=order.ordered_on)
    return PriceBook(list_prices(order, products), steps, _quoted(order, ids))


def put_price(line: OrderLine, typed: Decimal | None, book: PriceBook) -> None:
    """Give the line its price and say where it comes from.

    Nothing typed means the quoted price, else the agreed one for its quantity, else the list price. A price
    that came by itself moves with product and quantity; one that was typed stays.
    """
    if line.product_id is None:
        line.price, line.list_price, line.agreed_price = typed, None, None
        line.price_source = "" if typed is None else PriceSource.TYPED
        return
    held, agreed = book.held(line), book.agreed(line.product_id, line.quantity)
    line.list_price, line.agreed_price = book.listed.get(line.product_id), agreed
    sources = (
        (PriceSource.QUOTATION, held),
        (PriceSource.AGREEMENT, agreed),
        (PriceSource.LIST, line.list_price),
    )
    by_itself = next((price for _source, price in sources if price is not None), None)
    line.price = by_itself if typed is None else typed
    found = next((source for source, price in sources if price == line.price), PriceSource.TYPED)
    line.price_source = "" if line.price is None else found


def _quoted(order: SalesOrder, product_ids: Collection[int]) -> dict[int, list[Decimal]]:
    """R1.14: the prices of the quotation that the order came from, if they were held on the order's day."""
    if order.quotation_id is None:
        return {}
    held = Quotation.objects.valid(on=order.ordered_on).filter(pk=order.quotation_id, currency=order.currency)
    rows = QuotationLine.objects.filter(quotation__in=held, product_id__in=product_ids, price__isnull=False)
    found: dict[int, list[Decimal]] = {}
    for product, price in rows.order_by("position").values_list("product_id", "price"):
        found.setdefault(product, []).append(price)
    return found
