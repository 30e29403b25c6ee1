"""How a refusal stands on a page: at its field where it has one (core.refusals), else in the panel (409)."""

from __future__ import annotations

from typing import Any

from core.refusals import at_fields, stale
from core.rules import Blocked

__all__ = ["at_fields", "panel", "stale"]


def panel(refusal: Blocked, verb_label: Any) -> dict[str, Any]:
    """The reasons as includes/gate_panel.html shows them."""
    reasons = [
        {"rule": each.rule, "sentence": each.sentence, "since": each.since} for each in refusal.reasons
    ]
    return {"verb_label": verb_label, "open": False, "reasons": reasons}
