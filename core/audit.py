"""Audit: every change of state or figure leaves an event in the same transaction (R10.1).

Events of one thread (an order and all that follows from it, a customer, a parameter) form a hash
chain; triggers refuse UPDATE and DELETE on both databases. Each verb has a sentence, declared by its
app in `events.py`, in which the page tells what happened, and so are the names that its facts have on screen
and the facts that not everybody may see.
"""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from core.models import Event, Thread
from core.showing import filled

SENTENCES: dict[str, Any] = {}
FIELDS: dict[str, Any] = {}
SECRETS: list[tuple[str, str, frozenset[str]]] = []
_source: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar(
    "audit_source", default=("shell", "")
)


def sentences(**verbs: Any) -> None:
    """Declare verbs and their sentences: `sentences(order__submitted=_("submitted the order"))`.

    Two underscores stand for the dot. A sentence may use %(name)s of the event's facts.
    """
    SENTENCES.update({name.replace("__", "."): text for name, text in verbs.items()})


def fields(**names: Any) -> None:
    """Declare what facts are called on a page that does not name them itself."""
    FIELDS.update(names)


def secrets(subject: str, permission: str, *names: str) -> None:
    """Declare facts of a subject's verbs that only holders of the permission see (R10.2).

    `secrets("customer", "customers.view_credit", "credit_limit")` hides it in every event `customer.…`.
    """
    SECRETS.append((f"{subject}.", permission, frozenset(names)))


def hidden_facts(verb: str, reader: Any) -> frozenset[str]:
    """The facts of a verb that this reader may not see, on whatever page or in whatever file."""
    return frozenset(
        name
        for subject, permission, names in SECRETS
        if verb.startswith(subject) and not reader.has_perm(permission)
        for name in names
    )


@contextlib.contextmanager
def acting_from(source: str, request_id: str = "") -> Iterator[None]:
    """Name the page or job from which everything inside is done."""
    token = _source.set((source[:200], request_id[:64]))
    try:
        yield
    finally:
        _source.reset(token)


def record(
    verb: str,
    *,
    thread: str,
    actor: Any,
    on_behalf_of: Any = None,
    subject: Any = "",
    reason: Any = "",
    at: Any = None,
    **facts: Any,
) -> Event:
    """Append one event to its thread's chain, in the caller's transaction.

    `old=` and `new=` (mappings of field to value) are shown side by side by the timeline; other facts
    fill the verb's sentence. Raises LookupError for a verb without a sentence, TransactionManagementError
    outside a transaction.
    """
    facts_kept = {"on_behalf_of": on_behalf_of, "reason": reason, "at": at or timezone.now()}
    return _append(thread, [_event(verb, actor, subject, facts, **facts_kept)])[0]


def record_all(
    verb: str,
    *,
    thread: str,
    actor: Any,
    entries: Iterable[tuple[Any, Mapping[str, Any]]],
    reason: Any = "",
) -> list[Event]:
    """Append several events of one verb, (subject, facts) each, in as many queries as one takes."""
    now = timezone.now()
    events = [_event(verb, actor, subject, facts, at=now, reason=reason) for subject, facts in entries]
    return _append(thread, events) if events else []


def record_beginnings(
    verb: str, *, actor: Any, entries: Iterable[tuple[str, Any, Mapping[str, Any]]]
) -> list[Event]:
    """Append the first event of so many threads, (thread, subject, facts) each, in a few queries.

    The threads must be new: the unique name of a thread and the place in it refuse what is not.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit event belongs to its change's transaction")
    now = timezone.now()
    events = []
    for thread, subject, facts in entries:
        event = _event(verb, actor, subject, facts, at=now)
        event.thread, event.seq, event.prev_hash = thread, 1, ""
        event.hash = digest(event)
        events.append(event)
    heads = [Thread(name=each.thread, last_seq=1, last_hash=each.hash) for each in events]
    Thread.objects.bulk_create(heads, batch_size=1000)
    return Event.objects.bulk_create(events, batch_size=1000)


def sentence(event: Event, *, hidden: Collection[str] = ()) -> str:
    """What happened, in the reader's language, without the facts that are hidden from them."""
    text = SENTENCES.get(event.verb, event.verb)
    known = {name: value for name, value in event.facts.items() if name not in hidden}
    return filled(text, {**known, "subject": event.subject})


def digest(event: Event) -> str:
    """The event's hash over its content and its predecessor's hash."""
    content = [
        event.thread,
        event.seq,
        event.verb,
        event.actor_id,
        event.on_behalf_of_id,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.source,
        event.request_id,
        event.subject,
        event.facts,
        event.reason,
        event.prev_hash,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_links(thread: str | None = None) -> Iterator[tuple[Event | None, str]]:
    """Walk the chains and yield each row that was altered, removed or inserted, with what is wrong."""
    events = Event.objects.order_by("thread", "seq")
    heads = Thread.objects.order_by("name")
    if thread is not None:
        events, heads = events.filter(thread=thread), heads.filter(name=thread)
    last: dict[str, tuple[int, str]] = {}
    for event in events.iterator(chunk_size=2000):
        seq, link = last.get(event.thread, (0, ""))
        if event.seq != seq + 1:
            yield event, f"event {seq + 1} is missing"
        if event.prev_hash != link:
            yield event, "does not follow from its predecessor"
        if event.hash != digest(event):
            yield event, "content does not match its hash"
        last[event.thread] = (event.seq, event.hash)
    for head in heads.iterator(chunk_size=2000):
        if last.get(head.name, (0, "")) != (head.last_seq, head.last_hash):
            yield None, f"thread {head.name} ends at event {head.last_seq}, which is not what is stored"


def _event(verb: str, actor: Any, subject: Any, facts: Mapping[str, Any], **kept: Any) -> Event:
    if verb not in SENTENCES:
        raise LookupError(f"audit verb {verb!r} has no sentence")
    source, request_id = _source.get()
    return Event(
        verb=verb,
        actor=actor,
        source=source,
        request_id=request_id,
        subject=str(subject)[:120],
        facts=json.loads(json.dumps(facts, cls=_Encoder)),
        **kept,
    )


def _append(thread: str, events: list[Event]) -> list[Event]:
    """Chain the events behind the thread's head, under its lock and on the condition that it stands still."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit event belongs to its change's transaction")
    head = _lock_head(thread)
    seq, link = head.last_seq, head.last_hash
    for event in events:
        seq += 1
        event.thread, event.seq, event.prev_hash = thread, seq, link
        link = event.hash = digest(event)
    Event.objects.bulk_create(events)
    moved = Thread.objects.filter(pk=head.pk, last_seq=head.last_seq).update(last_seq=seq, last_hash=link)
    if not moved:
        raise RuntimeError(f"audit thread {thread} moved on under its lock")
    return events


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _lock_head(name: str) -> Thread:
    with contextlib.suppress(Thread.DoesNotExist):
        return Thread.objects.select_for_update().get(name=name)
    Thread.objects.bulk_create([Thread(name=name)], ignore_conflicts=True)
    return Thread.objects.select_for_update().get(name=name)
