"""`{% case_talk order.case %}`: questions and conditions of a case, on the page of the thing decided on."""

from __future__ import annotations

from typing import Any

from django import template

from approvals.models import Case
from approvals.queries import conditions_of, questions_of

register = template.Library()


@register.inclusion_tag("approvals/case_talk.html")
def case_talk(case: Case | None) -> dict[str, Any]:
    """What was asked and answered (R2.11), and what the yeses were tied to (R2.4): two queries."""
    return {"questions": questions_of(case), "conditions": conditions_of(case)}
