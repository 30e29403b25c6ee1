"""Revenue confirmed, invoices: list, page, verbs, paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.panels import panel
from core.access import access
from core.documents import document_response
from core.lists import Column, list_page
from core.rules import Blocked, Stale
from core.timeline import timeline
from invoicing import actions, gates
from invoicing.forms import ConfirmForm, InvoiceFilter
from invoicing.models import Invoice
from invoicing.states import InvoiceState
from invoicing.views.answers import VERB, refused_panel, version_of
from logistics.models import Shipment

SEEN = Invoice.objects.visible_to
COLUMNS = (
    Column("number", gettext_lazy("Invoice"), value=str),
    Column("order", gettext_lazy("Order"), value="order__number"),
    Column("customer", gettext_lazy("Customer"), value="customer__name"),
    Column("state", gettext_lazy("State"), kind="state"),
    Column("kind", gettext_lazy("Kind"), value=lambda invoice: invoice.get_kind_display(), optional=True),
    Column("amount", gettext_lazy("Amount"), kind="money", currency="currency", sort="amount"),
    Column("open", gettext_lazy("Unpaid"), kind="money", value="open_amount", currency="currency"),
    Column(
        "issued", gettext_lazy("Issued on"), kind="day", value="issued_on", sort="issued_on", optional=True
    ),
    Column("due", gettext_lazy("Payment due"), kind="day", value="due_on", sort="due_on"),
)


@access("invoicing.view_invoice", scope=SEEN)
def invoices(request: HttpRequest) -> HttpResponse:
    """Every invoice that this person may see, newest first."""
    return list_page(
        request,
        name="invoices",
        queryset=Invoice.objects.visible_to(request.user).select_related("order", "customer"),
        columns=COLUMNS,
        default_order=("-id",),
        filterset=InvoiceFilter,
        row_url=lambda invoice: invoice.get_absolute_url(),
        empty={
            "icon": "invoice",
            "title": _("No invoices yet"),
            "text": _("Revenue is confirmed on the page of a shipment that has left."),
        },
        context={"title": _("Invoices")},
    )


@access("invoicing.view_invoice", scope=SEEN)
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """One invoice."""
    return _page(request, _found(request, number))


@access("invoicing.confirm_revenue", scope=Shipment.objects.visible_to, methods=VERB)
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm revenue of a shipment and ask for its invoice (R6.1, R6.2, R6.6)."""
    rows = Shipment.objects.visible_to(request.user).select_related("order__customer", "team")
    shipment = get_object_or_404(rows, number=number)
    customer = shipment.order.customer
    initial = {"amount": shipment.unconfirmed, "buyer_name": customer.name, "buyer_tax_id": customer.tax_id}
    form = ConfirmForm(request.POST or None, initial=initial)
    status, refused = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.confirm_revenue(shipment, actor=request.user, **form.cleaned_data)
            except (Blocked, Stale) as error:
                status, refused = 409, refused_panel(request, error, shipment.team)
            else:
                messages.success(request, _("Revenue is confirmed; finance issues the invoice."))
                return redirect(made)
    context = {"shipment": shipment, "form": form, "refused": refused}
    context["gate"] = panel(gates.CONFIRM, shipment, request.user, team=shipment.team)
    return render(request, "invoicing/confirm.html", context, status=status)


@access("invoicing.issue_invoice", scope=SEEN, methods=VERB)
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Post it under its number (R6.12)."""
    subject = _found(request, number)
    if request.method != "POST":
        return redirect(subject)
    try:
        issued = actions.issue_invoice(subject, actor=request.user, version=version_of(request))
    except (Blocked, Stale) as error:
        return _refused(request, subject, error)
    messages.success(request, _("Invoice %(number)s is issued.") % {"number": issued.number})
    return redirect(subject)


@access("invoicing.confirm_revenue", scope=SEEN, methods=VERB)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the request back before it is issued."""
    subject = _found(request, number)
    if request.method != "POST":
        return redirect(subject)
    try:
        actions.withdraw_request(subject, actor=request.user, version=version_of(request))
    except (Blocked, Stale) as error:
        return _refused(request, subject, error)
    messages.success(request, _("The invoice request is withdrawn."))
    return redirect(subject)


@access("invoicing.view_invoice", scope=SEEN)
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The invoice as it went out."""
    document = _found(request, number).document
    if document is None or not document.is_rendered:
        raise Http404
    return document_response(document)


def _found(request: HttpRequest, number: str) -> Invoice:
    rows = Invoice.objects.visible_to(request.user).select_related(
        "order__team", "customer", "shipment", "confirmed_by", "issued_by", "document__file"
    )
    return get_object_or_404(rows, request_number=number)


def _refused(request: HttpRequest, subject: Invoice, error: Blocked | Stale) -> HttpResponse:
    """The page as things stand now, the reasons on top, nothing changed."""
    shown = refused_panel(request, error, subject.order.team, subject.get_absolute_url())
    return _page(request, _found(request, subject.request_number), refused=shown, status=409)


def _page(
    request: HttpRequest, subject: Invoice, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    inside = "customer" not in user.roles
    context = {
        "invoice": subject,
        "order": subject.order,
        "lines": subject.lines.order_by("pk"),
        "allocations": subject.allocations.select_related("receipt", "allocated_by").order_by("pk"),
        "refused": refused,
        "inside": inside,
        "steps": _stepper(subject),
        "actions": _actions(subject, user),
        "files": _files(subject),
        "crumbs": [
            {"label": _("Invoices"), "url": reverse("invoicing:invoices")},
            {"label": subject.order.number, "url": subject.order.get_absolute_url()},
        ],
        "events": timeline(subject.order.thread, reader=user, subject=subject.request_number)
        if inside
        else [],
    }
    return render(request, "invoicing/invoice.html", context, status=status)


def _stepper(subject: Invoice) -> list[dict[str, Any]]:
    issued, paid = subject.number is not None, subject.state == InvoiceState.PAID
    gone = subject.state == InvoiceState.WITHDRAWN
    waits = "blocked" if gone else "current"
    return [
        {"label": _("Revenue confirmed"), "state": "done", "at": subject.created_at},
        {
            "label": pgettext("invoice", "Issued"),
            "state": "done" if issued else waits,
            "at": subject.issued_on,
        },
        {
            "label": _("Paid"),
            "state": "done" if paid else "current" if issued else "todo",
            "at": subject.state_since if paid else None,
        },
    ]


def _actions(subject: Invoice, user: Any) -> list[dict[str, Any]]:
    buttons = ((gates.ISSUE, "issue", "primary", "invoice"), (gates.WITHDRAW, "withdraw", "quiet", "undo"))
    return [
        {
            "label": gate.label,
            "url": reverse(f"invoicing:{verb}", args=[subject.request_number]),
            "tone": tone,
            "icon": icon,
            "version": subject.version,
            "panel": panel(gate, subject, user, team=subject.order.team),
        }
        for gate, verb, tone, icon in buttons
        if gate.applies(subject) and user.has_perm(gate.permission)
    ]


def _files(subject: Invoice) -> list[dict[str, Any]]:
    document = subject.document
    if document is None or not document.is_rendered:
        return []
    return [
        {
            "name": document.file.name,
            "kind": subject.get_kind_display(),
            "size": document.file.size,
            "at": document.rendered_at,
            "url": reverse("invoicing:paper", args=[subject.request_number]),
        }
    ]
