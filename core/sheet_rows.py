"""Rows of a sheet as text cells, the bounds within which one is read, and how a place in it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 600_000
LONGEST_CELL = 4_000


@dataclass(slots=True)
class Row:
    """One row: its number as a spreadsheet counts, its cells as text, by column what could not be read."""

    number: int
    cells: list[str]
    faults: dict[int, Any] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.faults and not any(each.strip() for each in self.cells)

    def cell(self, column: int) -> str:
        """The text in a column; empty beyond the last one."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass
class Tally:
    """What was met while reading, counted so far."""

    rows: int = 0
    cells: int = 0
    formulas: int = 0
    hidden: int = 0

    def count(self, row: Row) -> None:
        """Count a row that says something; ValidationError when it passes a bound."""
        if len(row.cells) > MOST_COLUMNS:
            raise refused(
                _("Row %(row)s has more than %(most)s columns."), "columns", row=row.number, most=MOST_COLUMNS
            )
        for column, text in enumerate(row.cells):
            if len(text) > LONGEST_CELL:
                row.cells[column] = ""
                row.faults[column] = _("The cell holds more than 4,000 characters.")
        self.rows += 1
        self.cells += len(row.cells)
        if self.rows > MOST_ROWS or self.cells > MOST_CELLS:
            raise refused(
                _("The file has more than %(most)s rows. Divide it into several."), "rows", most=MOST_ROWS
            )


@dataclass
class Sheet:
    """A sheet to be read once from top to bottom. `tally` is complete when `rows` has ended.

    `sign` is what stands between the cells of a text file.
    """

    kind: str
    rows: Any
    tally: Tally
    sign: str = ""


def letters(column: int) -> str:
    """What a spreadsheet calls the column, counted from 0: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def refused(text: Any, code: str, **params: Any) -> ValidationError:
    """The file cannot be read, in a sentence."""
    return ValidationError(text, code=code, params=params)


def damaged() -> ValidationError:
    """The file is cut short or broken."""
    return refused(_("The file is damaged or not complete."), "damaged")
