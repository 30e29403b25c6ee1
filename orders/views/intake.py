"""Files of orders: brought, columns named, checked with progress, mended, taken in, the result (R1.13)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.panels import panel, refusal
from core.access import access
from core.columns import Column
from core.files import file_response
from core.lists import list_page
from core.rules import Blocked, Reason
from core.sheets import letters
from core.showing import amount
from orders import gates
from orders.actions import intake
from orders.import_forms import ImportForm
from orders.intake.columns import BY_NAME, COLUMNS
from orders.intake.template import template_response
from orders.models import ImportBatch, SalesOrder
from orders.states import ImportState

IMPORT = "orders.import_salesorder"
VISIBLE = ImportBatch.objects.visible_to
SHOWN = 200
LONGEST_CELL = 2000
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
            upload=form.cleaned_data["file"], customer=form.cleaned_data["customer"], actor=request.user
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
    return _page(request, _found(request, pk))


@access(IMPORT, scope=VISIBLE)
def import_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was brought."""
    return file_response(_found(request, pk).file)


@access(IMPORT, scope=VISIBLE, methods=("POST",))
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each heading means, and have the file checked."""
    batch = _found(request, pk)
    columns = [request.POST.get(f"column-{place}", "")[:40] for place in range(len(batch.headings))]

    def name_and_check() -> None:
        intake.check_import(
            intake.name_columns(batch, columns=columns, actor=request.user), actor=request.user
        )

    return _try(request, batch, name_and_check, columns=columns)


@access(IMPORT, scope=VISIBLE, methods=("POST",))
def import_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what was typed in the place of bad cells, and check again."""
    batch = _found(request, pk)
    cells = {}
    for each in batch.problems:
        typed = request.POST.get(f"cell-{each['row']}-{each['column']}")
        if typed is not None and typed != each["typed"]:
            cells[each["row"], each["column"]] = typed[:LONGEST_CELL]
    return _try(request, batch, lambda: intake.correct_import(batch, cells=cells, actor=request.user))


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


def _try(
    request: HttpRequest, batch: ImportBatch, verb: Callable[[], Any], columns: list[str] | None = None
) -> HttpResponse:
    try:
        verb()
    except Blocked as refused:
        return _page(request, _found(request, batch.pk), refused.reasons, status=409, columns=columns)
    return redirect(batch)


def _list(request: HttpRequest, form: ImportForm, *, status: int = 200, refused: Any = ()) -> HttpResponse:
    response = list_page(
        request,
        name="imports",
        queryset=VISIBLE(request.user).select_related("file", "customer"),
        columns=LIST,
        default_order=("-created_at", "-id"),
        template="orders/imports.html",
        row_url=ImportBatch.get_absolute_url,
        empty={"title": _("No files yet"), "icon": "upload"},
        context={
            "title": _("Import orders"),
            "form": form,
            "refused": refusal(refused, actor=request.user) if refused else None,
        },
    )
    response.status_code = status
    return response


def _seen_before(request: HttpRequest, form: ImportForm, batch: ImportBatch) -> HttpResponse:
    """The same file came before: its page, or, if it is somebody else's, the words that it did."""
    if VISIBLE(request.user).filter(pk=batch.pk).exists():
        messages.info(request, _("This file was brought before. Here it is; nothing was created."))
        return redirect(batch)
    text = _("A colleague took this file in already. Nothing was created.")
    return _list(request, form, status=409, refused=[Reason(rule="R1.13", key="taken", text=text)])


def _page(
    request: HttpRequest,
    batch: ImportBatch,
    reasons: Any = (),
    *,
    status: int = 200,
    columns: list[str] | None = None,
) -> HttpResponse:
    user, context = request.user, {"batch": batch}
    context |= {
        "refused": refusal(reasons, actor=user, link=batch.get_absolute_url()) if reasons else None,
        "job": _job(batch) if batch.is_running else None,
        "facts": _facts(batch),
        "failure": batch.failure.get(get_language() or "en", batch.failure.get("en", "")),
    }
    if batch.is_open:
        context |= {
            "headings": _headings(batch, columns or batch.mapping),
            "choices": [(each.name, each.label, each.required) for each in COLUMNS],
            "missing": [label for _name, label in batch.unnamed_columns()],
            "problems": [_shown(batch, each) for each in batch.problems],
            "take": _take_door(batch, user),
            "form": ImportForm(actor=user, initial=_again(batch)),
        }
    if batch.state == ImportState.TAKEN:
        made = SalesOrder.objects.visible_to(user).filter(number__in=batch.made[:SHOWN])
        context |= {
            "orders": made.select_related("customer").order_by("pk"),
            "unshown": max(len(batch.made) - SHOWN, 0),
        }
    return render(request, "orders/import.html", context, status=status)


def _job(batch: ImportBatch) -> dict[str, Any]:
    """The progress card; on the first look after the end the whole page shows."""
    takes = batch.state == ImportState.TAKING
    return {
        "id": f"import-{batch.pk}",
        "title": _("Being taken in") if takes else _("Being checked"),
        "state": "running",
        "done": batch.done_count,
        "total": batch.row_count,
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
    return [{"label": label, "value": value} for label, value in shown]


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


def _shown(batch: ImportBatch, kept: dict[str, Any]) -> dict[str, Any]:
    column, words = BY_NAME.get(kept["column"]), kept["words"]
    places = [letters(place) for place, name in enumerate(batch.mapping) if name == kept["column"]]
    return {
        **kept,
        "name": f"cell-{kept['row']}-{kept['column']}",
        "label": column.label if column else kept["column"],
        "letters": ", ".join(places),
        "says": words.get(get_language() or "en", words.get("en", "")),
        "codes": [each.split(" ")[0] for each in kept["offers"]],
    }


def _take_door(batch: ImportBatch, user: Any) -> dict[str, Any] | None:
    if batch.state != ImportState.CHECKED:
        return None
    return {
        "label": _("Take in %(count)s orders") % {"count": batch.order_count}
        if batch.order_count
        else _("Take in"),
        "url": reverse("orders:import_take", args=[batch.pk]),
        "tone": "primary",
        "panel": panel(gates.TAKE_IMPORT, batch, user),
    }


def _again(batch: ImportBatch) -> dict[str, Any]:
    return {"customer": batch.customer.code if batch.customer else "", "replaces": batch.pk}
