"""Typing an order: header form and line grid, saved by itself; whole pages, with or without scripts (I12)."""

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

from accounts.panels import refusal
from core.access import access
from core.idempotency import Reused, effect_once
from core.rules import Blocked, Reason, Stale
from orders import actions
from orders.forms import HeaderForm, PostedRow, posted_row, posted_rows, read_number
from orders.models import OrderLine, SalesOrder
from orders.queries import with_content
from orders.states import MarkKind
from orders.views import check, grid, parts
from orders.views.blocks import rows_with_block, runs_on
from orders.views.doors import kinds_of_paper
from orders.views.header import AUTOSAVE, header_form, header_url, header_was
from orders.views.page import found

VISIBLE = SalesOrder.objects.visible_to
BOTH = ("GET", "HEAD", "POST")


@access("orders.change_salesorder", scope=VISIBLE, methods=BOTH)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The whole draft: GET shows it, POST saves it all, and submits it if that was asked."""
    order = found(request, number)
    if request.method != "POST":
        if not order.is_editable:
            return redirect(order)
        return _page(request, order, header_form(order))
    answer = _save(request, order)
    if answer is not None:
        return answer
    if "submit_order" in request.POST:
        messages.success(request, _("Order %(order)s was submitted.") % {"order": order.number})
        return redirect(order)
    messages.success(request, _("Saved."))
    more = "?blank=1#lines" if {"add_row", "delete_row", "suggest"} & set(request.POST) else ""
    return redirect(reverse("orders:edit", args=[number]) + more)


@access("orders.change_salesorder", scope=VISIBLE, methods=("POST",), repeatable=AUTOSAVE)
def save_row(request: HttpRequest, number: str) -> HttpResponse:
    """One row of the grid, when a cell was left: answers the row, totals and warnings.

    What could be read is saved; the other cells are kept as typed, with what is wrong with them (422). A cell
    that was saved otherwise meanwhile, from another window too, is not: both values are shown (409).
    """
    order = found(request, number)
    index = read_number(request.POST.get("row", "")) or 0
    row = posted_row(request.POST, index)
    version = read_number(request.POST.get("version", ""))
    warnings: list[dict[str, Any]] = []
    done = actions.Rows()
    try:
        done = _save_row(request, order, row, version)
        status = _status(done, row)
    except Blocked as refused:
        status, warnings = 409, grid.warned(refused.reasons)
    except Stale as stale:
        status, warnings = 409, [grid.stale_warning(stale.current, row)]
    line = done.touched[0] if done.touched else None
    order = line.order if line else found(request, number)
    gone = row.values["delete"] and status == 200
    shown = (
        None if gone else grid.shown_row(order, row, line, done.overtaken.get(line.pk, {}) if line else {})
    )
    saved_at = timezone.now() if status == 200 else None
    context = {
        "order": order,
        "index": index,
        "row": shown,
        "grid": grid.frame(order, saved_at=saved_at) | {"warnings": warnings},
    }
    return render(request, "orders/row.html", context, status=status)


@access("orders.change_salesorder", scope=VISIBLE, methods=("POST",), repeatable=AUTOSAVE)
def paste(request: HttpRequest, number: str) -> HttpResponse:
    """Rows pasted from a spreadsheet, with what stood in the grid; all of them or none (R1.13).

    Pasted into a cell they are laid over the grid from there on, else they are new lines.
    """
    order = found(request, number)
    text = request.POST.get("rows") or request.POST.get("pasted", "")
    version = read_number(request.POST.get("version", ""))
    form = header_form(order)
    rows = []
    try:
        rows = posted_rows(request.POST)
        if runs_on(request.POST):
            notice = _lay_block(request, order, text, version)
        else:
            notice = _add_block(request, order, rows, text, version)
    except Reused:
        return _page(request, order, form, rows=rows, status=409, refused=[_sent_before()], pasted=text)
    except Blocked as refused:
        return _page(request, order, form, status=409, refused=refused.reasons, pasted=text)
    except Stale as stale:
        return _stale(request, stale.current, form, rows)
    except ValidationError as error:
        return _page(request, order, form, status=422, refused=[_plain_reason(error)], pasted=text)
    fresh = found(request, number)
    return _page(request, fresh, header_form(fresh), notice=notice)


def _save_row(request: HttpRequest, order: SalesOrder, row: PostedRow, version: int | None) -> actions.Rows:
    """Save one row. A new one is one line, also if it is sent again because its answer was lost (I11)."""

    done = actions.Rows()
    if row.values["id"] is not None and row.values["was"] and not row.values["delete"]:
        version = None  # each cell says itself what it was typed over

    def save() -> str:
        nonlocal done
        done = actions.save_lines(order, rows=[row.values], actor=request.user, version=version, own=True)
        return str(done.touched[0].pk) if done.touched else ""

    if row.values["id"] is not None or row.values["delete"]:
        save()
    else:
        kept, is_new = effect_once(request, save)
        if not is_new:
            row.values["id"] = read_number(kept)
            save()
    return done


def _status(done: actions.Rows, row: PostedRow) -> int:
    if done.overtaken:
        return 409
    return 422 if row.errors or any(line.unread for line in done.touched) else 200


def _lay_block(request: HttpRequest, order: SalesOrder, text: str, version: int | None) -> str:
    """Save the grid with the block laid over it, once for the form's key (I11); what is said of it."""
    rows = rows_with_block(request.POST, text)

    def lay() -> str:
        _save_grid(request, order, rows, version)
        return ""

    with transaction.atomic():
        return effect_once(request, lay, content=f"{request.POST['at']} {request.POST.get('row')} {text}")[0]


