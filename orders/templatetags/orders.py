"""`{% standard_review case step %}`: what a decider must know of the standard order (R1.9)."""

from __future__ import annotations

from typing import Any

from django import template

from approvals.models import Case, Step
from approvals.states import StepKind
from core.models import Event
from orders import gates
from orders.models import Question, SalesOrder
from orders.queries import with_content

register = template.Library()


@register.inclusion_tag("orders/standard_review.html")
def standard_review(case: Case | None, step: Step) -> dict[str, Any]:
    """The rep's objections, for all; for the second person the customer's words, questions, checklist."""
    if case is None or case.kind != "order":
        return {}
    order = SalesOrder.objects.filter(case=case).select_related("customer", "standardised_by").first()
    if order is None:
        return {}
    found: dict[str, Any] = {"order": order, "objections": _objections(order)}
    if step.kind != StepKind.SUPPORT:
        return found
    with_content(order)
    asked = Question.objects.filter(order=order, withdrawn_at=None).select_related(
        "asked_by", "answered_by", "line"
    )
    return found | {
        "lines": list(order.lines.all()),
        "questions": list(asked.order_by("pk")),
        "checklist": [(label, bool(order.checklist.get(name))) for name, label in gates.CHECKLIST.items()],
        "files": list(order.source_documents.all()),
    }


def _objections(order: SalesOrder) -> list[Event]:
    """What the rep said against it since it was submitted."""
    said = Event.objects.filter(thread=order.thread, verb="order.standard_objected")
    if order.submitted_at is not None:
        said = said.filter(at__gte=order.submitted_at)
    return list(said.select_related("actor").order_by("seq"))
