"""How a refusal stands on a page: at its field where it has one, else in the panel (409)."""

from __future__ import annotations

from typing import Any

from django import forms

from core.rules import Blocked


def panel(refusal: Blocked, verb_label: Any) -> dict[str, Any]:
    """The reasons as includes/gate_panel.html shows them."""
    reasons = [
        {"rule": each.rule, "sentence": each.sentence, "since": each.since} for each in refusal.reasons
    ]
    return {"verb_label": verb_label, "open": False, "reasons": reasons}


def at_fields(form: forms.Form, refusal: Blocked) -> None:
    """Write each reason that names a field of the form at that field."""
    for reason in refusal.reasons:
        if reason.field_name in form.fields:
            form.add_error(reason.field_name, reason.sentence)


def stale(form: forms.Form, sentence: Any, **present: str) -> None:
    """Say that the page was old, and let the form go on from what is present now (I12)."""
    form.add_error(None, sentence)
    form.data = form.data.copy()
    for name, value in present.items():
        form.data[name] = value
