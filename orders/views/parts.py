"""Parts of the order's page: facts, stepper, lines at each stage, the review, what followed from it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.awaited import awaited
from approvals.routing import routing
from approvals.states import StepState
from core.models import Event
from customers.queries import exposure_of
from inventory.models import ProductionOrder
from orders import gates
from orders.actions.confirmation import payment_terms
from orders.content import tenth
from orders.findings import order_facts
from orders.margins import line_cost, line_margin, margin, rate_of, unknown_costs
from orders.models import SalesOrder
from orders.queries import confirmation_address
from orders.states import OrderState

ZERO = Decimal(0)
ISSUED = ("issued", "paid")
RANK = {
    OrderState.DRAFT: 0,
    OrderState.REFUSED: 0,
    OrderState.SUBMITTED: 1,
    OrderState.IN_REVIEW: 2,
    OrderState.APPROVED: 3,
    OrderState.RELEASED: 4,
    OrderState.SETTLED: 6,
}


def facts(order: SalesOrder, user: Any) -> list[dict[str, Any]]:
    """The header as the page shows it."""
    shown = [
        (_("Customer’s order number"), order.customer_order_number),
        (_("Contact"), " · ".join(each for each in (order.contact_name, order.contact_phone) if each)),
        (_("Ship to"), order.ship_to),
        (_("Payment terms"), payment_terms(order) if order.payment_terms else ""),
        (_("Channel"), f"{order.get_channel_display()} {order.channel_reference}".strip()),
        (_("Class"), order.get_klass_display()),
        (_("Freight borne by"), order.get_freight_bearer_display()),
    ]
    if "customer" not in user.roles:
        if order.class_reason:
            shown.append((_("Why special or urgent"), order.class_reason))
        shown += [
            (_("Ship from"), str(order.ship_from or _("Any warehouse"))),
            (_("Sales rep"), f"{order.owner} · {order.team}"),
            (_("Internal note"), order.internal_note),
            (_("Acknowledged"), _acknowledged(order)),
        ]
    return [{"label": label, "value": value or "–"} for label, value in shown]


def _acknowledged(order: SalesOrder) -> str:
    """R1.8: when the customer was thanked, or why that is still to be done."""
    if order.acknowledged_at is not None:
        return f"{timezone.localtime(order.acknowledged_at):%Y-%m-%d %H:%M}"
    if not order.source_documents.all():
        return _("goes out by itself when the customer’s order is attached")
    return "" if confirmation_address(order) else _("no e-mail address on file: thank the customer yourself")


def stepper(order: SalesOrder, events: list[Event]) -> list[dict[str, Any]]:
    """Where it is, and how long each step took (R9.6)."""
    last = {event.verb: event.at for event in events}
    rank = RANK.get(OrderState(order.state), 0)
    if order.state == OrderState.RELEASED and order.is_shipped:
        rank = 5
    reached = [
        (_("Draft"), order.created_at),
        (_("Standardise"), order.submitted_at),
        (_("Review"), last.get("order.standardised")),
        (_("Approved"), order.approved_at),
        (_("Released"), order.released_at),
        (_("Shipped"), last.get("shipment.dispatched") if rank >= 5 else None),
        (_("Settled"), order.settled_at),
    ]
    shut = order.state in (OrderState.REFUSED, OrderState.CANCELLED)
    if order.state == OrderState.CANCELLED:
        rank = max((place for place, (_label, at) in enumerate(reached) if at), default=0)
    return [_step(order, place, rank, shut, reached) for place in range(len(reached))]


def _step(order: SalesOrder, place: int, rank: int, shut: bool, reached: list) -> dict[str, Any]:
    label, at = reached[place]
    if place > rank:
        return {"label": label, "state": "todo", "at": None, "dwell": None}
    if place < rank or order.state == OrderState.SETTLED:
        following = next((each for _label, each in reached[place + 1 :] if each), None)
        return {"label": label, "state": "done", "at": at, "dwell": _between(at, following)}
    if shut:
        return {
            "label": order.get_state_display(),
            "state": "blocked",
            "at": order.state_since,
            "dwell": None,
        }
    return {"label": label, "state": "current", "at": at, "dwell": timezone.now() - order.state_since}


def _between(start: datetime | None, end: datetime | None) -> Any:
    return end - start if start and end and end > start else None


def review(order: SalesOrder) -> list[dict[str, Any]]:
    """The steps of the present round: who said what, and of the open ones who is still missing."""
    case = order.case
    if case is None:
        return []
    now = [each for each in case.steps.all() if each.round == case.round and each.state != StepState.VOID]
    barred = {each.pk: gates.not_theirs(order, each) for each in now}
    missing = awaited(now, team=order.team, barred=barred)
    return [{"step": each, "missing": missing.get(each.pk, [])} for each in now]


def route(order: SalesOrder, user: Any) -> list[dict[str, Any]]:
    """R2.2: who will decide, while business support still makes it the standard order."""
    if order.state != OrderState.SUBMITTED:
        return []
    account = getattr(order.customer, "credit", None) or exposure_of(order.customer_id)
    asked = {order.entered_by_id, order.edited_by_id, order.submitted_by_id, *order.standard_editors}
    barred = {each for each in asked if each}
    return routing(order_facts(order, account), team=order.team, reader=user, barred=barred)


def figures(order: SalesOrder, user: Any) -> dict[str, Any]:
    """Lines with their quantities at each stage, totals, and what followed: shipments, invoices, money."""
    may_ship = user.has_perm("logistics.view_shipment")
    may_bill = user.has_perm("invoicing.view_invoice")
    is_house = "customer" not in user.roles
    followed = order.state in (OrderState.RELEASED, OrderState.SETTLED)
    invoiced: dict[int, Decimal] = defaultdict(lambda: ZERO)
    invoices: list[Any] = []
    if followed:
        prefetch_related_objects([order], "invoices__lines__shipment_line")
        invoices = list(order.invoices.all())  # type: ignore[attr-defined]
    for invoice in invoices:
        for each in invoice.lines.all() if invoice.state in ISSUED else ():
            if each.shipment_line is not None:
                invoiced[each.shipment_line.order_line_id] += each.quantity
    return {
        "lines": [_line(line, invoiced[line.pk], user) for line in order.lines.all()],
        "totals": _totals(order),
        "made": _made(order, user) if followed else [],
        "shipments": list(order.shipments.visible_to(user).order_by("pk")) if followed and may_ship else [],  # type: ignore[attr-defined]
        "invoices": [each for each in invoices if may_bill and (is_house or each.state in ISSUED)],
        "receipts": list(order.allocations.select_related("receipt").order_by("pk"))  # type: ignore[attr-defined]
        if may_bill and order.is_committed
        else [],
        "confirmations": list(order.confirmations.all()) if order.approved_at else [],
    }


def _made(order: SalesOrder, user: Any) -> list[Any]:
    """The production orders of its lines, for those who follow production."""
    if not user.has_perm("inventory.view_productionorder"):
        return []
    needs = [line.requirement_id for line in order.lines.all() if line.requirement_id]
    found = ProductionOrder.objects.visible_to(user).filter(requirement__in=needs)
    return list(found.select_related("product").order_by("pk"))


def _line(line: Any, invoiced: Decimal, user: Any) -> dict[str, Any]:
    need, sees_cost = line.requirement, user.has_perm("inventory.view_cost")
    rate = rate_of(line.order) if sees_cost else None
    return {
        "line": line,
        "finished": need.finished_on_hand if need else ZERO,
        "shipped": line.shipped,
        "open": line.open_quantity,
        "invoiced": invoiced,
        "net": line.total - line.tax,
        "cost": line_cost(line, rate),
        "margin": tenth(line_margin(line, rate)),
    }


def margins(order: SalesOrder, user: Any) -> dict[str, Any]:
    """R6.11: the order's margin, and the lines that it leaves out; for who may see costs."""
    if not user.has_perm("inventory.view_cost"):
        return {"margin": None}
    return {
        "margin": tenth(margin(order)),
        "lacks_rate": rate_of(order) is None,
        "uncosted": ", ".join(str(each) for each in unknown_costs(order)),
    }


