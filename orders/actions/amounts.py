"""What a line comes to, of an order or of a quotation (R1.6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import line_amounts
from core.rules import Blocked, Reason
from orders.content import HUNDRED

LARGEST = Decimal(10) ** 13
ZERO = Decimal(0)


def count_line(line: Any, currency: str) -> None:
    """Goods, discount, tax and total of the line, half up in the currency's minor unit.

    Zero without a product or a price. Raises Blocked when the amount passes what can be stored.
    """
    if line.product_id is None or line.price is None:
        line.goods = line.discount = line.tax = line.total = ZERO
        return
    rate = line.tax_rate / HUNDRED
    amounts = line_amounts(line.quantity, line.price, line.discount_percent, rate, currency)
    if amounts.goods >= LARGEST:
        raise Blocked([_too_large(line)])
    line.goods, line.discount = amounts.goods, amounts.discount
    line.tax, line.total = amounts.tax, amounts.total


def _too_large(line: Any) -> Reason:
    return Reason(
        rule="R1.6",
        key="amount_can_be_stored",
        text=_("Line %(position)s: the amount is too large."),
        facts={"position": line.position},
        field_name="quantity",
    )
