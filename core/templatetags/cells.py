"""The cells of a list: what each kind of column shows on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.columns import Column
from core.keyset import value_at
from core.templatetags import ui

register = template.Library()
_REPEATED = frozenset({"state", "day", "due", "check"})


@register.simple_tag
def list_rows(table: dict[str, Any]) -> SafeString:
    """The rows of a list: `{% list_rows table %}`.

    Written here and not in a template: 450 cells take 4 ms so, and 35 ms as a loop of tags. The first cell
    carries the row's link.
    """
    columns = [(each, _opening(each, first=not place)) for place, each in enumerate(table["columns"])]
    seen: dict[tuple[str, Any], str] = {}
    return mark_safe("".join(_row(each, columns, seen) for each in table["rows"]))  # noqa: S308 - each cell is escaped


@register.simple_tag
def cell(column: Column, row: Any) -> str:
    """What a column shows of a row, for a page that writes its own table: `{% cell column row %}`."""
    return conditional_escape(_SHOWN[column.kind](column, row, column.raw(row)))


def _opening(column: Column, *, first: bool) -> str:
    if first:
        return '<td class="id card-title">'
    css = f' class="{column.css}"' if column.css else ""
    return f'<td{css} data-label="{escape(column.label)}">'


def _row(row: dict[str, Any], columns: list[tuple[Column, str]], seen: dict[tuple[str, Any], str]) -> str:
    cells = [f"{opening}{_shown(column, row['object'], seen)}</td>" for column, opening in columns]
    if row["url"] and cells:
        opening = columns[0][1]
        inner = cells[0][len(opening) : -len("</td>")]
        cells[0] = f'{opening}<a href="{escape(row["url"])}">{inner}</a></td>'
    return f"<tr{' data-blocked' if row['blocked'] else ''}>{''.join(cells)}</tr>\n"


def _shown(column: Column, row: Any, seen: dict[tuple[str, Any], str]) -> str:
    """The cell's markup; a day or a state that stands in many rows is drawn once."""
    value = column.raw(row)
    own = column.over is not None or (column.kind == "state" and hasattr(row, "tone"))
    if own or column.kind not in _REPEATED:
        return conditional_escape(_SHOWN[column.kind](column, row, value))
    key = (column.name, value)
    if key not in seen:
        seen[key] = conditional_escape(_SHOWN[column.kind](column, row, value))
    return seen[key]


def _text(column: Column, row: Any, value: Any) -> Any:
    """The text; a number with hyphens stays on one line."""
    if value is None or value == "":
        return ui.EMPTY
    if isinstance(value, str) and "-" in value and value.isascii() and " " not in value:
        return format_html('<span class="nowrap">{}</span>', value)
    return value


def _state(column: Column, row: Any, value: Any) -> Any:
    field = column.value if isinstance(column.value, str) else column.name
    return ui.state_badge(row, field) if value else ui.EMPTY


def _money(column: Column, row: Any, value: Any) -> Any:
    return ui.money(value, str(value_at(row, column.currency) or "") if column.currency else "")


def _quantity(column: Column, row: Any, value: Any) -> Any:
    return ui.qty(value, str(value_at(row, column.unit) or "") if column.unit else "")


def _moment(column: Column, row: Any, value: date | datetime | None) -> Any:
    return ui.dt(value)


def _due(column: Column, row: Any, value: date | datetime | None) -> Any:
    return ui.due_chip(value, column.over is not None and column.over(row))


def _check(column: Column, row: Any, value: Any) -> Any:
    return (
        ui.icon("check", "s", _("yes")) if value else format_html('<span class="faint">{}</span>', ui.EMPTY)
    )


def _percent(column: Column, row: Any, value: Any) -> Any:
    return _text(column, row, value) if value is None else f"{value:.1f} %"


_SHOWN: dict[str, Callable[[Column, Any, Any], Any]] = {
    "text": _text,
    "html": _text,
    "number": _text,
    "quantity": _quantity,
    "money": _money,
    "percent": _percent,
    "state": _state,
    "day": _moment,
    "moment": _moment,
    "due": _due,
    "check": _check,
}
