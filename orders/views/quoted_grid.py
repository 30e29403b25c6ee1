"""What the quotation's line grid shows: rows with their notes, totals, differences to what somebody saved."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.money import TAX_RATES
from core.rules import Reason
from orders.actions import Rows
from orders.as_shown import cells_shown
from orders.content import plain
from orders.forms import PostedRow
from orders.models import Quotation, QuotationLine
from orders.parameters import DEVIATION_SHOWN
from orders.queries import suggestions
from orders.quoted import below_usual
from orders.views.grid import beside_overtaken, strange_rate
from orders.views.quotation_forms import CELLS, QuotationForm
from orders.views.quoted_parts import totals

SUGGESTED_ROWS = 8


def frame(quotation: Quotation) -> dict[str, Any]:
    """The grid without its rows: currency, totals."""
    figures = {"currency": quotation.currency, "totals": totals(quotation), "tax_rates": TAX_RATES}
    return {**figures, "warnings": [], "blank": None}


def rows(quotation: Quotation, *, blank: bool = False) -> list[dict[str, Any]]:
    """The saved lines; an empty row where there is none, or one was asked for."""
    shown = [_row(line, suggest=place < SUGGESTED_ROWS) for place, line in enumerate(quotation.lines.all())]
    return shown + ([{}] if blank or not shown else [])


def typed_rows(quotation: Quotation, posted: Iterable[PostedRow]) -> list[dict[str, Any]]:
    """The rows as they were typed, with what is wrong with them."""
    lines = {line.pk: line for line in quotation.lines.all()}
    return [_typed(row, lines.get(row.values.get("id") or 0)) for row in posted]


def shown_row(quotation: Quotation, posted: PostedRow, done: Rows) -> dict[str, Any]:
    """One row after it was posted: as saved, or as typed with its errors.

    Cells saved otherwise meanwhile stay as they were typed, with what stands there beside them.
    """
    saved = done.touched[0].pk if done.touched else posted.values["id"]
    line = next((each for each in quotation.lines.all() if each.pk == saved), None)
    if line is None or not done.touched:
        return _typed(posted, line)
    return beside_overtaken(_row(line, suggest=True), posted, CELLS, done.overtaken.get(line.pk, {}))


def warned(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as warnings under the grid."""
    return [{"rule": each.rule, "sentence": each.sentence} for each in reasons]


def stale_warning(current: Quotation) -> dict[str, Any]:
    """Somebody else saved meanwhile."""
    text = _("%(who)s saved this quotation meanwhile; your row was not saved. Load the page again.")
    return {"rule": "R2.13", "sentence": text % {"who": current.edited_by}}


def differences(quotation: Quotation, form: QuotationForm, posted: list[PostedRow]) -> list[dict[str, Any]]:
    """What is saved now beside what was typed, for header fields and lines that differ."""
    found = []
    fresh = QuotationForm(quotation=quotation)
    for name, field in form.fields.items():
        typed, there = str(form.data.get(name, "")).strip(), fresh.initial[name]
        saved = "" if there is None else str(there)
        if form.is_bound and typed != saved:
            found.append({"label": field.label, "old": saved, "new": typed, "changed": True})
    lines = {line.pk: line for line in quotation.lines.all()}
    for row in posted:
        line = lines.get(row.values.get("id") or 0)
        saved = " · ".join(_as_typed(line).values()) if line else ""
        typed = " · ".join(row.typed[cell] for cell in CELLS)
        if saved != typed and typed.replace(" · ", ""):
            label = _("Line %(n)s") % {"n": line.position if line else row.index + 1}
            found.append({"label": label, "old": saved, "new": typed, "changed": True})
    return found


def _row(line: QuotationLine, *, suggest: bool) -> dict[str, Any]:
    unknown = line.product is None
    return {
        "id": line.pk,
        **_as_typed(line),
        "name": line.product.name if line.product else "",
        "unit": line.unit,
        "amount": line.total,
        "unknown": unknown and bool(line.typed),
        "suggestions": suggestions(line.typed) if unknown and line.typed and suggest else [],
        "notes": _notes(line),
        "errors": strange_rate(line),
    }


def _typed(row: PostedRow, line: QuotationLine | None) -> dict[str, Any]:
    return {
        **row.typed,
        "name": line.product.name if line and line.product else "",
        "unit": line.unit if line else "",
        "amount": line.total if line else None,
        "errors": row.errors | (strange_rate(line) if line and "tax" in row.errors else {}),
        "was": json.dumps(_as_typed(line)) if line else "",
    }


def _as_typed(line: QuotationLine) -> dict[str, str]:
    shown = cells_shown(line)
    return {cell: shown[name] for cell, (name, _reader) in CELLS.items()}


def _notes(line: QuotationLine) -> list[dict[str, Any]]:
    """R1.7, R2.5 as notes at the row."""
    found: list[dict[str, Any]] = []
    if line.product is not None and not line.product.active:
        found.append({"rule": "R2.5", "sentence": _("No longer sold"), "bad": True})
    away = below_usual(line)
    if away is not None and abs(away) > Decimal(DEVIATION_SHOWN.value()):
        agreed = line.agreed_price is not None
        if away > 0:
            text = _("%(percent)s %% below the agreement") if agreed else _("%(percent)s %% below the list")
        else:
            text = _("%(percent)s %% above the agreement") if agreed else _("%(percent)s %% above the list")
        found.append({"rule": "R1.7", "sentence": text % {"percent": plain(abs(away))}})
    return found