def dates(order: SalesOrder) -> dict[str, Any]:
    """The clock, what is wanted and promised, and by how much the promise slipped (R1.5, R1.11, R2.9)."""
    lines = list(order.lines.all())
    days = [line.promised_on for line in lines if line.promised_on]
    first = [line.first_promised_on or line.promised_on for line in lines if line.promised_on]
    wanted = [line.due_on for line in lines if line.due_on]
    moved = days != first
    slipped = _slipped(order) if moved else 0
    out = [each for each in order.confirmations.all() if each.state == "sent"] if order.approved_at else []  # type: ignore[attr-defined]
    return {
        "wanted": max(wanted, default=None),
        "promised": max(days, default=None),
        "first": max(first, default=None),
        "slipped": slipped,
        "unanswered_since": out[0].sent_at if out and order.confirmed_at is None else None,
    }


def _slipped(order: SalesOrder) -> int:
    standing = order.slips.filter(taken_back_at=None)  # type: ignore[attr-defined]
    return standing.aggregate(days=Max("days"))["days"] or 0


def _totals(order: SalesOrder) -> list[dict[str, Any]]:
    rows = [
        (_("Goods"), order.goods_total),
        (_("Discount"), -order.discount_total),
        (_("Freight"), order.freight),
        (_("of which tax"), order.tax_total),
        (_("Total"), order.grand_total),
    ]
    return [{"label": label, "amount": amount} for label, amount in rows if amount or label != _("Discount")]


def questions(order: SalesOrder, user: Any) -> dict[str, Any]:
    """R1.9: what business support asked, what was answered, and what this person may do about it."""
    if order.state not in gates.ANSWER.states:
        return {"questions": [], "ask_url": ""}  # the timeline keeps them
    may_answer = gates.ANSWER.permits(order, user)
    may_take_back = gates.TAKE_BACK_QUESTION.permits(order, user)
    shown = [each for each in order.questions.all() if each.withdrawn_at is None]
    return {
        "questions": [
            {
                "question": each,
                "may_answer": each.is_open and may_answer and each.asked_by_id != user.pk,
                "may_take_back": each.is_open and may_take_back,
            }
            for each in shown
        ],
        "ask_url": reverse("orders:ask", args=[order.number]) if gates.ASK.permits(order, user) else "",
    }


def object_url(order: SalesOrder, user: Any) -> str:
    """Where the rep objects to what business support changed; empty for others."""
    return reverse("orders:object", args=[order.number]) if gates.OBJECT.permits(order, user) else ""


def papers(order: SalesOrder) -> list[dict[str, Any]]:
    """The customer's papers with their marks."""
    return [
        {
            "document": each,
            "name": each.file.name,
            "url": reverse("orders:paper", args=[order.number, each.pk]),
            "mark_url": reverse("orders:mark", args=[order.number, each.pk]),
            "remove_url": reverse("orders:remove_paper", args=[order.number, each.pk]),
            "kind": each.purpose or _("Customer’s order or contract"),
        }
        for each in order.source_documents.all()
    ]
