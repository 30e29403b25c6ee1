"""What calls for a decision, and what the check found: sentences by name, in the reader's language.

A trigger or finding is kept as {"rule": "R2.2", "name": "amount", "facts": {…}}; each app declares its
sentences: `triggers(over_limit=_("Exposure passes the limit by %(over)s."))`. A ready sentence may come as
"text" instead. Amounts whose currency was not kept are the company's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from approvals.snapshot import VALUES
from core.company import CURRENCY
from core.showing import filled

TRIGGERS: dict[str, Any] = {}
ORDINARY: set[str] = set()
SECRETS: dict[str, str] = {}


def triggers(**sentences: Any) -> None:
    """Declare sentences by name."""
    TRIGGERS.update(sentences)


def ordinary(*names: str) -> None:
    """Declare which of them hold of every case: they call for no second thought, so a batch may hold them."""
    ORDINARY.update(names)


def secret(permission: str, *names: str) -> None:
    """Declare which of them tell figures that only holders of this permission read (R10.2)."""
    SECRETS.update(dict.fromkeys(names, permission))


def readable_by(user: Any, kept: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without those whose figures this person may not see: limits, exposure, margins."""
    found = ((each, SECRETS.get(each.get("name", ""))) for each in kept)
    return [each for each, permission in found if permission is None or user.has_perm(permission)]


def is_ordinary(each: Mapping[str, Any]) -> bool:
    """Whether a trigger or finding gives no cause to look closer."""
    return each.get("name") in ORDINARY or each.get("tone") in ("done", "approved")


def told(kept: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rule, sentence, tone of each trigger or finding, where what it rests on is shown (`link`), and what is
    offered about it (`offers`, told likewise).
    """
    return [_tell(each) for each in kept]


def _tell(each: Mapping[str, Any]) -> dict[str, Any]:
    text = (
        TRIGGERS.get(each.get("name", "")) or each.get("text") or each.get("sentence") or each.get("name", "")
    )
    facts = {"currency": CURRENCY.value(), **(each.get("facts") or {})}
    sentence = filled(text, {name: VALUES.get(name, {}).get(value, value) for name, value in facts.items()})
    known = {name: each.get(name, "") for name in ("rule", "name", "tone", "link")}
    return {**known, "sentence": sentence, "offers": told(each.get("offers", ()))}
