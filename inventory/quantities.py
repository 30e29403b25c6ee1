"""Quantities as people read them, and whether a unit can have them."""

from decimal import Decimal

from core.showing import figure


def plain(quantity: Decimal | int) -> str:
    """The quantity without idle zeros: 100, 2.5."""
    return figure(quantity)


def in_steps(quantity: Decimal, step: Decimal) -> bool:
    """Whether the unit has this quantity: above zero and a multiple of its smallest step."""
    return quantity > 0 and quantity % step == 0
