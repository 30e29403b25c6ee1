"""The page of one order: where it is, whose turn it is, since when, what holds it, who can free it (R9.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.panels import refusal
from accounts.queries import sees_everything, team_ids
from approvals.doors import DoorForm, homeless
from approvals.explaining import explained
from approvals.models import Step
from approvals.queries import step_facts
from core.access import access
from core.rules import Reason
from customers.queries import parts_of
from invoicing.queries import past_due_of
from orders.clock_face import clock_face
from orders.credit import counts_against_limit, limit_of
from orders.feasible import supply_of
from orders.models import SalesOrder
from orders.queries import standard_changes, with_content
from orders.states import DATED, OrderState
from orders.views import doors, history, parts


def found(request: HttpRequest, number: str) -> SalesOrder:
    """The order, through what the person may see; what one may not see does not exist."""
    rows = SalesOrder.objects.visible_to(request.user).select_related(
        "customer__credit",
        "team__manager",
        "owner",
        "entered_by",
        "submitted_by",
        "standardised_by",
        "case",
        "memo",
        "quotation",
        "ship_from",
    )
    order = rows.filter(number=number).first()
    if order is None:
        raise Http404
    return order


@access("orders.view_salesorder", scope=SalesOrder.objects.visible_to)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """The order's page."""
    return show(request, found(request, number))


def show(
    request: HttpRequest,
    order: SalesOrder,
    *,
    reasons: Iterable[Reason] = (),
    status: int = 200,
    forms: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page, with why the last step was refused if it was (409)."""
    with_content(order)
    user = request.user
    refused = list(reasons)
    context = {
        "order": order,
        "facts": parts.facts(order, user),
        "refused": refusal(refused, team=order.team, actor=user, link=order.get_absolute_url())
        if refused
        else None,
        "files": parts.papers(order),
        "clock": clock_face(order) if "customer" not in user.roles else None,
        "is_house": "customer" not in user.roles,
        **parts.figures(order, user),
        **(forms or {}),
    }
    if not context["is_house"]:
        context |= doors.portal(order, forms or {})
    else:
        events = history.events_of(order)
        context |= {
            **history.timeline(order, events, user),
            "told": events,
            "sent_back": history.sent_back(order, events),
            **doors.doors(order, user, forms or {}),
            "steps": parts.stepper(order, events),
            "review": parts.review(order),
            "why": explained(order.case, user, steps=order.case.steps.all()) if order.case else [],
            "route": parts.route(order, user),
            "supply": supply_of(order) if order.state in DATED else [],
            "dates": parts.dates(order),
            "customer_url": _customer_url(order, user),
            "differences": standard_changes(order) if order.submitted_content else [],
            "object_url": parts.object_url(order, user),
            **parts.questions(order, user),
            "credit": _credit(order, user),
            "sees_cost": user.has_perm("inventory.view_cost"),
            **parts.margins(order, user),
        }
        typed = context.get("typed")
        context["mine"] = _mine(order, user, typed)
        context["kept"] = homeless(typed, context["mine"]) or context.get("kept", [])
    return render(request, "orders/order.html", context, status=status)


def _customer_url(order: SalesOrder, user: Any) -> str:
    """The customer's page, for who may see it: a transferred customer's old orders stay with their team."""
    near = sees_everything(user) or order.customer.team_id in team_ids(user)
    return order.customer.get_absolute_url() if near and user.has_perm("customers.view_customer") else ""


def _mine(order: SalesOrder, user: Any, typed: DoorForm | None) -> list[dict[str, Any]]:
    """The steps of the review that this person can decide now, with all a decision needs."""
    if order.state != OrderState.IN_REVIEW or not user.has_perm("approvals.decide_step"):
        return []
    steps = Step.objects.decidable_by(user).filter(case=order.case_id)
    found = steps.select_related("case__team", "case__requester")
    return [step_facts(step, user, typed=typed) for step in found]


def _credit(order: SalesOrder, user: Any) -> dict[str, Any] | None:
    account = getattr(order.customer, "credit", None)
    if account is None or not user.has_perm("customers.view_credit"):
        return None
    over = max(account.total_exposure - limit_of(order.customer), 0) if counts_against_limit(order) else 0
    # under review it stands in the customer's record, beside the decision; nothing invoiced, nothing late
    told = account.invoiced > 0 and order.state != OrderState.IN_REVIEW
    reads = told and user.has_perm("invoicing.view_invoice")
    late = past_due_of(order.customer_id) if reads else None
    return {"account": account, "parts": parts_of(account), "order": order.number, "over": over, "late": late}
