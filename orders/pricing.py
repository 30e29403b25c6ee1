"""R1.7: what a product costs this customer: by the quotation, by agreement for a quantity, by the list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from customers.queries import agreement_steps, price_at
from inventory.models import Product
from orders.models import OrderLine, QuotationLine, SalesOrder
from orders.queries import list_prices
from orders.states import PriceSource

#: Sources that follow the quantity and the product by themselves; a typed price stays.
BY_ITSELF = (PriceSource.QUOTATION, PriceSource.AGREEMENT, PriceSource.LIST)


@dataclass(frozen=True)
class PriceBook:
    """The prices of some products for one order, per unit, tax included; read once for all its lines."""

    listed: Mapping[int, Decimal] = field(default_factory=dict)
    steps: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    quoted: Mapping[int, Decimal] = field(default_factory=dict)

    def agreed(self, product_id: int, quantity: Decimal) -> tuple[Decimal | None, str]:
        """What was agreed for so much, and where: the order's quotation while valid, else an agreement."""
        if product_id in self.quoted:
            return self.quoted[product_id], PriceSource.QUOTATION
        return price_at(self.steps.get(product_id, ()), quantity), PriceSource.AGREEMENT


def price_book(order: SalesOrder, products: Collection[Product]) -> PriceBook:
    """List prices, agreements and the quotation's prices of these products: a fixed number of queries."""
    if not products:
        return PriceBook()
    ids = {each.pk for each in products}
    steps = agreement_steps(order.customer_id, ids, currency=order.currency, on=order.ordered_on)
    return PriceBook(list_prices(order, products), steps, _quoted(order, ids))


def put_price(line: OrderLine, typed: Decimal | None, book: PriceBook) -> None:
    """Give the line its price and say where it comes from.

    Nothing typed means the agreed price for its quantity, else the list price. A price that came by itself
    moves with product and quantity; one that was typed stays.
    """
    if line.product_id is None:
        line.price, line.list_price, line.agreed_price = typed, None, None
        line.price_source = "" if typed is None else PriceSource.TYPED
        return
    agreed, agreed_by = book.agreed(line.product_id, line.quantity)
    line.list_price, line.agreed_price = book.listed.get(line.product_id), agreed
    if typed is None:
        typed = line.list_price if agreed is None else agreed
    line.price = typed
    if typed is None:
        line.price_source = ""
    elif typed == agreed:
        line.price_source = agreed_by
    else:
        line.price_source = PriceSource.LIST if typed == line.list_price else PriceSource.TYPED


def _quoted(order: SalesOrder, product_ids: Collection[int]) -> dict[int, Decimal]:
    """R1.14: the prices of the quotation that the order came from, while it is valid."""
    quotation = order.quotation if order.quotation_id else None
    if quotation is None or not quotation.is_valid or quotation.currency != order.currency:
        return {}
    rows = QuotationLine.objects.filter(quotation=quotation, product_id__in=product_ids, price__isnull=False)
    return dict(rows.order_by("-position").values_list("product_id", "price"))
