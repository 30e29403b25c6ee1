"""The cells of a list: what each kind of column shows on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _

from core.columns import Column
from core.keyset import value_at
from core.templatetags import ui

register = template.Library()


@register.simple_tag
def cell(column: Column, row: Any) -> Any:
    """What a column shows of a row: `{% cell column row %}`."""
    return conditional_escape(_SHOWN[column.kind](column, row, column.raw(row)))


def _text(column: Column, row: Any, value: Any) -> Any:
    return ui.EMPTY if value is None or value == "" else value


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
    return ui.due_chip(value)


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
