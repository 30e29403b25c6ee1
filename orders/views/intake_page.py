"""The page of one file of orders: what its columns mean, what is wrong in it, what came of it (R1.13)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.panels import panel, refusal
from core.sheets import letters
from core.showing import amount, filled
from core.timeline import timeline
from orders import gates
from orders.import_forms import ImportForm, WhoseForm
from orders.intake.columns import BY_NAME, COLUMNS
from orders.models import ImportBatch, ImportProblem, SalesOrder
from orders.states import PRICING, READING, WRITING, ImportState

SHOWN, PROBLEMS = 200, 100
STAGES = (READING, PRICING, WRITING)


def import_page(
    request: HttpRequest,
    batch: ImportBatch,
    reasons: Any = (),
    *,
    status: int = 200,
    columns: list[str] | None = None,
    whose: WhoseForm | None = None,
) -> HttpResponse:
    """The page as it stands, or with what was refused and typed."""
    user = request.user
    context: dict[str, Any] = {
        "batch": batch,
        "refused": refusal(reasons, actor=user, link=batch.get_absolute_url()) if reasons else None,
        "job": _job(batch) if batch.is_running else None,
        "facts": _facts(batch),
        "failure": batch.failure.get(get_language() or "en", batch.failure.get("en", "")),
        "known": _known(batch, user),
        "unknown": max(len(batch.known) - SHOWN, 0),
        "events": timeline(batch.thread, reader=user),
    }
    if batch.is_open:
        found = Paginator(batch.found.all(), PROBLEMS).get_page(request.GET.get("page"))
        context |= {
            "headings": _headings(batch, columns or batch.mapping),
            "choices": [(each.name, each.label, each.required) for each in COLUMNS],
            "missing": [label for _name, label in batch.unnamed_columns()],
            "whose": whose or WhoseForm(actor=user, initial=_whose(batch)),
            "found": found,
            "problems": list(_shown(batch, found)),
            "take": _take_door(batch, user),
            "discard": _discard(batch),
            "form": ImportForm(actor=user, initial={**_whose(batch), "replaces": batch.pk}),
        }
    if batch.state == ImportState.TAKEN:
        made = SalesOrder.objects.visible_to(user).filter(number__in=batch.made[:SHOWN])
        context |= {
            "orders": made.select_related("customer").order_by("pk"),
            "unshown": max(len(batch.made) - SHOWN, 0),
        }
    return render(request, "orders/import.html", context, status=status)


def report(batch: ImportBatch) -> tuple[list[Any], Iterator[list[Any]]]:
    """Every bad cell with its row as it stands in the file: the heads, the rows."""
    head = [_("Row"), _("Column"), _("Our column"), _("What stands there"), _("Why not"), _("Perhaps")]
    placed = _places(batch)
    rows = (
        [
            each.row,
            placed.get(each.column, ""),
            _label(each.column),
            each.typed,
            each.says,
            " · ".join(each.offers),
            *each.cells,
        ]
        for each in batch.found.iterator(chunk_size=500)
    )
    return [*head, *batch.headings], rows


def _job(batch: ImportBatch) -> dict[str, Any]:
    """The progress card, over all stages; on the first look after the end the whole page shows."""
    takes = batch.state == ImportState.TAKING
    stages = len(STAGES) if takes else len(STAGES) - 1
    names = {READING: _("Reading"), PRICING: _("Pricing"), WRITING: _("Writing")}
    return {
        "id": f"import-{batch.pk}",
        "title": _("Being taken in") if takes else _("Being checked"),
        "stage": names.get(batch.stage, _("Waits for its turn")),
        "done": max(batch.stage - 1, 0) * batch.row_count + batch.done_count,
        "total": stages * batch.row_count,
        "lines": batch.row_count,
        "line": batch.done_count,
        "note": _("You may leave this page; the work goes on."),
    }


def _facts(batch: ImportBatch) -> list[dict[str, Any]]:
    totals = " · ".join(f"{currency} {amount(Decimal(sum))}" for currency, sum in batch.totals.items())
    shown = [
        (_("Customer"), batch.customer.name if batch.customer else _("named by a column")),
        (_("Lines"), batch.row_count or "–"),
        (_("New orders"), batch.order_count if batch.run else "–"),
        (_("Already here"), len(batch.known) if batch.run else "–"),
        (_("Total"), totals or "–"),
    ]
    if batch.left_out:
        shown.append((_("Rows left out"), ", ".join(str(each) for each in batch.left_out)))
    return [{"label": label, "value": value} for label, value in shown]


def _known(batch: ImportBatch, user: Any) -> list[dict[str, Any]]:
    """The orders that were here before, with the state they are in now."""
    first = batch.known[:SHOWN]
    orders = SalesOrder.objects.visible_to(user).filter(number__in={each["number"] for each in first})
    known = {each.number: each for each in orders.only("number", "state")}
    return [{**each, "order": known.get(each["number"])} for each in first]


def _headings(batch: ImportBatch, columns: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "letter": letters(place),
            "text": text,
            "column": columns[place] if place < len(columns) else "",
            "sample": [row[place] for row in batch.sample if place < len(row) and row[place]][:3],
        }
        for place, text in enumerate(batch.headings)
        if text
    ]


def _shown(batch: ImportBatch, problems: Any) -> Iterator[dict[str, Any]]:
    """Bad cells, the first of each row with what else stands in it."""
    placed, before = _places(batch), 0
    each: ImportProblem
    for each in problems:
        pairs = zip(batch.headings, each.cells, strict=False)
        yield {
            **each.told(),
            "value": batch.written_at(each.row, each.column, each.typed),
            "left": each.row in batch.left_out,
            "name": f"cell-{each.row}-{each.column}",
            "label": _label(each.column),
            "letters": placed.get(each.column, ""),
            "says": each.says,
            "codes": [offer.split(" ")[0] for offer in each.offers],
            "first": each.row != before,
            "cells": [(heading, text) for heading, text in pairs if heading and text.strip()],
        }
        before = each.row


def _places(batch: ImportBatch) -> dict[str, str]:
    """By our column, the letters of the file's."""
    placed: dict[str, str] = {}
    for place, name in enumerate(batch.mapping):
        if name:
            placed[name] = ", ".join(filter(None, (placed.get(name), letters(place))))
    return placed


def _label(column: str) -> str:
    return str(BY_NAME[column].label) if column in BY_NAME else column


def _take_door(batch: ImportBatch, user: Any) -> dict[str, Any] | None:
    if batch.state != ImportState.CHECKED:
        return None
    return {
        "label": filled(_("Take in %(count)s orders"), {"count": batch.order_count})
        if batch.order_count
        else _("Take in"),
        "url": reverse("orders:import_take", args=[batch.pk]),
        "tone": "primary",
        "panel": panel(gates.TAKE_IMPORT, batch, user),
    }


def _discard(batch: ImportBatch) -> dict[str, Any]:
    return {
        "id": "discard",
        "title": _("Discard this file?"),
        "consequence": _("What was named and mended here is lost. No order is made or changed."),
        "url": reverse("orders:import_discard", args=[batch.pk]),
        "verb_label": pgettext("import", "Discard"),
    }


def _whose(batch: ImportBatch) -> dict[str, Any]:
    return {"customer": batch.customer.code if batch.customer else "", "is_source": batch.is_source}
