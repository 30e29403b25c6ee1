"""The timeline of a page: an audit thread told newest first, with whether its chain holds (R10.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.audit import FIELDS, broken_links, hidden_facts, sentence
from core.models import Event
from core.showing import in_office

LONGEST = 200


def timeline(
    thread: str,
    *,
    reader: Any,
    subject: str = "",
    labels: Mapping[str, Any] | None = None,
    limit: int = LONGEST,
) -> list[dict[str, Any]]:
    """The events of a thread (of one subject in it), as templates/includes/timeline.html shows them.

    `labels` gives the changed fields their names on the page; what the reader may not see is left out.
    """
    events = Event.objects.filter(thread=thread)
    if subject:
        events = events.filter(subject=subject)
    rows = events.select_related("actor", "on_behalf_of").order_by("-seq")[:limit]
    return [_told(each, labels or {}, hidden_facts(each.verb, reader)) for each in rows]


def chain_holds(thread: str) -> bool:
    """Whether nothing in the thread was altered, removed or inserted."""
    return next(broken_links(thread), None) is None


def field_labels(model: Any) -> dict[str, Any]:
    """The names of a model's fields, as its forms show them."""
    return {each.name: each.verbose_name for each in model._meta.concrete_fields}


def _told(event: Event, labels: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {
        "at": event.at,
        "actor": in_office(event.actor, event.on_behalf_of),
        "sentence": sentence(event, hidden=hidden),
        "reason": event.reason,
        "changes": _changes(event.facts, labels, hidden),
    }


def _changes(facts: Mapping[str, Any], labels: Mapping[str, Any], hidden: frozenset[str]) -> list[dict]:
    old, new = facts.get("old") or {}, facts.get("new") or {}
    names = [name for name in {**old, **new} if name not in hidden]
    return [
        {"label": labels.get(name) or FIELDS.get(name, name), "old": old.get(name), "new": new.get(name)}
        for name in names
    ]
