"""The timeline of a page: an audit thread told newest first, with whether its chain holds (R10.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.audit import broken_links, sentence
from core.models import Event
from core.showing import in_office

LONGEST = 200


def timeline(
    thread: str,
    *,
    subject: str = "",
    labels: Mapping[str, Any] | None = None,
    hidden: Collection[str] = (),
    limit: int = LONGEST,
) -> list[dict[str, Any]]:
    """The events of a thread (of one subject in it), as templates/includes/timeline.html shows them.

    `labels` gives the changed fields their names on the page; fields in `hidden` are left out, for a reader
    who may not see them.
    """
    events = Event.objects.filter(thread=thread)
    if subject:
        events = events.filter(subject=subject)
    rows = events.select_related("actor", "on_behalf_of").order_by("-seq")[:limit]
    return [_told(each, labels or {}, frozenset(hidden)) for each in rows]


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
        "sentence": sentence(event),
        "reason": event.reason,
        "changes": _changes(event.facts, labels, hidden),
    }


def _changes(facts: Mapping[str, Any], labels: Mapping[str, Any], hidden: frozenset[str]) -> list[dict]:
    old, new = facts.get("old") or {}, facts.get("new") or {}
    names = [name for name in {**old, **new} if name not in hidden]
    return [{"label": labels.get(name, name), "old": old.get(name), "new": new.get(name)} for name in names]
