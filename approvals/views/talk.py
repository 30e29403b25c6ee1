"""Beside a decision: ask, hand over, take back. What was typed and refused comes back (R2.11, I12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from approvals.doors import words_of
from approvals.forms import HandOverForm, QuestionForm, TakeBackForm
from approvals.states import StepState


def talk(facts: Mapping[str, Any] | None, typed: Mapping[str, Form]) -> dict[str, Any]:
    """The forms that are open to this person at this step, by name: `ask`, `hand_over`, `take_back`."""
    if facts is None:
        return {}
    step, found = facts["step"], {}
    if step.state == StepState.OPEN and facts["refuse"]["open"]:
        found["ask"] = typed.get("ask") or QuestionForm(auto_id=f"ask-%s-{step.pk}")
        if facts["colleagues"]:
            form = typed.get("hand_over") or HandOverForm(auto_id=f"hand-%s-{step.pk}")
            found["hand_over"] = form.among(facts["colleagues"])  # type: ignore[attr-defined]
    if facts["take_back"]:
        found["take_back"] = typed.get("take_back") or TakeBackForm(auto_id=f"back-%s-{step.pk}")
    return found


def homeless_words(typed: Mapping[str, Form], shown: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was typed into forms that are no longer open."""
    return [each for name, form in typed.items() if name not in shown for each in words_of(form)]
