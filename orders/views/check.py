"""The live check beside the entry: what is missing, what would be flagged, who will approve and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.panels import panel
from approvals.routing import routing
from approvals.triggers import readable_by, told
from core.access import access
from core.models import Event
from customers.models import Address, Contact
from customers.queries import exposure_of
from orders import gates
from orders.findings import order_facts, pre_check
from orders.models import SalesOrder
from orders.queries import with_content
from orders.views.page import found

VISIBLE = SalesOrder.objects.visible_to
MOST = 12


@access("orders.change_salesorder", scope=VISIBLE)
def live_check(request: HttpRequest, number: str) -> HttpResponse:
    """The panel by itself: asked again after each save. The cost does not grow with the lines."""
    order = found(request, number)
    if not order.is_editable:
        return redirect(order)
    return render(request, "orders/live.html", {"order": with_content(order), **live(order, request.user)})


def live(order: SalesOrder, user: Any) -> dict[str, Any]:
    """What the panel shows one person of an order whose content was fetched; credit and cost by right."""
    account = getattr(order.customer, "credit", None) or exposure_of(order.customer_id)
    flagged = readable_by(user, [each for each in pre_check(order, account) if each["tone"] != "done"])
    return {
        "check": panel(gates.SUBMIT, order, user, team=order.team),
        "check_url": reverse("orders:live_check", args=[order.number]),
        "flagged": told(flagged[:MOST]),
        "flagged_more": max(len(flagged) - MOST, 0),
        "route": routing(
            order_facts(order, account),
            team=order.team,
            reader=user,
            barred={user.pk, order.entered_by_id, order.edited_by_id, *order.standard_editors},
        ),
    }


def offers(order: SalesOrder) -> dict[str, Any]:
    """What the customer's file offers for the header: contacts and addresses."""
    return {
        "contacts": Contact.objects.filter(customer=order.customer_id).order_by("-is_default", "pk"),
        "addresses": Address.objects.filter(customer=order.customer_id).order_by("-is_default", "pk"),
    }


def saved_at(order: SalesOrder) -> datetime | None:
    """When the draft was last saved."""
    return Event.objects.filter(thread=order.thread).order_by("-seq").values_list("at", flat=True).first()
