"""The rows of a file as lines with values: each cell read by its column, or kept as a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.files import read_stored
from core.money import currencies_named
from core.sheets import Row, read_sheet
from orders.intake.cells import with_point
from orders.intake.columns import BY_NAME, Column
from orders.intake.problems import Problem, problem, unreadable

log = structlog.get_logger(__name__)
Tick = Callable[[int], None]
JOINED_BY = ", "


@dataclass
class Entry:
    """One row of the file: its values by column, the texts they were read from, and what is wrong."""

    row: int
    cells: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    currencies: dict[str, frozenset[str]] = field(default_factory=dict)  # by column, what it may be in
    problems: list[Problem] = field(default_factory=list)

    def complain(self, column: str, text: Any, **facts: Any) -> None:
        """Keep what is wrong with a cell; one complaint a cell."""
        if not self.is_bad(column):
            self.problems.append(problem(self.row, column, text, self.texts.get(column, ""), **facts))

    def is_bad(self, column: str) -> bool:
        """Whether the cell has a problem already."""
        return any(each.column == column for each in self.problems)


class Reader:
    """Reads a batch's file by its mapping and corrections. ValidationError if it cannot be read."""

    def __init__(self, batch: Any):
        self.batch = batch
        self.places: dict[str, list[int]] = {}
        for place, name in enumerate(batch.mapping):
            if name in BY_NAME:
                self.places.setdefault(name, []).append(place)
        self.corrections: Mapping[str, Mapping[str, str]] = batch.corrections
        self.headed: dict[str, frozenset[str]] = {
            name: currencies_named(batch.headings[places[0]])
            for name, places in self.places.items()
            if BY_NAME[name].is_money
        }
        self.commas = False  # whether a comma may be a decimal point
        self.hidden = 0  # rows that the sheet hides, known once they are read
        self._read: dict[tuple[str, str], Any] = {}

    def rows(self) -> list[Row]:
        """The rows below the headings, without those that were left out."""
        try:
            content = read_stored(self.batch.file)
        except (OSError, ValueError):
            log.exception("import.unreadable", batch=self.batch.pk)
            gone = _("The stored file cannot be read any more. Upload it again.")
            raise ValidationError(gone, code="gone") from None
        sheet = read_sheet(content, name=self.batch.file.name)
        self.commas = sheet.sign == ";"
        left_out = set(self.batch.left_out)
        rows = [row for row in sheet.rows if row.number > self.batch.head_row and row.number not in left_out]
        self.hidden = sheet.tally.hidden
        return rows

    def entries(self, rows: list[Row], tick: Tick) -> Iterator[Entry]:
        """Each row read; told every so often how far it is."""
        for number, row in enumerate(rows, start=1):
            yield self._entry(row)
            tick(number)

    def _entry(self, row: Row) -> Entry:
        entry = Entry(row.number, row.cells[: len(self.batch.headings)])
        corrected = self.corrections.get(str(row.number), {})
        for name, places in self.places.items():
            column = BY_NAME[name]
            text = corrected.get(name)
            if text is None:
                text = JOINED_BY.join(filter(None, (row.cell(place).strip() for place in places)))
                fault = next((row.faults[place] for place in places if place in row.faults), None)
                if fault is not None:
                    entry.complain(name, fault)
                    continue
            entry.texts[name] = text
            self._value(entry, column, text)
            if entry.values.get(name) is not None:
                self._currency(entry, column, text, typed_here=name in corrected)
        for name in ("customer_order_number", "product", "quantity"):
            if entry.values.get(name) is None:
                entry.complain(name, _("is missing"))
        return entry

    def _value(self, entry: Entry, column: Column, text: str) -> None:
        """Read a cell; the same text in the same column is read once."""
        known = self._read.get((column.name, text), self)
        if known is self:
            try:
                known = column.read(with_point(text) if self.commas and column.is_figure else text)
            except ValidationError as error:
                known = error
            self._read[column.name, text] = known
        if isinstance(known, ValidationError):
            entry.problems.append(unreadable(entry.row, column.name, known, text))
        else:
            entry.values[column.name] = known

    def _currency(self, entry: Entry, column: Column, text: str, *, typed_here: bool) -> None:
        """Keep the currency that the cell names, or else its heading; what was typed here says its own."""
        said = column.currency(text)
        if not said and not typed_here:
            said = self.headed.get(column.name, frozenset())
        if column.name == "currency":
            said = entry.values["currency"]
        if said:
            entry.currencies[column.name] = said
