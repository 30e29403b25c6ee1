"""The inbox: people learn by themselves of what concerns them, once, on the page and by mail (R10.3).

Apps declare what a kind of notice says in their `events.py`:
`notices(step_opened=_("%(title)s waits for your decision"))`. A sentence may use the notice's facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import Notice, User
from accounts.queries import people_with_role
from core.mail import queue_mail
from core.models import OutboxMessage
from core.outbox import delivers, enqueue
from core.showing import filled

NOTICES: dict[str, Any] = {}


def notices(**kinds: Any) -> None:
    """Declare kinds of notices and their sentences; a kind means one thing in the whole house."""
    if taken := NOTICES.keys() & kinds.keys():
        raise ValueError(f"notices declared twice: {', '.join(sorted(taken))}")
    NOTICES.update(kinds)


def notify(person: User, kind: str, *, key: str, link: str = "", **facts: Any) -> None:
    """Tell one person, in the caller's transaction; the same person and key twice counts once."""
    notify_all([person], kind, key=key, link=link, **facts)


def notify_role(role: str, kind: str, *, key: str, team: Any = None, link: str = "", **facts: Any) -> None:
    """Tell everybody who holds the role; of sales managers, with a team, only that team's."""
    if role == "sales_manager" and team is not None:
        people = [team.manager] if team.manager is not None else []
    else:
        people = list(people_with_role(role))
    notify_all(people, kind, key=key, link=link, **facts)


def notify_all(people: Iterable[User], kind: str, *, key: str, link: str = "", **facts: Any) -> None:
    """Tell several people: one row each in their inbox, and one message that mails those who want mail.

    Raises LookupError for an undeclared kind.
    """
    if kind not in NOTICES:
        raise LookupError(f"notice {kind!r} has no sentence")
    told = list({each.pk: each for each in people if each.is_active and not each.is_system}.values())
    if not told:
        return
    kept = json.loads(json.dumps(facts, cls=_Encoder))
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(person=each, kind=kind, key=key[:200], link=link, facts=kept, created_at=now)
            for each in told
        ],
        ignore_conflicts=True,
    )
    by_mail = [each.pk for each in told if each.email and each.mails_notices]
    if by_mail:
        payload = {"people": by_mail, "kind": kind, "key": key, "link": link, "facts": kept}
        enqueue("notice_mail", key=f"notice:{key}:{by_mail[0]}", payload=payload)


def sentence(notice: Notice) -> str:
    """What the notice says, in the reader's language."""
    return _say(notice.kind, notice.facts)


@delivers("notice_mail")
@transaction.atomic
def mail_notices(message: OutboxMessage) -> None:
    """Write one mail per person, in that person's language; the key keeps each from being written twice."""
    told = message.payload
    for person in User.objects.filter(pk__in=told["people"], is_active=True):
        with translation.override(person.language):
            said = _say(told["kind"], told["facts"])
        queue_mail(
            key=f"notice:{person.pk}:{told['key']}",
            to=person.email,
            subject=said[:150],
            text=f"{person}\n\n{said}\n\n{_absolute(told['link'])}\n",
        )


def _absolute(link: str) -> str:
    return f"{settings.SITE_URL}{link}" if link.startswith("/") else link


def _say(kind: str, facts: Mapping[str, Any]) -> str:
    return filled(NOTICES.get(kind, kind), facts)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)
