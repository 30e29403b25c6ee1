"""Typing a quotation: header form and line grid; whole pages, with or without scripts (R1.14, I12)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.panels import panel, refusal
from core.access import access
from core.idempotency import Reused, effect_once
from core.rules import Blocked, Reason, Stale
from orders import actions, gates
from orders.forms import PostedRow, read_number
from orders.models import Quotation, QuotationLine
from orders.quoted import with_lines
from orders.views import quoted_grid as grid
from orders.views.header import AUTOSAVE, header_was
from orders.views.quotation_forms import QuotationForm, quoted_row, quoted_rows, read_block
from orders.views.quotation_header import header_url
from orders.views.quotations import found

VISIBLE = Quotation.objects.visible_to
BOTH = ("GET", "HEAD", "POST")


@access("orders.change_quotation", scope=VISIBLE, methods=BOTH)
def edit(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """The whole draft: GET shows it, POST saves it all."""
    quotation = found(request, number, issue)
    if request.method != "POST":
        if not gates.EDIT_QUOTATION.applies(quotation):
            return redirect(quotation)
        return _page(request, quotation, QuotationForm(quotation=quotation))
    answer = _save(request, quotation)
    if answer is not None:
        return answer
    messages.success(request, _("Saved."))
    if {"add_row", "delete_row", "suggest"} & set(request.POST):
        return redirect(reverse("orders:quotation_edit", args=[number, issue]) + "?blank=1#lines")
    return redirect(quotation)


@access("orders.change_quotation", scope=VISIBLE, methods=("POST",), repeatable=AUTOSAVE)
def save_row(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """One row of the grid, when a cell was left: answers the row, totals and warnings.

    A cell that was saved otherwise meanwhile, from another window too, is not: both values are shown (409).
    """
    quotation = found(request, number, issue)
    index = read_number(request.POST.get("row", "")) or 0
    row = quoted_row(request.POST, index)
    version = read_number(request.POST.get("version", ""))
    warnings: list[dict[str, Any]] = []
    status, done = 422 if row.errors else 200, actions.Rows()
    if not row.errors:
        try:
            done = _save_row(request, quotation, row, version)
            status = 409 if done.overtaken else 200
        except Blocked as refused:
            status, warnings = 409, grid.warned(refused.reasons)
        except Stale as stale:
            status, warnings = 409, [grid.stale_warning(stale.current)]
    quotation = with_lines(found(request, number, issue))
    gone = row.values["delete"] and status == 200
    saved_at = timezone.now() if status == 200 else None
    context = {
        "quotation": quotation,
        "index": index,
        "row": None if gone else grid.shown_row(quotation, row, done),
        "grid": grid.frame(quotation) | {"warnings": warnings, "saved_at": saved_at},
    }
    return render(request, "orders/quotation_saved.html", context, status=status)


@access("orders.change_quotation", scope=VISIBLE, methods=("POST",), repeatable=AUTOSAVE)
def paste(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """Rows pasted from a spreadsheet, with what stood in the grid; all of them or none (R1.13)."""
    quotation = found(request, number, issue)
    text = request.POST.get("rows") or request.POST.get("pasted", "")
    form = QuotationForm(quotation=quotation)
    rows: list[PostedRow] = []
    try:
        rows = quoted_rows(request.POST)
        block = read_block(text)
        if any(row.errors for row in rows):
            raise ValidationError(_("A row above cannot be read yet. Mend it, then paste again."))
        _add_block(request, quotation, [*(row.values for row in rows), *block], text)
    except Reused:
        reasons = [_reason(_("This form was sent before with other content. Nothing was changed."))]
        return _page(request, quotation, form, rows=rows, status=409, refused=reasons, pasted=text)
    except Blocked as refused:
        return _page(request, quotation, form, status=409, refused=refused.reasons, pasted=text)
    except Stale as stale:
        return _stale(request, stale.current, form, rows)
    except ValidationError as error:
        reasons = [_reason(each) for each in error.messages]
        return _page(request, quotation, form, rows=rows, status=422, refused=reasons, pasted=text)
    fresh = found(request, number, issue)
    return _page(request, fresh, QuotationForm(quotation=fresh))


def _save_row(
    request: HttpRequest, quotation: Quotation, row: PostedRow, version: int | None
) -> actions.Rows:
    """Save one row. A new one is one line, also if it is sent again because its answer was lost (I11)."""
    done = actions.Rows()
    if row.values["id"] is not None and row.values["was"] and not row.values["delete"]:
        version = None  # each cell says itself what it was typed over

    def save() -> str:
        nonlocal done
        done = actions.save_quotation(
            quotation, rows=[row.values], actor=request.user, version=version, own=True
        )
        return str(done.touched[0].pk) if done.touched else ""

    if row.values["id"] is not None or row.values["delete"]:
        save()
    else:
        kept, is_new = effect_once(request, save)
        if not is_new:
            row.values["id"] = read_number(kept)
            save()
    return done


def _add_block(request: HttpRequest, quotation: Quotation, rows: list[dict[str, Any]], text: str) -> None:
    """Save the grid and add the pasted block, once for the form's key (I11)."""
    version = read_number(request.POST.get("version", ""))

    def add() -> str:
        done = actions.save_quotation(quotation, rows=rows, actor=request.user, version=version, own=True)
        if done.overtaken:
            raise Stale(quotation)
        return ""

    with transaction.atomic():
        effect_once(request, add, content=text)


