"""`{% standard_review case step %}`: what a decider must know of the standard order (R1.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from approvals.models import Case, Step
from approvals.states import StepKind
from core.models import Event
from orders import gates
from orders.models import OrderLine, Question, SalesOrder, SourceDocument

register = template.Library()
SUBMITTED, OBJECTED, ASKED = "order.submitted", "order.standard_objected", "order.question_asked"


@register.inclusion_tag("orders/standard_review.html", takes_context=True)
def standard_review(
    context: Mapping[str, Any], case: Case | None, step: Step, order: SalesOrder | None = None
) -> dict[str, Any]:
    """The rep's objections, for all; for the second person the customer's words, questions, checklist.

    `order` where the page has it at hand with its content, and its timeline as `told`.
    """
    if case is None or case.kind != "order":
        return {}
    told: list[Event] = context["told"] if "told" in context else _told(case)
    found: dict[str, Any] = {"objections": _objections(told)}
    if step.kind != StepKind.SUPPORT:
        return found
    if order is not None:
        lines, files = list(order.lines.all()), list(order.source_documents.all())
    else:
        lines, files = _lines(case), _papers(case)
        if not lines:
            return found
        order = lines[0].order
    asked = any(each.verb == ASKED for each in told)
    return found | {
        "order": order,
        "lines": lines,
        "questions": _questions(order) if asked else [],
        "checklist": [(label, bool(order.checklist.get(name))) for name, label in gates.CHECKLIST.items()],
        "files": files,
    }


def _told(case: Case) -> list[Event]:
    said = Event.objects.filter(thread=case.thread, verb__in=(SUBMITTED, OBJECTED, ASKED))
    return list(said.select_related("actor").order_by("seq"))


def _objections(told: list[Event]) -> list[Event]:
    """What the rep said against it since it was last submitted."""
    since = max((place for place, each in enumerate(told) if each.verb == SUBMITTED), default=0)
    return [each for each in told[since:] if each.verb == OBJECTED]


def _lines(case: Case) -> list[OrderLine]:
    lines = OrderLine.objects.filter(order__case=case).order_by("position")
    return list(lines.select_related("product", "order__standardised_by"))


def _papers(case: Case) -> list[SourceDocument]:
    return list(SourceDocument.objects.filter(order__case=case).select_related("file").order_by("pk"))


def _questions(order: SalesOrder) -> list[Question]:
    asked = Question.objects.filter(order=order, withdrawn_at=None)
    return list(asked.select_related("asked_by", "answered_by", "line").order_by("pk"))
