"""The live check beside the entry: what is missing, what would be flagged, who will approve and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.panels import panel
from approvals.routing import routing
from approvals.triggers import readable_by, told
from core.access import access
from core.models import Event
from core.rules import Blocked
from customers.models import Address, Contact
from customers.queries import exposure_of
from orders import actions, gates
from orders.actions.offers import LATER, PART, SUBSTITUTE
from orders.findings import order_facts, pre_check
from orders.forms import read_number
from orders.models import SalesOrder
from orders.queries import with_content
from orders.views.doors import kinds_of_paper
from orders.views.page import found

VISIBLE = SalesOrder.objects.visible_to
MOST = 12
#: Which offers of a shortage can be taken into the draft with a button (R2.7).
TAKES = {"order_offer_part": PART, "order_offer_later": LATER, "order_offer_substitute": SUBSTITUTE}


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
        "flagged": _with_offers(order, flagged[:MOST]),
        "offer_url": reverse("orders:take_offer", args=[order.number]) if order.is_editable else "",
        "attach_kinds": kinds_of_paper(order),
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


@access("orders.change_salesorder", scope=VISIBLE, methods=("POST",))
def take_offer(request: HttpRequest, number: str) -> HttpResponse:
    """What the check offers for a short line is taken into the draft (R2.7)."""
    order = found(request, number)
    line, _colon, offer = request.POST.get("offer", "").partition(":")
    try:
        actions.take_offer(order, line_id=read_number(line) or 0, offer=offer, actor=request.user)
    except Blocked as refused:
        messages.error(request, " ".join(each.sentence for each in refused.reasons))
    else:
        messages.success(request, _("The line was changed as offered."))
    return redirect("orders:edit", number=number)


def _with_offers(order: SalesOrder, flagged: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As told, each offer that can be taken with what its button posts (`take`)."""
    lines = {str(line.position): line.pk for line in order.lines.all()}
    shown = told(flagged)
    for each, kept in zip(shown, flagged, strict=True):
        pk = lines.get(kept["facts"].get("position", ""))
        for offer, raw in zip(each["offers"], kept.get("offers", ()), strict=True):
            verb = TAKES.get(raw["name"], "")
            code = f":{raw['facts']['code']}" if raw["name"] == "order_offer_substitute" else ""
            offer["take"] = f"{pk}:{verb}{code}" if verb and pk else ""
    return shown