def _save(request: HttpRequest, quotation: Quotation) -> HttpResponse | None:
    """Save header and lines together, all or nothing; an answer only where that failed."""
    form = QuotationForm(request.POST, quotation=quotation)
    try:
        rows = quoted_rows(request.POST)
    except ValidationError as error:
        reasons = [_reason(each) for each in error.messages]
        return _page(request, quotation, form, status=422, refused=reasons)
    _apply_button(request, rows)
    if not form.is_valid() or any(row.errors for row in rows):
        return _page(request, quotation, form, rows=rows, status=422)
    version = read_number(request.POST.get("version", ""))
    values = [row.values for row in rows]
    try:
        with transaction.atomic():
            done = actions.save_quotation(
                quotation,
                rows=values,
                actor=request.user,
                version=version,
                was=header_was(request, form),
                **form.cleaned_data,
            )
            _require_seen(quotation, rows, done)
    except Blocked as refused:
        return _page(request, quotation, form, rows=rows, status=409, refused=refused.reasons)
    except Stale as stale:
        return _stale(request, stale.current, form, rows)
    return None


def _require_seen(quotation: Quotation, rows: list[PostedRow], done: actions.Rows) -> None:
    """Raises Stale where lines are not what the page showed: changed, or added, in another window (I12)."""
    if done.moved:
        raise Stale(quotation)
    if any(row.values["was"] for row in rows):
        named = {row.values["id"] for row in rows} | {line.pk for line in done.touched}
        if QuotationLine.objects.filter(quotation=quotation).exclude(pk__in=named - {None}).exists():
            raise Stale(quotation)


def _apply_button(request: HttpRequest, rows: list[PostedRow]) -> None:
    """Without scripts a row is removed, or a suggestion taken, by the button that sends the form."""
    gone = read_number(request.POST.get("delete_row", ""))
    place, _colon, code = request.POST.get("suggest", "").partition(":")
    for row in rows:
        row.values["delete"] = row.values["delete"] or row.index == gone
        if code and row.index == read_number(place):
            row.values["product"] = row.typed["product"] = code[:120]


def _stale(
    request: HttpRequest, current: Quotation, form: QuotationForm, rows: list[PostedRow]
) -> HttpResponse:
    """Nothing was saved: what is there now and what was typed, side by side (I12)."""
    quotation = with_lines(found(request, current.number, current.issue))
    differences = grid.differences(quotation, form, rows)
    return _page(request, quotation, form, rows=rows, status=409, differences=differences)


def _page(
    request: HttpRequest,
    quotation: Quotation,
    form: QuotationForm,
    *,
    rows: list[PostedRow] | None = None,
    status: int = 200,
    refused: Any = (),
    differences: list[dict[str, Any]] | None = None,
    pasted: str = "",
) -> HttpResponse:
    with_lines(quotation)
    where = [quotation.number, quotation.issue]
    urls = {
        "row_url": reverse("orders:quotation_row", args=where),
        "paste_url": reverse("orders:quotation_paste", args=where),
        "lookup_url": "/products/lookup/",
        "customer": quotation.customer.code,
    }
    shown = grid.typed_rows(quotation, rows) if rows else grid.rows(quotation, blank="blank" in request.GET)
    unread = bool(form.errors) or any(row.get("errors") for row in shown)
    reasons = list(refused)
    context = {
        "quotation": quotation,
        "header_url": header_url(quotation),
        "form": form,
        "grid": grid.frame(quotation)
        | urls
        | {"rows": shown, "warnings": grid.warned(reasons), "unread": unread},
        "check": panel(gates.SEND_QUOTATION, quotation, request.user, team=quotation.team),
        "refused": refusal(reasons, team=quotation.team, actor=request.user) if reasons else None,
        "differences": differences,
        "pasted": pasted,
    }
    return render(request, "orders/quotation_edit.html", context, status=status)


def _reason(text: str) -> Reason:
    return Reason(rule="R1.13", key="form", text=text.replace("%", "%%"))
