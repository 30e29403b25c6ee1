"""What the line grid shows: rows with their notes, totals, and the difference to what somebody else saved."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.forms import Form
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from approvals.weighing import beside
from core.money import TAX_RATES
from core.rules import Reason
from orders.as_shown import cells_shown
from orders.content import below, deviation, net_price, plain
from orders.forms import CELLS, MORE_CELLS, HeaderForm, PostedRow, why_unread
from orders.line_facts import LineFacts, facts_of
from orders.meant import suggestions_for
from orders.models import OrderLine, SalesOrder
from orders.parameters import DEVIATION_SHOWN

LABELS = {
    "product": "product",
    "quantity": "quantity",
    "price": "price",
    "discount": "discount",
    "due": "due",
}


def frame(order: SalesOrder, *, saved_at: datetime | None = None) -> dict[str, Any]:
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
        "saved_at": saved_at,
        "tax_rates": TAX_RATES,
        "readonly": False,
        "blank": None,
    }


def rows(order: SalesOrder, *, blank: bool = False) -> list[dict[str, Any]]:
    """The saved lines; an empty row where there is none, or one was asked for."""
    shown = _rows(order, list(order.lines.all()))
    return shown + ([{}] if blank or not shown else [])


def typed_rows(
    order: SalesOrder, posted: Iterable[PostedRow], *, and_others: bool = False
) -> list[dict[str, Any]]:
    """The rows as they were typed, with what is wrong with them; the lines that were added elsewhere too."""
    lines = {line.pk: line for line in order.lines.all()}
    shown = []
    for row in posted:
        line = lines.pop(row.values.get("id") or 0, None)
        shown.append(
            _typed(row, line) | ({} if line else {"id": ""})
        )  # gone meanwhile: saved again it is new
    return shown + (_rows(order, list(lines.values())) if and_others else [])


def shown_row(
    order: SalesOrder, posted: PostedRow, line: OrderLine | None, overtaken: Mapping[str, str]
) -> dict[str, Any]:
    """One row after it was posted: as saved, or as typed with its errors. Only this line is looked at.

    Cells saved otherwise meanwhile (`overtaken`: by the line's field, what stands there) stay as they were
    typed, with what stands there beside them.
    """
    if line is None:
        return _typed(posted, None)
    return beside_overtaken(_rows(order, [line])[0], posted, CELLS | MORE_CELLS, overtaken)


def beside_overtaken(
    row: dict[str, Any], posted: PostedRow, cells: Mapping[str, Any], overtaken: Mapping[str, str]
) -> dict[str, Any]:
    """The row with the cells saved otherwise meanwhile as they were typed, beside them what stands there."""
    there: dict[str, str] = {}
    text = _("Saved meanwhile: “%(there)s”, not what you typed. Type it again to put yours in its place.")
    for cell, (name, _reader) in cells.items():
        if name in overtaken:
            row["errors"][cell] = text % {"there": overtaken[name] or "–"}
            row[cell] = posted.typed[cell]
            there[cell] = overtaken[name]
    return row | ({"overtaken": json.dumps(there)} if there else {})


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
        shown = _as_typed(line) if line else {}
        cells = [cell for cell in (*CELLS, *MORE_CELLS) if row.typed.get(cell, shown.get(cell))]
        there = " · ".join(shown.get(cell) or "–" for cell in cells) if line else ""
        typed = " · ".join(row.typed.get(cell, shown.get(cell)) or "–" for cell in cells)
        if there != typed and cells:
            label = _("Line %(n)s") % {"n": line.position if line else row.index + 1}
            found.append({"label": label, "old": there, "new": typed, "changed": True})
    for line in lines.values() if posted else ():
        label = _("Line %(n)s") % {"n": line.position}
        there = " · ".join(filter(None, _as_typed(line).values()))
        found.append({"label": label, "old": there, "new": "", "changed": True})
    return found


def overtaken(now: Mapping[str, str], form: Form, names: Iterable[str]) -> list[dict[str, Any]]:
    """Header fields that were saved meanwhile: what is saved now beside what was typed."""
    return [
        {
            "name": name,
            "saved": now[name],
            "label": form.fields[name].label,
            "old": _worded(form, name, now[name]),
            "new": _worded(form, name, form.data.get(name, "")),
            "changed": True,
        }
        for name in names
    ]


def _worded(form: Form, name: str, value: str) -> str:
    """A field's value as its page says it: of a choice the words."""
    choices = getattr(form.fields[name], "choices", ())
    return next((str(label) for each, label in choices if str(each) == value), value)


def _rows(order: SalesOrder, lines: list[OrderLine]) -> list[dict[str, Any]]:
    """These lines with their facts, notes and suggestions: a fixed number of queries."""
    facts = facts_of(order, lines)
    likely = suggestions_for(line.typed for line in lines if line.product is None and line.typed)
    shown = DEVIATION_SHOWN.value()
    return [
        _row(line, facts.get(line.pk, LineFacts()), likely.get(line.typed.strip(), []), shown)
        for line in lines
    ]


def _row(line: OrderLine, facts: LineFacts, likely: list[Any], shown: Decimal) -> dict[str, Any]:
    row = {
        "id": line.pk,
        "position": line.position,
        "code": line.product.code if line.product else "",
        "barcode": line.product.barcode if line.product else "",
        **_as_typed(line),
        "words": line.customer_words,
        "name": line.product.name if line.product else "",
        "unit": line.unit,
        "amount": line.total,
        "unknown": line.product is None and bool(line.typed),
        "suggestions": likely,
        "notes": _notes(line, facts, shown) if line.product else [],
        "facts": _facts(line, facts) if line.product else [],
        "errors": {},
    }
    for name, typed in line.unread.items():
        cell, why = why_unread(name, typed, unit=line.unit, currency=line.order.currency)
        row["errors"][cell] = why
    return row | {"errors": row["errors"] | strange_rate(line)}


def strange_rate(line: Any) -> dict[str, str]:
    """R1.6: that the line's tax rate is its product's own, and none that an invoice can carry."""
    own = plain(line.product.tax_rate) if line.product else ""
    if own in ("", *TAX_RATES) or cells_shown(line)["tax_rate"] != own:
        return {}
    text = _("The product’s tax rate, %(rate)s %%, is not one of %(offered)s: choose the line’s.")
    return {"tax": text % {"rate": own, "offered": ", ".join(TAX_RATES)}}


def _facts(line: OrderLine, facts: LineFacts) -> list[dict[str, str]]:
    """Prices and stock behind the line, in a few words each."""
    paid = " · ".join(f"{plain(price)} ({day:%m-%d})" for price, day in facts.paid)
    if facts.free >= line.quantity:
        ready = _("%(day)s, from stock") % {"day": f"{timezone.localdate():%m-%d}"}
    elif facts.made_by:
        ready = _("%(day)s, out of production under way") % {"day": f"{facts.made_by:%m-%d}"}
    else:
        ready = _("no date yet: production promises one")
    shown = [
        (_("Price from"), line.get_price_source_display()),
        (pgettext("price", "Agreed"), plain(line.agreed_price)),
        (pgettext("price", "List"), plain(line.list_price)),
        (_("Last paid"), paid),
        (pgettext("stock", "Free"), f"{plain(facts.free)} {line.unit}"),
        (_("Can be promised"), ready),
    ]
    return [{"label": label, "value": value} for label, value in shown if value]


def _typed(row: PostedRow, line: OrderLine | None) -> dict[str, Any]:
    kept = {**_as_typed(line), "words": line.customer_words} if line else {}
    return {
        **kept,
        **row.typed,
        "was": json.dumps(_as_typed(line)) if line else "",
        "position": line.position if line else "",
        "name": line.product.name if line and line.product else "",
        "unit": line.unit if line else "",
        "amount": line.total if line else None,
        "errors": row.errors,
    }


def _as_typed(line: OrderLine) -> dict[str, str]:
    """By the grid's cell, what stands in it."""
    shown = cells_shown(line)
    return {cell: shown[name] for cell, (name, _reader) in (CELLS | MORE_CELLS).items()}


def _notes(line: OrderLine, facts: LineFacts, shown: Decimal) -> list[dict[str, Any]]:
    """R1.7, R2.5, R2.7 as notes at the row."""
    return [
        *_sold_note(line),
        *_price_note(line, shown),
        *_paid_note(line, facts, shown),
        *_stock_note(line, facts.free),
    ]


def _sold_note(line: OrderLine) -> list[dict[str, Any]]:
    if line.product is None or line.product.active:
        return []
    return [{"rule": "R2.5", "sentence": _("No longer sold"), "bad": True}]


def _price_note(line: OrderLine, shown: Decimal) -> list[dict[str, Any]]:
    away = deviation(line)
    if away is None or abs(away) <= shown:
        return []
    if line.agreed_price:
        texts = _("%(percent)s %% below what was agreed"), _("%(percent)s %% above what was agreed")
    else:
        texts = _("%(percent)s %% below the list"), _("%(percent)s %% above the list")
    text = texts[0] if away > 0 else texts[1]
    return [{"rule": "R1.7", "sentence": text % {"percent": plain(beside(abs(away), shown))}}]


def _paid_note(line: OrderLine, facts: LineFacts, shown: Decimal) -> list[dict[str, Any]]:
    """R1.7: how far the price lies from the one last paid."""
    away = below(net_price(line), facts.paid[0][0] if facts.paid else None)
    if away is None or abs(away) <= shown:
        return []
    text = (
        _("%(percent)s %% below the price last paid")
        if away > 0
        else _("%(percent)s %% above the price last paid")
    )
    return [{"rule": "R1.7", "sentence": text % {"percent": plain(beside(abs(away), shown))}}]


def _stock_note(line: OrderLine, free: Decimal) -> list[dict[str, Any]]:
    if free >= line.quantity:
        return []
    text = _("%(free)s %(unit)s free, the rest is made")
    return [{"rule": "R2.7", "sentence": text % {"free": plain(free), "unit": line.unit}}]
