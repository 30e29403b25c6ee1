"""The panel "Why not?": a gate's reasons with the people who can open each (R9.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team
from accounts.queries import openers
from core.rules import Gate, Reason

REMINDER_SALT = "reminder"


def panel(
    gate: Gate, subject: Any, actor: Any, *, team: Team | None = None, verb_url: str = ""
) -> dict[str, Any]:
    """What templates/includes/gate_panel.html shows of one gate for one person."""
    reasons = gate.reasons(subject, actor)
    link = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else ""
    return {
        "title": "",
        "verb_label": gate.label,
        "verb_url": verb_url,
        "open": not reasons,
        "reasons": [_shown(each, actor, team, link) for each in reasons],
    }


def refusal(
    reasons: Iterable[Reason], *, team: Team | None = None, actor: Any = None, link: str = ""
) -> dict[str, Any]:
    """The same panel for a page answered 409: what was asked was refused, nothing was changed."""
    return {
        "title": _("Refused. Nothing was changed."),
        "verb_label": "",
        "open": False,
        "reasons": [_shown(each, actor, team, link) for each in reasons],
    }


def _shown(reason: Reason, actor: Any, team: Team | None, link: str) -> dict[str, Any]:
    people, said = openers(reason, team), reason.told_to(actor)
    return {
        "rule": reason.rule,
        "sentence": said,
        "openers": people,
        "since": reason.since,
        "since_text": "",
        "next_step": _next_step(reason, said, people, actor, link),
        "field_name": reason.field_name,
    }


def _next_step(
    reason: Reason, said: str, people: list[dict[str, Any]], actor: Any, link: str
) -> dict[str, Any]:
    """The one next step: mend it where the rule names a page of one's own, else remind who can open it.

    A reminder is signed, not sealed: it carries what the page says (`said`) and no figure more (R10.2).
    """
    theirs = reason.opened_by and not reason.people and actor is not None
    if reason.next_step and not (theirs and set(reason.opened_by).isdisjoint(actor.roles)):
        return {"label": _("Mend it"), "url": reason.next_step, "method": "get", "fields": {}}
    others = [each["pk"] for each in people if each["pk"] and actor is not None and each["pk"] != actor.pk]
    if not others or not link:
        return {}
    signed = signing.dumps(
        {"people": others, "link": link, "about": said[:200], "on": str(timezone.localdate())},
        salt=REMINDER_SALT,
    )
    return {
        "label": _("Remind"),
        "url": reverse("accounts:remind"),
        "method": "post",
        "fields": {"reminder": signed},
    }
