"""The outbox: written with the change, delivered after it, parked when it keeps failing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import outbox
from core.models import OutboxMessage, OutboxState
from core.outbox import ATTEMPTS, deliver_due, enqueue, requeue

pytestmark = pytest.mark.django_db


@transaction.atomic
def _lose(work):
    """Do the work in a transaction that fails."""
    work()
    raise RuntimeError


@pytest.fixture
def delivered(monkeypatch):
    """What the kind `test` delivered; append an exception to `failing` to make it fail."""
    seen = []
    monkeypatch.setitem(outbox.DELIVERIES, "test", lambda message: seen.append(message.payload["n"]))
    return seen


@pytest.fixture
def failing(monkeypatch):
    def refuse(message):
        raise OSError("mail server away")

    monkeypatch.setitem(outbox.DELIVERIES, "test", refuse)


@pytest.mark.rule("R10.3")
def test_the_same_key_is_delivered_once(delivered):
    enqueue("test", key="a", payload={"n": 1})
    enqueue("test", key="a", payload={"n": 2})

    assert deliver_due() == 1
    assert deliver_due() == 0
    assert delivered == [1]


def test_rolled_back_work_sends_nothing(delivered):
    with pytest.raises(RuntimeError):
        _lose(lambda: enqueue("test", key="a", payload={"n": 1}))

    assert deliver_due() == 0
    assert delivered == []


def test_what_is_not_due_waits(delivered):
    enqueue("test", key="a", payload={"n": 1}, due_at=timezone.now() + timedelta(hours=1))

    assert deliver_due() == 0
    assert deliver_due(as_of=timezone.now() + timedelta(hours=2)) == 1


def test_a_failing_message_backs_off_and_is_parked_where_it_can_be_seen(failing):
    enqueue("test", key="a", payload={"n": 1})
    later = timezone.now()
    for _attempt in range(ATTEMPTS):
        deliver_due(as_of=later)
        assert deliver_due(as_of=later) == 0
        later += timedelta(days=1)

    message = OutboxMessage.objects.get()
    assert message.state == OutboxState.PARKED
    assert message.attempts == ATTEMPTS
    assert "mail server away" in message.last_error


def test_a_parked_message_gets_another_round(failing, monkeypatch):
    enqueue("test", key="a", payload={"n": 1})
    OutboxMessage.objects.update(state=OutboxState.PARKED)
    monkeypatch.setitem(outbox.DELIVERIES, "test", lambda message: None)

    assert requeue(OutboxMessage.objects.get())
    assert not requeue(OutboxMessage.objects.get())
    assert deliver_due() == 1


def test_a_worker_killed_in_delivery_is_followed_by_another(delivered):
    enqueue("test", key="a", payload={"n": 1})
    now = timezone.now()
    OutboxMessage.objects.update(leased_until=now + outbox.LEASE, attempts=1)

    assert deliver_due(as_of=now) == 0
    assert deliver_due(as_of=now + outbox.LEASE + timedelta(seconds=1)) == 1


def test_a_message_that_kills_its_worker_each_time_is_parked(delivered):
    enqueue("test", key="a", payload={"n": 1})
    OutboxMessage.objects.update(attempts=ATTEMPTS)

    assert deliver_due() == 0
    assert OutboxMessage.objects.get().state == OutboxState.PARKED
    assert delivered == []


@pytest.mark.django_db(transaction=True)
def test_a_side_effect_outside_a_transaction_is_refused(delivered):
    with pytest.raises(transaction.TransactionManagementError):
        enqueue("test", key="a", payload={"n": 1})

    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_commit_rings_once_and_a_rollback_does_not(delivered, monkeypatch):
    rung = []
    monkeypatch.setattr(outbox, "_bell", lambda: rung.append(1))

    with transaction.atomic():
        enqueue("test", key="a", payload={"n": 1})
        enqueue("test", key="b", payload={"n": 2})
        assert rung == []
    with pytest.raises(RuntimeError):
        _lose(lambda: enqueue("test", key="c", payload={"n": 3}))

    assert rung == [1]


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_breaks_loses_nothing(delivered, monkeypatch):
    def broken():
        raise ConnectionError("the broker is away")

    monkeypatch.setattr(outbox, "_bell", broken)

    with transaction.atomic():
        enqueue("test", key="a", payload={"n": 1})

    assert deliver_due() == 1


@pytest.fixture
def heap(monkeypatch, delivered):
    """Mail that waits, and then an import that somebody waits for."""
    monkeypatch.setitem(outbox.DELIVERIES, "urgent", lambda message: delivered.append(message.payload["n"]))
    monkeypatch.setattr(outbox, "FIRST", {"urgent"})
    for number in range(4):
        enqueue("test", key=f"mail-{number}", payload={"n": number})
    return delivered


@pytest.mark.rule("R1.13")
def test_what_somebody_waits_for_stands_behind_no_heap_of_mail(heap):
    enqueue("urgent", key="u", payload={"n": "first"})

    assert deliver_due() == 5
    assert heap == ["first", 0, 1, 2, 3]


@pytest.mark.rule("R1.13")
def test_it_does_not_wait_for_the_end_of_a_heap_being_worked_off(heap, monkeypatch):
    monkeypatch.setattr(outbox, "LOOKS_UP_AFTER", -1)

    def bring(message):
        heap.append(message.payload["n"])
        if message.payload["n"] == 1:
            enqueue("urgent", key="u", payload={"n": "first"})

    monkeypatch.setitem(outbox.DELIVERIES, "test", bring)

    assert deliver_due() == 5
    assert heap == [0, 1, "first", 2, 3]
