"""Triggers that make a table append-only on SQLite and on PostgreSQL (trust: fact 10)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

APPEND_ONLY = ("core_event", "core_parametervalue", "inventory_stockmovement", "customers_creditentry")

_FUNCTION = """
CREATE OR REPLACE FUNCTION orderway_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""


def install(connection: Any, table: str) -> None:
    """Refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE on the table from now on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            cursor.execute(
                f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION orderway_append_only()"
            )
            cursor.execute(
                f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION orderway_append_only()"
            )
        else:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def remove(connection: Any, table: str) -> None:
    """Take the triggers off again (reverse migration)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in ("rows", "whole"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
        else:
            for name in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")


def operation(table: str) -> Any:
    """The migration step that makes `table` append-only, with its reverse."""
    from django.db.migrations import RunPython  # noqa: PLC0415 - keeps migrations out of start-up

    return RunPython(
        lambda apps, editor: install(editor.connection, table),
        lambda apps, editor: remove(editor.connection, table),
    )


@contextlib.contextmanager
def without_triggers(connection: Any) -> Iterator[None]:
    """For the test database's flush only: the triggers are off inside, and on again after."""
    present = [table for table in APPEND_ONLY if table in connection.introspection.table_names()]
    if connection.vendor == "postgresql":  # a table with deferred checks waiting cannot lose its triggers
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in present:
        remove(connection, table)
    try:
        yield
    finally:
        for table in present:
            install(connection, table)
