"""Files of orders: brought, columns named, checked with progress, mended, taken in, the result (R1.13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.panels import refusal
from core.access import access
from core.columns import Column
from core.exports import EXPORTS
from core.fields import QueryParameters
from core.files import file_response
from core.lists import SearchFilter, list_page
from core.rules import Blocked, Reason
from orders.actions import intake
from orders.import_forms import ImportForm, WhoseForm
from orders.intake.template import template_response
from orders.models import ImportBatch, SalesOrder
from orders.states import ImportState
from orders.views.intake_page import SHOWN, import_page, report

IMPORT = "orders.import_salesorder"
VISIBLE = ImportBatch.objects.visible_to
LONGEST_CELL, FEW = 4000, 20
CELL = re.compile(r"cell-([1-9][0-9]{0,6})-([a-z_]{1,40})")
ROW = re.compile(r"[1-9][0-9]{0,6}")
#: What a list does not show and may be long.
HEAVY = ("headings", "sample", "mapping", "corrections", "known", "made", "left_out")
LIST = [
    Column("file", gettext_lazy("File"), value="file.name"),
    Column("state", gettext_lazy("State"), kind="state"),
    Column(
        "customer",
        gettext_lazy("Customer"),
        value=lambda row: row.customer.name if row.customer else "",
        optional=True,
    ),
    Column("row_count", gettext_lazy("Lines"), kind="number"),
    Column("order_count", gettext_lazy("Orders"), kind="number"),
    Column("created_at", gettext_lazy("Uploaded at"), kind="moment", sort="created_at"),
]


class ImportFilter(django_filters.FilterSet):
    """A text in the file's name or the customer, and the state."""

    q = SearchFilter(fields=["file__name", "customer__name", "customer__code"])
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=ImportState.choices)


@access(IMPORT, scope=VISIBLE, methods=("GET", "HEAD", "POST"))
def imports(request: HttpRequest) -> HttpResponse:
    """One's files, newest first, and the form that brings one."""
    if request.method != "POST":
        return _list(request, ImportForm(actor=request.user))
    form = ImportForm(request.POST, request.FILES, actor=request.user)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        batch, is_new = intake.upload_orders(
            upload=form.cleaned_data["file"],
            customer=form.cleaned_data["customer"],
            is_source=form.cleaned_data["is_source"],
            actor=request.user,
        )
        replaced = form.cleaned_data["replaces"]
        if is_new and replaced is not None and replaced.is_open:
            intake.discard_import(replaced, actor=request.user)
    except ValidationError as error:
        form.add_error("file", error)
        return _list(request, form, status=422)
    except Blocked as refused:
        return _list(request, form, status=409, refused=refused.reasons)
    if not is_new:
        return _seen_before(request, form, batch)
    return redirect(batch)


@access(IMPORT)
def import_template(request: HttpRequest) -> HttpResponse:
    """The standard order format as a workbook to fill in, in the reader's language."""
    return template_response()


@access(IMPORT, scope=VISIBLE)
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: where it stands, what is wrong in it, what came of it."""
    return import_page(request, _found(request, pk))


@access(IMPORT, scope=VISIBLE)
def import_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was brought."""
    return file_response(_found(request, pk).file)


@access(IMPORT, scope=VISIBLE)
def import_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every bad cell, to mend in the file: as a workbook or a text file (`?as=csv`)."""
    batch = _found(request, pk)
    kind = QueryParameters(request.GET).choice("as", EXPORTS, "xlsx")
    return EXPORTS[kind](f"import-{batch.pk}", *report(batch))


@access(IMPORT, scope=VISIBLE, methods=("POST",))
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each heading means and whose orders they are, and have the file checked."""
    batch = _found(request, pk)
    columns = [request.POST.get(f"column-{place}", "")[:40] for place in range(len(batch.headings))]
    form = WhoseForm(request.POST, actor=request.user)
    if not form.is_valid():
        return import_page(request, batch, status=422, columns=columns, whose=form)

    def name_and_check() -> None:
        named = intake.name_columns(batch, columns=columns, actor=request.user, **form.cleaned_data)
        intake.check_import(named, actor=request.user)

    return _try(request, batch, name_and_check, columns=columns, whose=form)


