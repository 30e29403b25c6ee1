"""Which of the ten status tones a state wears: one table for every noun's states.

A state that is not listed here is drawn as a draft. An object may say its own tone with an attribute `tone`.
"""

from __future__ import annotations

from typing import Any

_STATES_BY_TONE: dict[str, str] = {
    "draft": "draft new open planned unsent queued scheduled skipped",
    "pending": "submitted pending waiting in_review in_approval under_review requested asked checked sent "
    "awaiting on_hold partly_paid partly_invoiced partial promised away proposed inspecting finished",
    "approved": "approved accepted confirmed released reserved allocated decided active revenue_confirmed",
    "production": "production in_production producing started making picking in_progress in_work running",
    "ready": "ready picked packed passed in_stock labelled ready_to_ship",
    "shipped": "shipped dispatched in_transit partly_shipped issued invoiced posted",
    "done": "done delivered settled closed completed paid received fulfilled applied cleared signed",
    "blocked": "blocked refused rejected failed overdue parked problem abnormal held stopped expired lost",
    "returned": "returned sent_back rework credited reversed withdrawn superseded",
    "cancelled": "cancelled void voided inactive retired revoked archived",
}

TONES: dict[str, str] = {state: tone for tone, states in _STATES_BY_TONE.items() for state in states.split()}


def tone_of(subject: Any, state: str | None = None) -> str:
    """The tone of an object (its own `tone`, else by its state) or of a bare state."""
    own = getattr(subject, "tone", None)
    if own:
        return str(own() if callable(own) else own)
    value = state if state is not None else getattr(subject, "state", subject)
    return TONES.get(str(value), "draft")
