"""The audit chain: append-only on both databases, and tampering shows."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import audit
from core.audit import acting_from, broken_links, record, sentence, sentences
from core.audit_triggers import without_triggers
from core.models import Event, Thread
from tests.core.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R10.1")]


@pytest.fixture(autouse=True)
def _verb(monkeypatch):
    monkeypatch.setattr(audit, "SENTENCES", dict(audit.SENTENCES))
    sentences(test__moved="moved %(what)s")


@transaction.atomic
def _lose(work):
    """Do the work in a transaction that fails."""
    work()
    raise RuntimeError


def chain(*whats, thread="test:1"):
    actor = person(f"actor-{thread}")
    return [record("test.moved", thread=thread, actor=actor, what=what) for what in whats]


def test_events_of_a_thread_form_a_chain():
    first, second = chain("one", "two")

    assert (first.seq, second.seq) == (1, 2)
    assert first.prev_hash == ""
    assert second.prev_hash == first.hash
    assert list(broken_links()) == []
    assert sentence(second) == "moved two"


def test_an_event_names_the_page_it_came_from():
    with acting_from("POST /orders/1/submit/", "req-7"):
        (event,) = chain("one")

    assert (event.source, event.request_id) == ("POST /orders/1/submit/", "req-7")


def test_a_verb_without_a_sentence_is_refused():
    with pytest.raises(LookupError):
        record("test.unknown", thread="test:1", actor=None)

    assert not Event.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE core_event SET reason = 'x'", "DELETE FROM core_event"])
def test_the_database_refuses_to_change_or_remove_an_event(change):
    chain("one")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert Event.objects.get().reason == ""


def test_postgresql_refuses_truncate_too():
    if connection.vendor != "postgresql":
        return  # SQLite has no TRUNCATE
    chain("one")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE core_event CASCADE")

    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("tampering", "complaint"),
    [
        ("UPDATE core_event SET reason = 'x' WHERE seq = 2", "content does not match"),
        ("UPDATE core_event SET facts = '{}' WHERE seq = 2", "content does not match"),
        ("DELETE FROM core_event WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM core_event WHERE seq = 3", "ends at event 3"),
    ],
)
def test_tampering_past_the_triggers_is_named(tampering, complaint):
    chain("one", "two", "three")
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute(tampering)

    assert any(complaint in problem for _event, problem in broken_links())
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_an_event_rewritten_with_a_fitting_hash_breaks_the_next_link():
    _one, two, _three = chain("one", "two", "three")
    two.reason = "rewritten"
    forged = audit.digest(two)
    with without_triggers(connection):
        Event.objects.filter(pk=two.pk).update(reason="rewritten", hash=forged)

    assert [(event.seq, problem) for event, problem in broken_links()] == [
        (3, "does not follow from its predecessor")
    ]


def test_what_is_rolled_back_leaves_no_event_and_no_gap():
    chain("one")
    with pytest.raises(RuntimeError):
        _lose(lambda: record("test.moved", thread="test:1", actor=None, what="lost"))

    kept = record("test.moved", thread="test:1", actor=None, what="two")

    assert kept.seq == 2
    assert Thread.objects.get().last_seq == 2
    assert list(broken_links()) == []
