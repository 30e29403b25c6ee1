"""Where the headings of a file stand, and which of our columns each of them means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import clean_text
from core.sheets import Row, Sheet, letters
from orders.intake.columns import BY_NAME, known_headings, plain_heading

LOOKED_AT, SHOWN = 15, 5
LONGEST_HEADING = 120


@dataclass(frozen=True)
class Head:
    """The row of headings, the headings, and the first rows below."""

    row: int
    headings: list[str]
    sample: list[list[str]]


def find_head(sheet: Sheet) -> Head:
    """The headings: of the first rows the one that says most of our columns. Raises ValidationError.

    A title may stand above them. Two headings alike, merged headings, or none with rows below are refused.
    """
    rows: list[Row] = list(islice(sheet.rows, LOOKED_AT))
    if not rows:
        raise ValidationError(_("The file is empty."), code="empty")
    place = max(range(len(rows)), key=lambda each: (_recognised(rows[each]), -each))
    head, below = rows[place], rows[place + 1 :]
    headings = _headings(head)
    if not below:
        raise ValidationError(_("The file has headings and no row below them."), code="rows")
    sample = [[each.cell(column)[:60] for column in range(len(headings))] for each in below[:SHOWN]]
    return Head(head.number, headings, sample)


def propose(headings: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """What each heading means: as remembered, else by the headings that we know; a column is named once."""
    known, named = known_headings(), set()
    columns = []
    for heading in headings:
        meant = remembered.get(heading, known.get(plain_heading(heading), "")) if heading else ""
        column = BY_NAME.get(meant)
        free = column is not None and (column.joins or meant not in named)
        columns.append(meant if free else "")
        named.add(meant)
    if "product" not in columns and "customer_words" in columns:
        columns[columns.index("customer_words")] = "product"
    return columns


def twice_named(columns: Iterable[str]) -> list[str]:
    """The columns that are named more than once and cannot be made up of several."""
    named = [each for each in columns if each]
    return [each for each in dict.fromkeys(named) if named.count(each) > 1 and not BY_NAME[each].joins]


def _recognised(row: Row) -> int:
    known = known_headings()
    return sum(plain_heading(each) in known for each in row.cells if each)


def _headings(head: Row) -> list[str]:
    headings: list[str] = []
    for column, text in enumerate(head.cells):
        if column in head.faults:
            raise _refused(
                _("Row %(row)s, column %(column)s: the heading cannot be read or is merged."), head, column
            )
        try:
            heading = clean_text(" ".join(text.split()))[:LONGEST_HEADING]
        except ValidationError:
            raise _refused(
                _("Row %(row)s, column %(column)s: the heading cannot be read or is merged."), head, column
            ) from None
        if heading and heading in headings:
            raise _refused(
                _("Row %(row)s, column %(column)s: this heading stands there twice."), head, column
            )
        headings.append(heading)
    while headings and not headings[-1]:
        headings.pop()
    if any(column < len(headings) for column in head.faults):
        raise _refused(
            _("Row %(row)s, column %(column)s: the heading cannot be read or is merged."),
            head,
            min(head.faults),
        )
    return headings


def _refused(text: Any, head: Row, column: int) -> ValidationError:
    return ValidationError(text, code="headings", params={"row": head.number, "column": letters(column)})
