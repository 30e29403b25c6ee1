"""Sums inside the database that come out alike on both: SQLite keeps decimals as binary fractions.

There 0.1 + 0.2 is more than 0.3, so an invoice paid to the cent would still look open. Whatever the
database adds up, in a constraint, a condition or an UPDATE, is rounded to the column's own places.
"""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Round


def money(expression: Any) -> Round:
    """An amount added up by the database, to the cent."""
    return Round(expression, precision=2)


def quantity(expression: Any) -> Round:
    """A quantity added up by the database, to the thousandth."""
    return Round(expression, precision=3)


def unit_price(expression: Any) -> Round:
    """A price per unit worked out by the database, to the ten-thousandth.

    By multiplying only: SQLite keeps 186.00 as a whole number, and divides whole numbers into whole numbers.
    """
    return Round(expression, precision=4)
