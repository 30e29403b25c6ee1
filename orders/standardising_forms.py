"""The forms of business support's page: lines in our terms, questions, answers, objections (R1.9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import LongText, Number, Text, WholeNumber
from orders.content import plain
from orders.models import OrderLine

CELLS: dict[str, forms.Field] = {
    "product": Text(max_length=120),
    "specification": Text(max_length=200, required=False),
    "quantity": Number(min_value=0, max_value=10**9, decimal_places=3),
    "unit": Text(max_length=12, required=False),
    "packaging": Text(max_length=120, required=False),
    "tolerance": Text(max_length=60, required=False),
}

LABELS = {
    "product": _("Our product code"),
    "specification": _("Specification"),
    "quantity": _("Quantity"),
    "unit": _("Unit"),
    "packaging": _("Packaging"),
    "tolerance": _("Tolerance"),
}


@dataclass
class StandardRow:
    """One line with its cells as typed, and what is wrong with them."""

    line: OrderLine
    typed: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> list[dict[str, str]]:
        """For the template: name in the form, value, error."""
        return [
            {
                "cell": cell,
                "label": str(LABELS[cell]),
                "name": f"line-{self.line.pk}-{cell}",
                "value": value,
                "error": self.errors.get(cell, ""),
            }
            for cell, value in self.typed.items()
        ]

    @property
    def changed(self) -> dict[str, Any]:
        """The row for the verb: only what differs from what is saved."""
        saved = _saved(self.line)
        told = {cell: value for cell, value in self.values.items() if self.typed[cell].strip() != saved[cell]}
        return {"id": self.line.pk, **told} if told else {}


def standard_rows(lines: Iterable[OrderLine], data: QueryDict | None = None) -> list[StandardRow]:
    """The rows as saved, or as posted; a line that was not posted stays as it is."""
    return [_row(line, data) for line in lines]


class QuestionForm(forms.Form):
    """What is not clear, of which line if of one."""

    text = LongText(label=_("Question to the rep"), max_length=1000)
    line = WholeNumber(label=_("line"), max_digits=18, required=False)


class WordsForm(forms.Form):
    """An answer, or an objection."""

    text = LongText(label=_("Answer"), max_length=2000)


def _row(line: OrderLine, data: QueryDict | None) -> StandardRow:
    row = StandardRow(line, _saved(line))
    if data is None:
        return row
    for cell, reader in CELLS.items():
        given = data.get(f"line-{line.pk}-{cell}")
        if given is None:
            continue
        row.typed[cell] = given
        try:
            row.values[cell] = reader.clean(given)
        except ValidationError as error:
            row.errors[cell] = " ".join(error.messages)
    return row


def _saved(line: OrderLine) -> dict[str, str]:
    product = line.product.code if line.product else line.typed
    kept = {cell: getattr(line, cell) for cell in CELLS if cell not in ("product", "quantity")}
    return {cell: {"product": product, "quantity": plain(line.quantity), **kept}[cell] for cell in CELLS}
