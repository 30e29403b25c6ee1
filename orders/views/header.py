"""The header of a draft, saved by itself: what was typed in, each field with what it showed before (I12)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.panels import refusal
from core.access import access
from core.rules import Blocked, Reason, Stale
from orders import actions
from orders.actions.draft import saved_meanwhile
from orders.forms import HeaderForm, read_number, shown_header
from orders.models import SalesOrder
from orders.views import grid
from orders.views.page import found
from orders.views.quotation_forms import QuotationForm

VISIBLE = SalesOrder.objects.visible_to
AUTOSAVE = (
    "Saves a draft by itself: saved again it changes nothing, and what it adds it adds once for its key."
)


@access("orders.change_salesorder", scope=VISIBLE, methods=("POST",), repeatable=AUTOSAVE)
def save_header(request: HttpRequest, number: str) -> HttpResponse:
    """The fields that were typed in: those that can be read are saved, the others are kept as typed (422).

    A field that was saved meanwhile, from another window too, is not: both values are shown (409).
    """
    order = found(request, number)
    sent = {name: request.POST[name] for name in HeaderForm.base_fields if name in request.POST}
    form = HeaderForm(shown_header(order) | sent, order=order)
    form.is_valid()
    header = {name: form.cleaned_data[name] for name in sent if name in form.cleaned_data}
    was = header_was(request, form)
    try:
        order = actions.save_header(
            order,
            actor=request.user,
            version=read_number(request.POST.get("version", "")),
            own=True,
            was=was,
            unread={name: typed for name, typed in sent.items() if name in form.errors},
            **header,
        )
    except Blocked as refused:
        return _answer(request, order, 409, reasons=refused.reasons)
    except Stale as stale:
        fresh = found(request, number)
        names = saved_meanwhile(fresh, dict.fromkeys(sent) if was is None else was, header)
        told = grid.overtaken(shown_header(fresh), form, names)
        return _answer(request, fresh, 409, who=stale.current.edited_by, overtaken=told)
    return _answer(request, order, 422 if set(sent) & set(form.errors) else 200)


def header_form(order: SalesOrder) -> HeaderForm:
    """The header as it is saved; what could not be read stands in its fields as it was typed."""
    return (
        HeaderForm(shown_header(order) | order.unread, order=order)
        if order.unread
        else HeaderForm(order=order)
    )


def header_url(order: SalesOrder) -> str:
    """Where its header is saved by itself."""
    return reverse("orders:save_header", args=[order.number])


def header_was(request: HttpRequest, form: HeaderForm | QuotationForm) -> dict[str, Any] | None:
    """What the page showed of the fields before they were typed in; None if it does not say."""
    said = {name: f"was-{name}" for name in form.fields if name in request.POST}
    if not said or not all(name in request.POST for name in said.values()):
        return None
    return {name: _read(form, name, request.POST[posted]) for name, posted in said.items()}


def _read(form: HeaderForm | QuotationForm, name: str, shown: str) -> Any:
    try:
        read = form.fields[name].clean(shown)
    except ValidationError:
        return None
    return 0 if read is None and name in form.ZERO_IF_EMPTY else read


def _answer(
    request: HttpRequest,
    order: SalesOrder,
    status: int,
    *,
    reasons: tuple[Reason, ...] = (),
    who: Any = None,
    overtaken: Any = None,
) -> HttpResponse:
    context = {
        "order": order,
        "header_url": header_url(order),
        "form": header_form(order),
        "grid": grid.frame(order, saved_at=timezone.now()),
        "who": who,
        "overtaken": overtaken,
        "refused": refusal(reasons, team=order.team, actor=request.user) if reasons else None,
    }
    return render(request, "orders/header_saved.html", context, status=status)
