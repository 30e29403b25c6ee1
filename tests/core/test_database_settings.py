"""The options that the invariants rest on, asked of the live connection."""

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


def answer(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_requests_are_not_wrapped_in_a_transaction():
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False


@pytest.mark.django_db(transaction=True)
def test_the_database_is_hardened():
    expected, found = EXPECTATIONS[connection.vendor]
    assert found() == expected


def sqlite_facts():
    return {
        "journal": answer("PRAGMA journal_mode"),
        "synchronous": answer("PRAGMA synchronous"),
        "foreign keys": answer("PRAGMA foreign_keys"),
        "milliseconds waited for a lock": answer("PRAGMA busy_timeout"),
        "transactions begin": connection.transaction_mode,
    }


def postgresql_facts():
    return {
        "isolation": answer("SHOW transaction_isolation"),
        "statement timeout": answer("SHOW statement_timeout"),
        "lock timeout": answer("SHOW lock_timeout"),
        "idle timeout": answer("SHOW idle_in_transaction_session_timeout"),
        "time zone": answer("SHOW timezone"),
    }


EXPECTATIONS = {
    "sqlite": (
        {
            "journal": "wal",
            "synchronous": 2,
            "foreign keys": 1,
            "milliseconds waited for a lock": 20_000,
            "transactions begin": "IMMEDIATE",
        },
        sqlite_facts,
    ),
    "postgresql": (
        {
            "isolation": "read committed",
            "statement timeout": "1min",
            "lock timeout": "20s",
            "idle timeout": "2min",
            "time zone": "UTC",
        },
        postgresql_facts,
    ),
}
