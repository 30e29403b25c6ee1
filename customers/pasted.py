"""Rows pasted out of a sheet: price agreements and part numbers, every bad row named (R3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.fields import DateField, Number, Price, Text
from inventory.models import Product

MOST = 500
_PARTS = re.compile(r"\t|\s*[;；]\s*| {2,}")
Row = Sequence[str]


def read_agreements(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of product code, quantity from, price, valid from, valid until; what is wrong, row by row."""
    return _read(text, 4, _agreement)


def read_part_numbers(text: str) -> tuple[list[tuple[str, Product]], list[str]]:
    """Rows of the customer's number and our product code; what is wrong, row by row."""
    return _read(text, 2, _part_number)


def _read(text: str, least: int, make: Callable[[Row, dict[str, Product]], Any]) -> tuple[list, list[str]]:
    rows = [
        (place, _PARTS.split(row.strip())) for place, row in enumerate(text.splitlines(), 1) if row.strip()
    ]
    if len(rows) > MOST:
        return [], [_("At most %(most)s rows at a time.") % {"most": MOST}]
    codes = {cell for _place, cells in rows for cell in cells[:2]}
    products = {each.code: each for each in Product.objects.filter(code__in=codes)}
    made, wrong = [], []
    for place, cells in rows:
        try:
            if len(cells) < least:
                raise ValidationError(_("%(least)s columns are needed.") % {"least": least})
            made.append(make(cells, products))
        except ValidationError as error:
            wrong.append(_("Row %(row)s: %(what)s") % {"row": place, "what": " ".join(error.messages)})
    return made, wrong


def _agreement(cells: Row, products: dict[str, Product]) -> dict[str, Any]:
    return {
        "product": _product(cells[0], products),
        "min_quantity": Number(min_value=0, decimal_places=3, max_digits=14).clean(cells[1]),
        "price": Price(max_digits=14).clean(cells[2]),
        "valid_from": DateField().clean(cells[3]),
        "valid_until": DateField(required=False).clean(cells[4] if len(cells) > 4 else ""),
    }


def _part_number(cells: Row, products: dict[str, Product]) -> tuple[str, Product]:
    return Text(max_length=60).clean(cells[0]), _product(cells[1], products)


def _product(code: str, products: dict[str, Product]) -> Product:
    if code not in products:
        raise ValidationError(_("There is no product “%(code)s”.") % {"code": code[:40]})
    return products[code]