@access(IMPORT, scope=VISIBLE, methods=("POST",))
def import_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what was typed in the place of bad cells, leave rows out or take them back, and check again."""
    batch = _found(request, pk)
    typed = {found.groups(): text for name, text in request.POST.items() if (found := CELL.fullmatch(name))}
    shown = batch.found.filter(row__in={int(row) for row, _column in typed})
    cells = {}
    for each in shown:
        text = typed.get((str(each.row), each.column))
        if text is not None and text != batch.written_at(each.row, each.column, each.typed):
            cells[each.row, each.column] = text[:LONGEST_CELL]
    wished = {"cells": cells, "leave": _rows(request, "leave"), "take_back": _rows(request, "back")}
    onward = request.POST.get("page", "")
    answer = _try(
        request,
        batch,
        lambda: intake.correct_import(batch, **wished, actor=request.user, check=not onward),
    )
    if answer.status_code != 302 or not ROW.fullmatch(onward):
        return answer
    return redirect(f"{batch.get_absolute_url()}?page={onward}#problems")


@access(IMPORT, scope=VISIBLE, methods=("POST",))
def import_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in all orders of the file."""
    batch = _found(request, pk)
    return _try(request, batch, lambda: intake.take_import(batch, actor=request.user))


@access(IMPORT, scope=VISIBLE, methods=("POST",))
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Want the file no more."""
    batch = _found(request, pk)
    return _try(request, batch, lambda: intake.discard_import(batch, actor=request.user))


def _found(request: HttpRequest, pk: int) -> ImportBatch:
    mine = VISIBLE(request.user).select_related("file", "customer", "uploaded_by")
    batch = mine.filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def _rows(request: HttpRequest, name: str) -> set[int]:
    """The rows that were ticked."""
    return {int(each) for each in request.POST.getlist(name) if ROW.fullmatch(each)}


def _try(request: HttpRequest, batch: ImportBatch, verb: Callable[[], Any], **shown: Any) -> HttpResponse:
    try:
        verb()
    except Blocked as refused:
        return import_page(request, _found(request, batch.pk), refused.reasons, status=409, **shown)
    return redirect(batch)


def _list(
    request: HttpRequest, form: ImportForm, *, status: int = 200, refused: Any = (), seen: Any = ()
) -> HttpResponse:
    response = list_page(
        request,
        name="imports",
        queryset=VISIBLE(request.user).select_related("file", "customer").defer(*HEAVY),
        columns=LIST,
        default_order=("-created_at", "-id"),
        filterset=ImportFilter,
        template="orders/imports.html",
        row_url=ImportBatch.get_absolute_url,
        empty={
            "title": _("No files yet"),
            "icon": "upload",
            "text": _("Bring the first one above, or begin with the template."),
            "url": reverse("orders:import_template"),
            "label": _("Template to fill in"),
        },
        context={
            "title": _("Import orders"),
            "form": form,
            "seen": seen,
            "refused": refusal(refused, actor=request.user) if refused else None,
        },
    )
    response.status_code = status
    return response


def _seen_before(request: HttpRequest, form: ImportForm, batch: ImportBatch) -> HttpResponse:
    """The same file came before: its page, or, if it is somebody else's, what it became."""
    if VISIBLE(request.user).filter(pk=batch.pk).exists():
        messages.info(request, _("This file was brought before. Here it is; nothing was created."))
        return redirect(batch)
    text = _("A colleague took this file in already. Nothing was created.")
    made = SalesOrder.objects.visible_to(request.user).filter(number__in=batch.made[:SHOWN])
    return _list(
        request,
        form,
        status=409,
        refused=[Reason(rule="R1.13", key="taken", text=text)],
        seen=made.select_related("customer").order_by("pk")[:FEW],
    )
