"""Finance's queue, and the shipments that nobody invoices."""

from __future__ import annotations

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.queries import mine
from core.access import access
from core.lists import Column, SearchFilter, list_page
from invoicing.models import Invoice, Receipt
from invoicing.queries import uninvoiced as uninvoiced_rows
from invoicing.querysets import limit_of
from logistics.models import Shipment

QUEUE = 50
COLUMNS = (
    Column("number", gettext_lazy("Shipment")),
    Column("order", gettext_lazy("Order"), value="order__number"),
    Column("customer", gettext_lazy("Customer"), value="order__customer__name"),
    Column("owner", gettext_lazy("Sales rep"), value=lambda row: str(row.order.owner)),
    Column("left_house", gettext_lazy("Dispatched"), kind="day", value="dispatched_at", sort="dispatched_at"),
    Column(
        "limit", gettext_lazy("To be invoiced by"), kind="due", value=lambda row: limit_of(row.dispatched_at)
    ),
    Column("value", gettext_lazy("Goods value"), kind="money", value="billable", currency="currency"),
    Column("left", gettext_lazy("Not invoiced"), kind="money", currency="currency"),
)


class UninvoicedFilter(django_filters.FilterSet):
    """A text in the shipment, the order or the customer."""

    q = SearchFilter(fields=["number", "order__number", "order__customer__name", "order__customer__code"])


@access("invoicing.issue_invoice", "invoicing.record_receipt", scope=Invoice.objects.visible_to)
def finance(request: HttpRequest) -> HttpResponse:
    """What waits for finance: decisions, invoices to issue, money to name, invoices past due."""
    user, today = request.user, timezone.localdate()
    invoices = Invoice.objects.visible_to(user).select_related("order", "customer", "shipment")
    context = {
        "steps": mine(user)[:QUEUE],
        "to_issue": invoices.to_issue().order_by("state_since", "pk")[:QUEUE],
        "overdue": invoices.open().filter(due_on__lt=today).order_by("due_on", "pk")[:QUEUE],
        "unapplied": Receipt.objects.visible_to(user)
        .unapplied()
        .select_related("customer")
        .order_by("received_on", "pk")[:QUEUE],
    }
    return render(request, "invoicing/finance.html", context)


@access(
    "logistics.request_shipment",
    "invoicing.confirm_revenue",
    "invoicing.issue_invoice",
    "reports.view_weekly",
    scope=Shipment.objects.visible_to,
)
def uninvoiced(request: HttpRequest) -> HttpResponse:
    """R6.3: dispatched a month ago and more, not invoiced in full."""
    return list_page(
        request,
        name="uninvoiced",
        queryset=uninvoiced_rows(request.user, timezone.now()),
        columns=COLUMNS,
        default_order=("dispatched_at", "id"),
        filterset=UninvoicedFilter,
        row_url=lambda shipment: f"{shipment.get_absolute_url()}#revenue",
        empty={
            "icon": "check-circle",
            "title": _("Everything that left is invoiced in time"),
        },
        context={"title": _("Not invoiced in time")},
    )
