"""Outbox: write the side effect with the change, deliver it after the commit, at least once.

`enqueue` is called inside the business transaction; `on_commit` only rings the bell. Delivery leases a
row by a conditional UPDATE, backs off, and parks what keeps failing where it can be seen. What somebody
waits for before a page goes first: it stands behind no heap of mail, not even behind one being worked off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core.models import OutboxMessage, OutboxState

log = structlog.get_logger(__name__)
Delivery = Callable[[OutboxMessage], None]
DELIVERIES: dict[str, Delivery] = {}
FIRST: set[str] = set()
LEASE = timedelta(minutes=2)
#: So long a heap is worked off before it is looked again for what goes first, in seconds.
LOOKS_UP_AFTER = 2.0
ATTEMPTS = 8
_bell: Callable[[], None] | None = None


def delivers(kind: str, *, first: bool = False) -> Callable[[Delivery], Delivery]:
    """Declare the function that carries out messages of one kind; `first` where somebody waits for it."""

    def declare(function: Delivery) -> Delivery:
        DELIVERIES[kind] = function
        if first:
            FIRST.add(kind)
        return function

    return declare


def enqueue(kind: str, *, key: str, payload: dict[str, Any], due_at: datetime | None = None) -> None:
    """Write a side effect into the outbox, in the caller's transaction; the same key twice counts once."""
    if kind not in DELIVERIES:
        raise LookupError(f"nothing delivers {kind!r}")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a side effect belongs to its change's transaction")
    message = OutboxMessage(kind=kind, key=key[:200], payload=payload, due_at=due_at or timezone.now())
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    _ring_after_commit()


def ring_with(bell: Callable[[], None] | None) -> None:
    """Name the doorbell rung after each commit that wrote a message (Celery's task, set at start-up)."""
    global _bell  # noqa: PLW0603 - one bell a process, set once
    _bell = bell


def deliver_due(*, as_of: datetime | None = None, limit: int = 200) -> int:
    """Deliver what is due, what goes first and then the oldest; returns how many were sent.

    Twice or at once does no harm.
    """
    sent, looked = _deliver_first(as_of, limit), monotonic()
    for pk in _due(as_of or timezone.now())[:limit]:
        if monotonic() - looked > LOOKS_UP_AFTER:
            sent, looked = sent + _deliver_first(as_of, limit), monotonic()
        sent += _take(pk, as_of or timezone.now())
    return sent


def requeue(message: OutboxMessage) -> bool:
    """Give a parked message another round; False if it is no longer parked."""
    return bool(
        OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.PARKED).update(
            state=OutboxState.WAITING, attempts=0, due_at=timezone.now(), leased_until=None
        )
    )


def _ring_after_commit() -> None:
    """Ring once a transaction, however many messages it writes; a bell that is not heard loses nothing."""
    waiting = transaction.get_connection().run_on_commit
    if _bell is not None and not any(entry[1] is _bell for entry in waiting):
        transaction.on_commit(_bell, robust=True)


def _deliver_first(as_of: datetime | None, limit: int) -> int:
    due = _due(as_of or timezone.now()).filter(kind__in=FIRST)[:limit] if FIRST else ()
    return sum(_take(pk, as_of or timezone.now()) for pk in due)


def _take(pk: int, as_of: datetime) -> int:
    message = _lease(pk, as_of)
    return 0 if message is None else _deliver(message)


def _due(as_of: datetime):
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=as_of)
    waiting = OutboxMessage.objects.filter(free, state=OutboxState.WAITING, due_at__lte=as_of)
    return waiting.order_by("due_at", "id").values_list("pk", flat=True)


def _lease(pk: int, as_of: datetime) -> OutboxMessage | None:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=as_of)
    taken = OutboxMessage.objects.filter(free, pk=pk, state=OutboxState.WAITING).update(
        leased_until=as_of + LEASE, attempts=F("attempts") + 1
    )
    return OutboxMessage.objects.get(pk=pk) if taken else None


def _deliver(message: OutboxMessage) -> int:
    mine = OutboxMessage.objects.filter(pk=message.pk, attempts=message.attempts)
    if message.attempts > ATTEMPTS:  # never answered: whoever delivers it is killed by it
        mine.update(state=OutboxState.PARKED, leased_until=None)
        return 0
    try:
        DELIVERIES[message.kind](message)
    except Exception as error:
        log.exception("outbox.failed", key=message.key, attempts=message.attempts)
        parked = message.attempts >= ATTEMPTS
        mine.update(
            state=OutboxState.PARKED if parked else OutboxState.WAITING,
            due_at=timezone.now() + timedelta(seconds=15 * 2**message.attempts),
            leased_until=None,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return 0
    mine.update(state=OutboxState.SENT, sent_at=timezone.now(), leased_until=None, last_error="")
    return 1
