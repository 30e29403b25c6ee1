"""How a refusal comes back into a form: at its fields, or as the version that is present now (I12)."""

from __future__ import annotations

from typing import Any

from django import forms

from core.rules import Blocked


def at_fields(form: forms.Form, refusal: Blocked) -> None:
    """Write each reason that names a field of the form at that field."""
    for reason in refusal.reasons:
        if reason.field_name in form.fields:
            form.add_error(reason.field_name, reason.sentence)


def stale(form: forms.Form, sentence: Any, **present: str) -> None:
    """Say that the page was old, and let the form go on from what is present now (I12)."""
    form.add_error(None, sentence)
    shown: Any = form.data.copy()  # type: ignore[attr-defined]
    for name, value in present.items():
        shown[name] = value
    form.data = shown


def versions(form: forms.Form, current: Any) -> list[dict[str, Any]]:
    """What is present now beside what was typed, as templates/includes/diff.html shows them."""
    rows = []
    for name, field in form.fields.items():
        if name != "version" and name in form.cleaned_data and hasattr(current, name):
            now, typed = getattr(current, name), form.cleaned_data[name]
            rows.append({"label": field.label, "old": now, "new": typed, "changed": now != typed})
    return rows
