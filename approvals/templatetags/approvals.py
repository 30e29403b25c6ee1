"""`{% case_talk order.case %}`: questions and conditions of a case, on the page of the thing decided on."""

from __future__ import annotations

from typing import Any

from django import template

from approvals.models import Case
from approvals.queries import conditions_of, questions_of
from approvals.states import CaseState

register = template.Library()


@register.inclusion_tag("approvals/case_talk.html")
def case_talk(case: Case | None) -> dict[str, Any]:
    """What was asked and answered while it is under review (R2.11), what the yeses are tied to (R2.4)."""
    is_open = case is not None and case.state == CaseState.OPEN
    return {"questions": questions_of(case) if is_open else [], "conditions": conditions_of(case)}
