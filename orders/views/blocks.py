"""A block pasted from a cell on: downwards over the rows, to the right over the columns (R1.13)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.rules import Blocked
from orders.forms import CELLS, MORE_CELLS, PostedRow, posted_rows, read_number
from orders.pasted import COLUMNS, cells_of, unreadable

#: Cells from which a block runs on; from a product cell it makes new lines.
RUNS = ([each for each in CELLS if each != "product"], list(MORE_CELLS))


def runs_on(data: QueryDict) -> bool:
    """Whether the block was pasted into a cell, to be laid over what stands there."""
    return any(data.get("at") in run for run in RUNS)


def rows_with_block(data: QueryDict, text: str) -> list[PostedRow]:
    """The posted rows with the block's cells in place; what reaches below the last row makes new ones.

    Raises Blocked with every cell that cannot be read, by row and column; then nothing is taken in.
    """
    columns = next(run[run.index(data["at"]) :] for run in RUNS if data["at"] in run)
    block = cells_of(text)
    if any(len(cells) > len(columns) for cells in block):
        raise Blocked([unreadable(1, "–", _("the block is wider than the grid from here on"))])
    laid = data.copy()
    places = _places(laid, read_number(data.get("row", "")) or 0, len(block))
    for index, cells in zip(places, block, strict=True):
        laid.setdefault(f"lines-{index}-product", "")
        for cell, typed in zip(columns, cells, strict=False):
            laid[f"lines-{index}-{cell}"] = typed
    rows = posted_rows(laid)
    _require_readable(rows, places, columns)
    return rows


def _places(laid: QueryDict, first: int, wanted: int) -> list[int]:
    """The indexes of so many rows from the first on, new ones below the last."""
    total = read_number(laid.get("lines-TOTAL_FORMS", "")) or 0
    there = [index for index in range(first, total) if f"lines-{index}-product" in laid][:wanted]
    fresh = range(total, total + wanted - len(there))
    laid["lines-TOTAL_FORMS"] = str(total + len(fresh))
    return [*there, *fresh]


def _require_readable(rows: list[PostedRow], places: list[int], columns: list[str]) -> None:
    names = {cell: COLUMNS[name][0] for cell, (name, _reader) in (CELLS | MORE_CELLS).items()}
    found = [
        unreadable(places.index(row.index) + 1, names[cell], why)
        for row in rows
        if row.index in places
        for cell, why in row.errors.items()
        if cell in columns
    ]
    if found:
        raise Blocked(found)
