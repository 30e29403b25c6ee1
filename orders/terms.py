"""What an order's terms ask, in its currency, and when (R6.8); docs/adr/0014.

The one place that production, shipping, credit and the pages read it from.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from customers.terms import ALL, MONEY_FIRST, share_before_production, share_before_shipping

CENT = Decimal("0.01")


def asked_before_production(order: Any) -> Decimal:
    """R6.8: what is in before the order is released: all if prepaid, the deposit where there is one."""
    return _share(order, share_before_production(order))


def asked_before_shipping(order: Any) -> Decimal:
    """R6.8: what is in before the last of it leaves: all where money comes first, else the deposit."""
    return _share(order, share_before_shipping(order))


def is_money_first(order: Any) -> bool:
    """Whether the terms hold production and shipping until the money is in, so that no credit is taken."""
    return order.payment_terms in MONEY_FIRST


def _share(order: Any, percent: Decimal) -> Decimal:
    return (order.grand_total * percent / ALL).quantize(CENT, ROUND_HALF_UP)
