"""The timeline of an order: the audit events of its thread, and what people say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from core.audit import FIELDS, digest, hidden_facts, sentence
from core.models import Event, Thread
from core.showing import in_office
from orders.models import SalesOrder
from orders.states import OrderState

SHOWN = 80
SENT_BACK = ("order.refused", "order.returned", "order.reopened")
ICONS = {
    "submitted": ("arrow-right", "pending"),
    "approved": ("check", "approved"),
    "refused": ("cross", "blocked"),
    "reopened": ("edit", "returned"),
    "returned": ("cross", "returned"),
    "released": ("check", "production"),
    "cancelled": ("cross", "cancelled"),
    "dispatched": ("truck", "shipped"),
    "settled": ("check-circle", "done"),
}


def events_of(order: SalesOrder) -> list[Event]:
    """The thread's events, oldest first."""
    events = Event.objects.filter(thread=order.thread).select_related("actor", "on_behalf_of")
    return list(events.order_by("seq"))


def sent_back(order: SalesOrder, events: list[Event]) -> dict[str, Any] | None:
    """R2.11: who sent a returned order back, when and why; or who opened it again."""
    if order.state != OrderState.REFUSED:
        return None
    last = next((each for each in reversed(events) if each.verb in SENT_BACK), None)
    if last is None:
        return None
    return {
        "who": in_office(last.actor, last.on_behalf_of),
        "at": last.at,
        "reason": last.reason,
        "is_reopened": last.verb == "order.reopened",
    }


def timeline(order: SalesOrder, events: list[Event], reader: Any) -> dict[str, Any]:
    """What includes/timeline.html shows: events and comments, newest first, and whether the chain holds."""
    latest = reversed(events[-SHOWN:])  # of one moment, the later first
    told = [_told(event, hidden_facts(event.verb, reader)) for event in latest]
    said = [
        {
            "at": each.at,
            "actor": each.author,
            "sentence": each.text,
            "icon": "chat",
            "tone": "",
            "changes": [],
        }
        for each in order.comments.select_related("author").order_by("-pk")[:SHOWN]
    ]
    return {
        "events": sorted([*told, *said], key=lambda each: each["at"], reverse=True)[:SHOWN],
        "verified": _holds(order, events),
        "comment_url": reverse("orders:comment", args=[order.number]),
    }


def _holds(order: SalesOrder, events: list[Event]) -> bool:
    """R10.1: whether each event follows from the one before it, up to the thread's head."""
    link = ""
    for place, event in enumerate(events, start=1):
        if (event.seq, event.prev_hash) != (place, link) or event.hash != digest(event):
            return False
        link = event.hash
    head = Thread.objects.filter(name=order.thread).values_list("last_seq", "last_hash").first()
    return head == (len(events), link)


def _told(event: Event, hidden: Collection[str]) -> dict[str, Any]:
    icon, tone = ICONS.get(event.verb.rpartition("_")[2].rpartition(".")[2], ("arrow-right", ""))
    return {
        "at": event.at,
        "actor": in_office(event.actor, event.on_behalf_of),
        "sentence": sentence(event, hidden=hidden),
        "reason": event.reason,
        "changes": _changes(event.facts, hidden),
        "icon": icon,
        "tone": tone,
    }


def _changes(facts: dict[str, Any], hidden: Collection[str]) -> list[dict[str, Any]]:
    old, new = facts.get("old") or {}, facts.get("new") or {}
    if not isinstance(old, dict) or not isinstance(new, dict):
        return []
    return [
        {"label": _label(name), "old": old.get(name, ""), "new": new.get(name, "")}
        for name in dict.fromkeys([*old, *new])
        if name not in hidden
    ]


def _label(name: str) -> str:
    """A header field by its name on screen; a line stays what it is called."""
    try:
        return str(SalesOrder._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return str(FIELDS.get(name, name))
