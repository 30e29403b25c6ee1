"""Quantities as people read them, and whether a unit can have them."""

from decimal import Decimal


def plain(quantity: Decimal | int) -> str:
    """The quantity without idle zeros: 100, 2.5."""
    return f"{Decimal(quantity).normalize():f}"


def in_steps(quantity: Decimal, step: Decimal) -> bool:
    """Whether the unit has this quantity: above zero and a multiple of its smallest step."""
    return quantity > 0 and quantity % step == 0
