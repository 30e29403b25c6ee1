"""The audit page: what happened, newest first, and whether a thread's chain holds."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.access import access
from core.audit import broken_links, hidden_facts, sentence
from core.forms import AuditFilter
from core.models import Event

PAGE = 50


@access("core.read_audit")
def audit(request: HttpRequest) -> HttpResponse:
    """Events by keyset; of one thread, verb or person where asked."""
    form = AuditFilter(request.GET)
    valid = form.is_valid()
    asked = form.cleaned_data if valid else {}
    events, older, newer = _page(_chosen(asked), asked) if valid else ([], False, False)
    context = {
        "form": form,
        "events": [_told(event, request.user) for event in events],
        "bar": _bar(request, form, asked),
        "pager": _pager(request, events, older, newer),
        "thread": asked.get("q", ""),
        "broken": _broken(asked.get("q", "")),
    }
    return render(request, "core/audit.html", context, status=200 if valid else 400)


def _chosen(asked: dict[str, Any]) -> QuerySet[Event]:
    found = Event.objects.select_related("actor", "on_behalf_of")
    if asked["q"]:
        found = found.filter(thread=asked["q"])
    if asked["verb"]:
        found = found.filter(verb=asked["verb"])
    if asked["actor"]:
        found = found.filter(actor__username=asked["actor"])
    return found


def _page(found: QuerySet[Event], asked: dict[str, Any]) -> tuple[list[Event], bool, bool]:
    """The page's events, and whether there are older and newer ones."""
    if asked["after"]:
        rows = list(found.filter(id__gt=int(asked["after"])).order_by("id")[: PAGE + 1])
        return rows[:PAGE][::-1], True, len(rows) > PAGE
    if asked["before"]:
        found = found.filter(id__lt=int(asked["before"]))
    rows = list(found.order_by("-id")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE, bool(asked["before"])


def _told(event: Event, reader: Any) -> dict[str, Any]:
    """That a figure changed everybody reads who reads the page; the figure, who may see it (R10.2)."""
    old, new = event.facts.get("old") or {}, event.facts.get("new") or {}
    hidden = hidden_facts(event.verb, reader)
    changes = [
        {"label": name, "hidden": True}
        if name in hidden
        else {"label": name, "old": old.get(name), "new": new.get(name)}
        for name in dict.fromkeys([*old, *new])
    ]
    return {"event": event, "sentence": sentence(event, hidden=hidden), "changes": changes}


def _broken(thread: str) -> list[str] | None:
    """What is wrong with the thread's chain; nothing to say without a thread."""
    if not thread:
        return None
    return [f"{event.seq if event else '–'}: {problem}" for event, problem in broken_links(thread)]


def _bar(request: HttpRequest, form: AuditFilter, asked: dict[str, Any]) -> dict[str, Any]:
    labels = {"q": _("Thread"), "verb": _("What"), "actor": _("Who")}
    chips = [
        {"label": label, "value": asked[name], "remove_url": _url(request, **{name: None})}
        for name, label in labels.items()
        if asked.get(name)
    ]
    return {
        "searches": True,
        "q": asked.get("q", ""),
        "placeholder": _("Thread, such as an order number"),
        "hidden": [(name, asked[name]) for name in ("verb", "actor") if asked.get(name)],
        "groups": [{"label": _("What and who"), "fields": [form["verb"], form["actor"]]}],
        "chips": chips,
        "clear_url": request.path,
    }


def _pager(request: HttpRequest, events: list[Event], older: bool, newer: bool) -> dict[str, str]:
    pager = {}
    if newer and events:
        pager["previous_url"] = _url(request, after=events[0].pk)
    if older and events:
        pager["next_url"] = _url(request, before=events[-1].pk)
    return pager


def _url(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name in ("before", "after", *changes):
        query.pop(name, None)
    query.update({name: str(value) for name, value in changes.items() if value is not None})
    return f"{request.path}?{query.urlencode()}"
