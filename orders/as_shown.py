"""A line's cells as its page shows them, and what of an older page may still be saved (I12, R2.13).

A row is posted whole, with what each cell showed before it was typed in. What nobody typed in here is not put
back over what was saved elsewhere meanwhile; what both changed stays as it was saved, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orders.content import plain
from orders.models import OrderLine, QuotationLine

Line = OrderLine | QuotationLine


def cells_shown(line: Line) -> dict[str, str]:
    """By the line's field, its cell's text; what could not be read stands there as it was typed."""
    both = {
        "product": line.product.code if line.product else line.typed,
        "quantity": plain(line.quantity) if line.quantity else "",
        "price": plain(line.price),
        "discount_percent": plain(line.discount_percent) if line.discount_percent else "",
        "tax_rate": plain(line.tax_rate),
        "specification": line.specification,
    }
    if isinstance(line, QuotationLine):
        return both | {"lead_days": "" if line.lead_days is None else str(line.lead_days)}
    return {
        **both,
        "due_on": line.due_on.isoformat() if line.due_on else "",
        "packaging": line.packaging,
        "tolerance": line.tolerance,
        **line.unread,
    }


def overtaken(line: Line, row: Mapping[str, Any]) -> dict[str, str]:
    """The cells typed in here and saved otherwise meanwhile: by the line's field, what stands there."""
    typed, saved = row.get("typed", {}), _saved_meanwhile(line, row)
    return {
        name: there
        for name, there in saved.items()
        if typed.get(name) != row["was"][name] and not _is_the_same(line, row, name)
    }


def without_overtaken(line: Line, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row without the cells that were saved meanwhile; the row itself if none was."""
    left = _saved_meanwhile(line, row)
    if not left:
        return row
    beside = {"quantity": ("unit_said", "quantity_said"), "price": ("currencies_said", "price_said")}
    gone = {*left, *(each for name in left for each in beside.get(name, ()))}
    unread = {name: text for name, text in row.get("unread", {}).items() if name not in left}
    return {name: value for name, value in row.items() if name not in gone} | {"unread": unread}


def _saved_meanwhile(line: Line, row: Mapping[str, Any]) -> dict[str, str]:
    """The cells that are neither what the page showed of them nor what was typed."""
    now, typed, was = cells_shown(line), row.get("typed", {}), row.get("was") or {}
    came_with_header = isinstance(line, OrderLine) and line.due_on == line.order.due_on
    if came_with_header and "" in (was.get("due_on"), typed.get("due_on")):
        now["due_on"] = ""
    return {name: now[name] for name in was if now[name] not in (was[name], typed.get(name))}


def _is_the_same(line: Line, row: Mapping[str, Any], name: str) -> bool:
    """Whether what was typed says what stands there in other words: its answer was lost."""
    if name == "product":
        called = (line.product.code, line.product.barcode, line.product.name) if line.product else ()
        said = str(row.get("product") or "").strip().casefold()
        return said in {each.casefold() for each in (*called, getattr(line, "customer_words", "")) if each}
    return name in row and row[name] == getattr(line, name)
