"""What the line grid shows: rows with their notes, totals, and the difference to what somebody else saved."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.rules import Reason
from inventory.queries import available
from orders.content import deviation, plain
from orders.forms import HeaderForm, PostedRow
from orders.models import OrderLine, SalesOrder
from orders.parameters import DEVIATION_SHOWN
from orders.queries import suggestions

SUGGESTED_ROWS = 8
LABELS = {
    "product": "product",
    "quantity": "quantity",
    "price": "price",
    "discount": "discount",
    "due": "due",
}


def frame(order: SalesOrder) -> dict[str, Any]:
    """The grid without its rows: currency, totals, when it was saved."""
    totals = [
        {"label": _("Goods"), "amount": order.goods_total},
        {"label": _("Discount"), "amount": -order.discount_total},
        {"label": _("Freight"), "amount": order.freight},
        {"label": _("of which tax"), "amount": order.tax_total},
        {"label": _("Total"), "amount": order.grand_total},
    ]
    return {
        "currency": order.currency,
        "totals": totals,
        "warnings": [],
        "saved_at": order.state_since if order.version == 1 else None,
        "readonly": False,
        "blank": None,
    }


def rows(order: SalesOrder, *, blank: bool = False) -> list[dict[str, Any]]:
    """The saved lines; an empty row where there is none, or one was asked for."""
    lines = list(order.lines.all())
    notes = _notes(order, lines)
    shown = [_row(line, notes[line.pk], suggest=place < SUGGESTED_ROWS) for place, line in enumerate(lines)]
    return shown + ([{}] if blank or not shown else [])


def typed_rows(order: SalesOrder, posted: Iterable[PostedRow]) -> list[dict[str, Any]]:
    """The rows as they were typed, with what is wrong with them."""
    lines = {line.pk: line for line in order.lines.all()}
    return [_typed(row, lines.get(row.values.get("id") or 0)) for row in posted]


def shown_row(order: SalesOrder, posted: PostedRow, line: OrderLine | None) -> dict[str, Any]:
    """One row after it was posted: as saved, or as typed with its errors."""
    if line is None:
        return _typed(posted, None)
    return _row(line, _notes(order, list(order.lines.all())).get(line.pk, []), suggest=True)


def warned(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as warnings under the grid."""
    return [{"rule": each.rule, "sentence": each.sentence} for each in reasons]


def stale_warning(current: SalesOrder, row: PostedRow) -> dict[str, Any]:
    """Somebody else saved meanwhile: what was typed beside what is there."""
    line = current.lines.filter(pk=row.values.get("id") or 0).first()
    there = _as_typed(line) if line else {}
    typed = "; ".join(f"{row.typed[cell]} / {there.get(cell, '–')}" for cell in LABELS if row.typed[cell])
    text = _(
        "%(who)s saved this order meanwhile; your row was not saved. Yours / saved: %(typed)s. "
        "Load the page again."
    )
    return {"rule": "R2.13", "sentence": text % {"who": current.edited_by, "typed": typed}}


def differences(order: SalesOrder, form: HeaderForm, posted: list[PostedRow]) -> list[dict[str, Any]]:
    """What is saved now beside what was typed, for header fields and lines that differ."""
    found = []
    form.is_valid()
    for name, field in form.fields.items():
        typed, there = form.data.get(name, ""), form.initial.get(name)
        there = getattr(order, name) if there is None else there
        if str(typed).strip() != str("" if there is None else there):
            found.append({"label": field.label, "old": there, "new": typed, "changed": True})
    lines = {line.pk: line for line in order.lines.all()}
    for row in posted:
        line = lines.pop(row.values.get("id") or 0, None)
        there = " · ".join(_as_typed(line).values()) if line else ""
        typed = " · ".join(row.typed[cell] for cell in LABELS)
        if there != typed and typed.replace(" · ", ""):
            label = _("Line %(n)s") % {"n": line.position if line else row.index + 1}
            found.append({"label": label, "old": there, "new": typed, "changed": True})
    for line in lines.values() if posted else ():
        label = _("Line %(n)s") % {"n": line.position}
        found.append(
            {"label": label, "old": " · ".join(_as_typed(line).values()), "new": "", "changed": True}
        )
    return found


def _row(line: OrderLine, notes: list[dict[str, Any]], *, suggest: bool) -> dict[str, Any]:
    unknown = line.product is None
    return {
        "id": line.pk,
        **_as_typed(line),
        "due": line.due_on,
        "name": line.product.name if line.product else "",
        "unit": line.unit,
        "amount": line.total,
        "unknown": unknown and bool(line.typed),
        "suggestions": suggestions(line.typed) if unknown and line.typed and suggest else [],
        "notes": notes,
    }


def _typed(row: PostedRow, line: OrderLine | None) -> dict[str, Any]:
    return {
        **row.typed,
        "name": line.product.name if line and line.product else "",
        "unit": line.unit if line else "",
        "amount": line.total if line else None,
        "errors": row.errors,
    }


def _as_typed(line: OrderLine) -> dict[str, str]:
    return {
        "product": line.product.code if line.product else line.typed,
        "quantity": plain(line.quantity) if line.quantity else "",
        "price": plain(line.price),
        "discount": plain(line.discount_percent) if line.discount_percent else "",
        "due": line.due_on.isoformat() if line.due_on else "",
    }


def _notes(order: SalesOrder, lines: list[OrderLine]) -> dict[int, list[dict[str, Any]]]:
    """R1.7, R2.5, R2.7 as notes at each row."""
    left = available({line.product_id for line in lines if line.product_id})
    shown = DEVIATION_SHOWN.value()
    notes: dict[int, list[dict[str, Any]]] = {line.pk: [] for line in lines}
    for line in lines:
        if line.product is None:
            continue
        free = max(min(left[line.product_id], line.quantity), Decimal(0))
        left[line.product_id] -= line.quantity
        notes[line.pk] = [
            *_sold_note(line),
            *_price_note(line, shown),
            *_stock_note(line, free),
        ]
    return notes


def _sold_note(line: OrderLine) -> list[dict[str, Any]]:
    if line.product is None or line.product.active:
        return []
    return [{"rule": "R2.5", "sentence": _("No longer sold"), "bad": True}]


def _price_note(line: OrderLine, shown: Decimal) -> list[dict[str, Any]]:
    away = deviation(line)
    if away is None or abs(away) <= shown:
        return []
    text = _("%(percent)s %% below the list") if away > 0 else _("%(percent)s %% above the list")
    return [{"rule": "R1.7", "sentence": text % {"percent": plain(abs(away))}}]


def _stock_note(line: OrderLine, free: Decimal) -> list[dict[str, Any]]:
    if free >= line.quantity:
        return []
    text = _("%(free)s %(unit)s free, the rest is made")
    return [{"rule": "R2.7", "sentence": text % {"free": plain(free), "unit": line.unit}}]
