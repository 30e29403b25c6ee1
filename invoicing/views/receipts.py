"""Money received: list, entry, page, allocation (R6.7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import access
from core.fields import QueryParameters
from core.lists import Column, list_page
from core.rules import Blocked, Stale
from core.timeline import timeline
from customers.models import Customer
from invoicing import actions
from invoicing.forms import AllocateForm, ReceiptFilter, ReceiptForm
from invoicing.models import Receipt
from invoicing.queries import open_invoices, unpaid_orders
from invoicing.views.answers import VERB, refused_panel

SEEN = Receipt.objects.visible_to
COLUMNS = (
    Column("number", gettext_lazy("Number")),
    Column("customer", gettext_lazy("Customer"), value="customer__name"),
    Column("received", gettext_lazy("Received on"), kind="day", value="received_on", sort="received_on"),
    Column("method", gettext_lazy("Method"), value=lambda receipt: receipt.get_method_display()),
    Column("amount", gettext_lazy("Amount"), kind="money", currency="currency", sort="amount"),
    Column("left", gettext_lazy("Not allocated"), kind="money", value="unallocated", currency="currency"),
    Column("payer", gettext_lazy("Payer"), optional=True),
    Column("reference", gettext_lazy("Reference"), optional=True),
)


@access("invoicing.view_receipt", scope=SEEN)
def receipts(request: HttpRequest) -> HttpResponse:
    """Money received, newest first."""
    create = None
    if request.user.has_perm("invoicing.record_receipt"):
        create = {"url": reverse("invoicing:new_receipt"), "label": _("Record money received")}
    return list_page(
        request,
        name="receipts",
        queryset=Receipt.objects.visible_to(request.user).select_related("customer"),
        columns=COLUMNS,
        default_order=("-id",),
        filterset=ReceiptFilter,
        row_url=lambda receipt: receipt.get_absolute_url(),
        empty={
            "icon": "money",
            "title": _("No money received yet"),
            "text": _("Finance records what comes in, and for which orders and invoices it is."),
        },
        context={"title": _("Money received"), "create": create},
    )


@access("invoicing.record_receipt", methods=VERB)
def new_receipt(request: HttpRequest) -> HttpResponse:
    """Record money received."""
    form = ReceiptForm(request.POST or None, user=request.user, initial=_asked_for(request))
    status, refused = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.record_receipt(actor=request.user, **form.cleaned_data)
            except Blocked as error:
                status, refused = 409, refused_panel(request, error, None)
            else:
                messages.success(request, _("Receipt %(number)s is recorded.") % {"number": made.number})
                return redirect(made)
    return render(request, "invoicing/new_receipt.html", {"form": form, "refused": refused}, status=status)


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """The customer that a reason's link names, and the order whose deposit is missing (R6.8)."""
    query = QueryParameters(request.GET)
    order, named = query.text("order"), query.text("customer", max_length=20)
    seen = Customer.objects.visible_to(request.user).filter(code=named).first() if named else None
    note = _("Deposit of order %(order)s") % {"order": order} if order and seen else ""
    return {"customer": seen, "payer": seen.name, "note": note} if seen else {}


@access("invoicing.view_receipt", scope=SEEN)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """One receipt: what it is named for, what it can be named for."""
    return _page(request, _found(request, number))


@access("invoicing.record_receipt", scope=SEEN, methods=VERB)
def allocate(request: HttpRequest, number: str) -> HttpResponse:
    """Name money for an order or an invoice; over-allocation is refused with the figures."""
    subject = _found(request, number)
    if request.method != "POST":
        return redirect(subject)
    form = AllocateForm(request.POST)
    if not form.is_valid():
        return _page(request, subject, form=form, status=422)
    given = form.cleaned_data
    target: dict[str, Any] = {}
    if given["invoice"]:
        target["invoice"] = get_object_or_404(subject.customer.invoices, request_number=given["invoice"])
    else:
        target["order"] = get_object_or_404(subject.customer.orders, number=given["order"])
    try:
        actions.allocate_receipt(subject, amount=given["amount"], actor=request.user, **target)
    except (Blocked, Stale) as error:
        refused = refused_panel(request, error, None)
        return _page(request, _found(request, number), refused=refused, status=409)
    named = next(iter(target.values()))
    messages.success(request, _("The money is named for %(target)s.") % {"target": named})
    return redirect(subject)


def _found(request: HttpRequest, number: str) -> Receipt:
    rows = Receipt.objects.visible_to(request.user).select_related("customer", "entered_by")
    return get_object_or_404(rows, number=number)


def _page(
    request: HttpRequest,
    subject: Receipt,
    *,
    refused: dict[str, Any] | None = None,
    form: AllocateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    left = subject.unallocated
    open_to = left > 0 and request.user.has_perm("invoicing.record_receipt")
    targets = []
    if open_to:
        targets = [
            {"kind": "invoice", "key": each.request_number, "shown": each, "order": each.order,
             "due": each.due_on, "owed": each.open_amount, "amount": min(left, each.open_amount)}
            for each in open_invoices(subject)[:50]
        ] + [
            {"kind": "order", "key": each.number, "shown": each, "order": each,
             "due": each.due_on, "owed": each.owed, "amount": min(left, each.owed)}
            for each in unpaid_orders(subject)[:50]
        ]  # fmt: skip
    context = {
        "receipt": subject,
        "allocations": subject.allocations.select_related("order", "invoice", "allocated_by").order_by("pk"),
        "targets": targets,
        "refused": refused,
        "form": form,
        "crumbs": [{"label": _("Money received"), "url": reverse("invoicing:receipts")}],
        "events": timeline(subject.thread, reader=request.user),
    }
    return render(request, "invoicing/receipt.html", context, status=status)
