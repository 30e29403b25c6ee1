"""The list of shipments, the warehouse's queue, and its scanner."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import access
from core.fields import QueryParameters
from core.lists import Column, list_page
from logistics import gates
from logistics.forms import PackForm, ShipmentFilter
from logistics.models import Shipment
from logistics.states import ShipmentState

COLUMNS = (
    Column("number", gettext_lazy("Number")),
    Column("order", gettext_lazy("Order"), value="order__number"),
    Column("customer", gettext_lazy("Customer"), value="order__customer__name"),
    Column("state", gettext_lazy("State"), kind="state"),
    Column("value", gettext_lazy("Goods value"), kind="money", value="billable", currency="currency"),
    Column("wanted", gettext_lazy("To leave on"), kind="day", value="wanted_on", sort="wanted_on"),
    Column(
        "dispatched", gettext_lazy("Dispatched"), kind="moment", value="dispatched_at", sort="dispatched_at"
    ),
    Column("carrier", gettext_lazy("Carrier"), value="carrier__name", optional=True),
    Column("waybill", gettext_lazy("Waybill number"), optional=True),
)
QUEUE = 50


@access("logistics.view_shipment", scope=Shipment.objects.visible_to)
def shipments(request: HttpRequest) -> HttpResponse:
    """Every shipment that this person may see, newest first."""
    rows = Shipment.objects.visible_to(request.user).select_related("order__customer", "carrier")
    return list_page(
        request,
        name="shipments",
        queryset=rows,
        columns=COLUMNS,
        default_order=("-id",),
        filterset=ShipmentFilter,
        row_url=lambda shipment: shipment.get_absolute_url(),
        row_blocked=lambda shipment: shipment.order.customer.is_blocked,
        empty={
            "icon": "truck",
            "title": _("No shipments yet"),
            "text": _("A shipment is asked for on the page of a released order."),
        },
        context={"title": _("Shipments")},
    )


@access("logistics.pick_shipment", "logistics.dispatch_shipment", scope=Shipment.objects.visible_to)
def warehouse(request: HttpRequest) -> HttpResponse:
    """What is to be picked, packed, dispatched, oldest first; a scanned number opens its shipment (R5.15)."""
    scanned = QueryParameters(request.GET).text("scan", max_length=60)
    if scanned:
        shipment = _scanned(request, scanned)
        if shipment is not None:
            return redirect(shipment)
        messages.warning(request, _("Nothing has the number %(number)s.") % {"number": scanned})
    rows = Shipment.objects.visible_to(request.user).on_the_floor()
    rows = rows.select_related("order__customer", "carrier").prefetch_related("lines__order_line__product")
    return render(request, "logistics/warehouse.html", {"queues": _queues(rows), "scanned": scanned})


def _queues(rows: Any) -> list[dict[str, Any]]:
    """One queue per state; each row can be worked on where it stands."""
    kinds = (
        (ShipmentState.RELEASED, _("To pick"), "stock", gates.PICK),
        (ShipmentState.PICKED, _("To pack"), "product", gates.PACK),
        (ShipmentState.PACKED, _("To dispatch"), "truck", gates.DISPATCH),
    )
    return [
        {
            "state": state,
            "title": title,
            "icon": icon,
            "verb": gate.transition,
            "label": gate.label,
            "rows": rows.filter(state=state).order_by("wanted_on", "pk")[:QUEUE],
            "form": PackForm() if state == ShipmentState.PICKED else None,
        }
        for state, title, icon, gate in kinds
    ]


def _scanned(request: HttpRequest, number: str) -> Shipment | None:
    """By its own number, its delivery note, its waybill, or its order with one live shipment."""
    rows = Shipment.objects.visible_to(request.user)
    exact = Q(number__iexact=number) | Q(delivery_note_number__iexact=number) | Q(waybill=number)
    found = rows.filter(exact).order_by("-pk").first()
    if found is not None:
        return found
    live = list(rows.filter(order__number__iexact=number).on_the_floor()[:2])
    return live[0] if len(live) == 1 else None
