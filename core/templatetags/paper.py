"""How figures, days and codes stand on paper. Values come as strings out of a frozen snapshot."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import segno
from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core import tokens
from core.money import minor_unit

register = template.Library()
_FIGURE = re.compile(r"([A-Z]{3} |¥)?-?[\d,]*\.?\d+ ?%?")


@register.filter
def amount(value: Any, currency: str = "CNY") -> str:
    """1234.5 as 1,234.50, in the currency's minor unit; nothing for nothing."""
    found = _decimal(value)
    return "" if found is None else f"{found.quantize(minor_unit(currency)):,f}"


@register.filter
def price(value: Any) -> str:
    """A unit price with two decimals, more where it has more."""
    found = _decimal(value)
    return "" if found is None else f"{_places(found, least=2):,f}"


@register.filter
def quantity(value: Any) -> str:
    """A quantity without idle zeros: 1,250 or 2.25."""
    found = _decimal(value)
    return "" if found is None else f"{_places(found, least=0):,f}"


@register.filter
def percent(value: Any) -> str:
    """5 as 5%; nothing for zero and for nothing."""
    found = _decimal(value)
    return f"{_places(found, least=0):f}%" if found else ""


@register.filter
def rate(value: Any) -> str:
    """A tax rate, the fraction 0.13, as 13%; zero is 0%."""
    found = _decimal(value)
    return "" if found is None else f"{_places(found * 100, least=0):f}%"


@register.filter
def day(value: Any) -> str:
    """A day as 2026-11-21, a moment with its time in the house's time zone."""
    text = str(value or "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) <= 10:
        return text
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local:%Y-%m-%d %H:%M}"


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code of a number as an inline picture (R5.15)."""
    code = segno.make(str(text), error="m", micro=False)
    return mark_safe(  # noqa: S308 - segno encodes the text into a path, nothing of it stands in the markup
        code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None, dark=tokens.colour("text"))
    )


@register.simple_tag
def mark() -> SafeString:
    """The house's mark, in the brand colours."""
    return mark_safe(tokens.favicon())  # noqa: S308 - drawn from the token table only


@register.simple_tag
def sheet(section: dict[str, Any]) -> dict[str, Any]:
    """A report section with its figure columns marked, so that head and cells stand on the same side."""
    rows = section.get("rows", [])
    columns = section.get("columns", [])
    figures = [
        _all_figures([row[place] for row in rows if place < len(row)]) for place in range(len(columns))
    ]
    return {
        "columns": list(zip(columns, figures, strict=True)),
        "rows": [list(zip(row, figures, strict=False)) for row in rows],
        "totals": list(zip(section.get("totals", []), figures, strict=False)),
    }


def _all_figures(cells: list[Any]) -> bool:
    filled = [str(each) for each in cells if each not in ("", None)]
    return bool(filled) and all(_FIGURE.fullmatch(each) for each in filled)


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value in ("", None) else Decimal(str(value))
    except InvalidOperation:
        return None


def _places(value: Decimal, *, least: int) -> Decimal:
    """The value with as many decimals as it needs, at least so many."""
    exponent = min(int(value.normalize().as_tuple().exponent), -least)
    return value.quantize(Decimal(1).scaleb(exponent))
