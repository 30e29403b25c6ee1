"""The two databases, set so that neither loses nor reorders what was committed (ADR 0002)."""

from typing import Any

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
SECONDS_TO_WAIT_FOR_THE_WRITER = 20


def harden(database: dict[str, Any]) -> dict[str, Any]:
    """Return the parsed database URL with the options that the invariants rest on."""
    return _sqlite(database) if "sqlite" in database["ENGINE"] else _postgresql(database)


def _sqlite(database: dict[str, Any]) -> dict[str, Any]:
    return database | {
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": SECONDS_TO_WAIT_FOR_THE_WRITER,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgresql(database: dict[str, Any]) -> dict[str, Any]:
    return database | {
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **database.get("OPTIONS", {}),
            "connect_timeout": 10,
            "application_name": "orderway",
            "options": (
                "-c default_transaction_isolation=read\\ committed"
                " -c statement_timeout=60000 -c lock_timeout=20000"
                " -c idle_in_transaction_session_timeout=120000"
            ),
        },
    }
