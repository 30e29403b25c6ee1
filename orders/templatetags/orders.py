"""`{% standard_review case step %}`: what a decider must know of the standard order (R1.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from approvals.models import Case, Step
from approvals.states import StepKind
from core.models import Event
from orders import gates
from orders.models import Question, SalesOrder
from orders.queries import with_content

register = template.Library()
OBJECTED, ASKED = "order.standard_objected", "order.question_asked"


@register.inclusion_tag("orders/standard_review.html", takes_context=True)
def standard_review(
    context: Mapping[str, Any], case: Case | None, step: Step, order: SalesOrder | None = None
) -> dict[str, Any]:
    """The rep's objections, for all; for the second person the customer's words, questions, checklist.

    `order` where the page has it at hand with its content, and its timeline as `told`.
    """
    if case is None or case.kind != "order":
        return {}
    if order is None:
        order = SalesOrder.objects.filter(case=case).select_related("customer", "standardised_by").first()
        if order is None:
            return {}
        told: Iterable[Event] = _told(order)
        if step.kind == StepKind.SUPPORT:
            with_content(order)
    else:
        told = context["told"]
    verbs = {each.verb for each in told}
    found = {"order": order, "objections": [each for each in told if _objects(each, order)]}
    if step.kind != StepKind.SUPPORT:
        return found
    return found | {
        "lines": list(order.lines.all()),
        "questions": _questions(order) if ASKED in verbs else [],
        "checklist": [(label, bool(order.checklist.get(name))) for name, label in gates.CHECKLIST.items()],
        "files": list(order.source_documents.all()),
    }


def _told(order: SalesOrder) -> list[Event]:
    said = Event.objects.filter(thread=order.thread, verb__in=(OBJECTED, ASKED))
    return list(said.select_related("actor").order_by("seq"))


def _objects(event: Event, order: SalesOrder) -> bool:
    """What the rep said against it since it was submitted."""
    since = order.submitted_at
    return event.verb == OBJECTED and (since is None or event.at >= since)


def _questions(order: SalesOrder) -> list[Question]:
    asked = Question.objects.filter(order=order, withdrawn_at=None)
    return list(asked.select_related("asked_by", "answered_by", "line").order_by("pk"))
