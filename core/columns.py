"""Columns of a list, declared once for the page and for its exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.keyset import value_at

FIGURES = frozenset({"number", "quantity", "money", "percent"})
KINDS = FIGURES | {"text", "state", "day", "moment", "due", "check", "html"}


@dataclass(frozen=True)
class Column:
    """One column: its key (also in `?sort=`), head, kind, and where the value comes from.

    value       path of attributes or callable(row); the name itself if left out
    kind        text, number, quantity, money, percent, state, day, moment, due, check, html (page only)
    currency    path to the row's currency, for money; unit likewise for quantity
    sort        field or annotation that sorts by this column; empty: not sortable
    permission  without it the column does not exist for this person, on the page and in every export
    optional    hidden on narrow screens
    over        callable(row): whether its due date warns nobody any more
    """

    name: str
    label: Any
    kind: str = "text"
    value: str | Callable[[Any], Any] | None = None
    currency: str = ""
    unit: str = ""
    sort: str = ""
    permission: str = ""
    optional: bool = False
    over: Callable[[Any], bool] | None = None
    in_page: bool = True
    in_export: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.name} has no kind {self.kind!r}")

    @property
    def css(self) -> str:
        """The classes of its cells."""
        return " ".join(
            name for name, on in (("num", self.kind in FIGURES), ("optional", self.optional)) if on
        )

    def raw(self, row: Any) -> Any:
        """The value itself."""
        return self.value(row) if callable(self.value) else value_at(row, self.value or self.name)

    def exported(self, row: Any) -> Any:
        """What an export's cell holds: text, number, day or moment; a state in words."""
        if self.kind == "state":
            return _words(self, row, self.raw(row))
        return self.raw(row)

    def export_heads(self) -> list[str]:
        """The heads of its cells in an export: an amount has its currency beside it, a quantity its unit."""
        beside = self.currency or self.unit
        extra = [_("Currency") if self.currency else _("Unit")] if beside else []
        return [str(self.label), *extra]

    def export_cells(self, row: Any) -> list[Any]:
        """Its cells in an export, one for each head."""
        beside = self.currency or self.unit
        return [self.exported(row), *([value_at(row, beside)] if beside else [])]


def _words(column: Column, row: Any, value: Any) -> Any:
    display = getattr(row, f"get_{column.value or column.name}_display", None)
    return str(display()) if callable(display) else value