def _add_block(
    request: HttpRequest, order: SalesOrder, rows: list[PostedRow], text: str, version: int | None
) -> str:
    """Save the grid and add the pasted block, once for the form's key (I11); what is said of it."""

    def add() -> str:
        _save_grid(request, order, rows, version)
        done = actions.paste_lines(order, text=text, actor=request.user)
        told = _("%(n)s lines added, %(unknown)s of them with an unknown product.")
        return told % {"n": len(done.touched), "unknown": len(done.unknown)}

    with transaction.atomic():
        return effect_once(request, add, content=text)[0]


def _save_grid(request: HttpRequest, order: SalesOrder, rows: list[PostedRow], version: int | None) -> None:
    """What stands in the grid. Raises Stale where a cell that was typed in was saved otherwise meanwhile."""
    values = [row.values for row in rows]
    done = actions.save_lines(order, rows=values, actor=request.user, version=version, own=True)
    if done.overtaken:
        raise Stale(order)


def _save(request: HttpRequest, order: SalesOrder) -> HttpResponse | None:
    """Save header and lines together, all or nothing; an answer only where that failed."""
    form = HeaderForm(request.POST, order=order)
    try:
        rows = posted_rows(request.POST)
    except ValidationError as error:
        return _page(request, order, form, status=422, refused=[_plain_reason(error)])
    _apply_button(request, rows)
    if not form.is_valid() or any(row.errors for row in rows):
        return _page(request, order, form, rows=rows, status=422)
    version = read_number(request.POST.get("version", ""))
    values = [row.values for row in rows]
    try:
        with transaction.atomic():
            was = header_was(request, form)
            seen = version if was is None else None  # as loaded; the page's own saves moved it on
            actions.save_header(order, actor=request.user, version=seen, was=was, **form.cleaned_data)
            _require_seen(order, rows, actions.save_lines(order, rows=values, actor=request.user))
            if "submit_order" in request.POST:
                actions.submit_order(order, actor=request.user)
    except Blocked as refused:
        return _page(request, order, form, rows=rows, status=409, refused=refused.reasons)
    except Stale as stale:
        return _stale(request, stale.current, form, rows)
    return None


def _require_seen(order: SalesOrder, rows: list[PostedRow], done: actions.Rows) -> None:
    """Raises Stale where lines are not what the page showed: changed, or added, in another window (I12)."""
    if done.moved:
        raise Stale(order)
    if any(row.values["was"] for row in rows):
        named = {row.values["id"] for row in rows} | {line.pk for line in done.touched}
        if OrderLine.objects.filter(order=order).exclude(pk__in=named).exists():
            raise Stale(order)


def _apply_button(request: HttpRequest, rows: list[PostedRow]) -> None:
    """Without scripts a row is removed, or a suggestion taken, by the button that sends the form."""
    gone = read_number(request.POST.get("delete_row", ""))
    place, _colon, code = request.POST.get("suggest", "").partition(":")
    for row in rows:
        row.values["delete"] = row.values["delete"] or row.index == gone
        if code and row.index == read_number(place):
            row.values["product"] = row.typed["product"] = code[:120]


def _stale(
    request: HttpRequest, current: SalesOrder, form: HeaderForm, rows: list[PostedRow]
) -> HttpResponse:
    """Nothing was saved: what is there now and what was typed, side by side (I12)."""
    order = found(request, current.number)
    differences = grid.differences(with_content(order), form, rows)
    return _page(request, order, form, rows=rows, status=409, differences=differences)


def _page(
    request: HttpRequest,
    order: SalesOrder,
    form: HeaderForm,
    *,
    rows: list[PostedRow] | None = None,
    status: int = 200,
    refused: Any = (),
    differences: list[dict[str, Any]] | None = None,
    notice: str = "",
    pasted: str = "",
) -> HttpResponse:
    with_content(order)
    urls = {
        "row_url": reverse("orders:save_row", args=[order.number]),
        "paste_url": reverse("orders:paste", args=[order.number]),
        "lookup_url": "/products/lookup/",
        "customer": order.customer.code,
    }
    shown = grid.rows(order, blank="blank" in request.GET)
    if rows:
        shown = grid.typed_rows(order, rows, and_others=differences is not None)
    unread = bool(form.errors) or any(row.get("errors") for row in shown)
    warnings = [{"rule": "", "sentence": notice}] if notice else []
    reasons = list(refused)
    context = {
        "order": order,
        "header_url": header_url(order),
        "form": form,
        "offers": check.offers(order),
        "grid": grid.frame(order, saved_at=check.saved_at(order))
        | urls
        | {"rows": shown, "warnings": warnings, "unread": unread},
        **({} if reasons else check.live(order, request.user)),
        "files": parts.papers(order),
        "marks": MarkKind.choices,
        "attach_kinds": kinds_of_paper(order),
        "refused": refusal(reasons, team=order.team, actor=request.user) if reasons else None,
        "differences": differences,
        "pasted": pasted,
        "unread": status == 200,
    }
    return render(request, "orders/edit.html", context, status=status)


def _sent_before() -> Reason:
    text = _("This form was sent before with other content. Nothing was changed.")
    return Reason(rule="R1.13", key="form", text=text)


def _plain_reason(error: ValidationError) -> Reason:
    return Reason(rule="R1.13", key="form", text=" ".join(error.messages).replace("%", "%%"))
