"""Rows pasted from a spreadsheet: code, quantity, price, due date, discount; all or none (R1.13)."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import DateField, Percent, Price, Quantity, Text
from core.rules import Blocked, Reason

LONGEST = 2000
COLUMNS: dict[str, tuple[Any, Any]] = {
    "product": (_("product"), Text(max_length=120, required=False)),
    "quantity": (_("quantity"), Quantity(required=False, min_value=0)),
    "price": (_("price"), Price(required=False)),
    "due_on": (_("due date"), DateField(required=False)),
    "discount_percent": (_("discount"), Percent(required=False)),
}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")
_SLASHES = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")


def read_rows(text: str) -> list[dict[str, Any]]:
    """The rows as values by column. Raises Blocked with every bad cell, by row and column (R1.13)."""
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if len(lines) > LONGEST:
        raise Blocked([_reason(LONGEST + 1, "–", _("more than %(n)s rows at once") % {"n": LONGEST})])
    split = [_cells(line) for line in lines]
    if split and _is_head(split[0]):
        split[0] = []
    rows, reasons = [], []
    for number, cells in enumerate(split, start=1):
        if any(cells):
            rows.append(_read(number, cells, reasons))
    if reasons:
        raise Blocked(reasons)
    return rows


def _cells(line: str) -> list[str]:
    sign = next((each for each in ("\t", ";", ",") if each in line), "\t")
    return [cell.strip() for cell in line.split(sign)]


def _is_head(cells: list[str]) -> bool:
    return len(cells) > 1 and bool(cells[1]) and not any(each.isdigit() for each in "".join(cells[1:]))


def _read(number: int, cells: list[str], reasons: list[Reason]) -> dict[str, Any]:
    row = {}
    for (name, (label, field)), cell in zip(COLUMNS.items(), cells, strict=False):
        try:
            row[name] = field.clean(_as_typed(name, cell))
        except ValidationError as error:
            reasons.append(_reason(number, label, " ".join(error.messages)))
    return row


def _as_typed(name: str, cell: str) -> str:
    if name in ("quantity", "price"):
        return _THOUSANDS.sub("", cell)
    if name == "due_on" and (found := _SLASHES.fullmatch(cell)):
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    return cell.removesuffix("%").strip() if name == "discount_percent" else cell


def _reason(row: int, column: Any, why: Any) -> Reason:
    return Reason(
        rule="R1.13",
        key="row_is_readable",
        text=_("Row %(row)s, column %(column)s: %(why)s"),
        facts={"row": row, "column": column, "why": why},
        opened_by=("sales_rep",),
    )
