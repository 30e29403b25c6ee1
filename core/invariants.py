"""Invariants: what must hold, whatever happens, as one SQL query per line that returns no row.

Apps declare theirs in `<app>/invariants.py`; `manage.py verify_invariants` asks them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

LINES: list[Invariant] = []


@dataclass(frozen=True)
class Invariant:
    """A line of the list: its number (I1…), what always holds, and the query for what breaks it."""

    number: str
    sentence: str
    sql: str

    def broken_rows(self, limit: int = 20) -> list[dict[str, Any]]:
        """Up to `limit` rows that break the line, by column name; none if it holds."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(limit)]


def invariant(number: str, sentence: str, sql: str) -> Invariant:
    """Declare a line. The query is plain SQL that both databases read."""
    line = Invariant(number, sentence, sql)
    if line not in LINES:
        LINES.append(line)
    return line


def in_order(only: tuple[str, ...] = ()) -> list[Invariant]:
    """The declared lines by number; of some numbers, if named."""
    chosen = [line for line in LINES if not only or line.number in only]
    return sorted(chosen, key=lambda line: int(line.number[1:]))


def broken(only: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every line that does not hold, with its rows: empty when all is well."""
    asked = {f"{line.number} {line.sentence}": line.broken_rows() for line in in_order(only)}
    return {name: rows for name, rows in asked.items() if rows}


invariant(
    "I6",
    "A number series counts once per scope",
    "SELECT name, scope, COUNT(*) AS times FROM core_numberseries GROUP BY name, scope HAVING COUNT(*) > 1",
)
invariant(
    "I7",
    "Each subject, rule, level and cycle escalates once",
    "SELECT subject_type, subject_id, rule, level, cycle, COUNT(*) AS times FROM core_escalation "
    "GROUP BY subject_type, subject_id, rule, level, cycle HAVING COUNT(*) > 1",
)
invariant(
    "I8",
    "Each audit thread ends at its last event, with none missing before it",
    "SELECT core_thread.name, core_thread.last_seq, kept.events, kept.last FROM core_thread LEFT JOIN "
    "(SELECT thread, COUNT(*) AS events, MAX(seq) AS last FROM core_event GROUP BY thread) kept "
    "ON kept.thread = core_thread.name "
    "WHERE COALESCE(kept.events, 0) <> core_thread.last_seq "
    "OR COALESCE(kept.last, 0) <> core_thread.last_seq",
)
invariant(
    "I8",
    "Each audit event belongs to a thread",
    "SELECT core_event.id, core_event.thread FROM core_event LEFT JOIN core_thread "
    "ON core_thread.name = core_event.thread WHERE core_thread.id IS NULL",
)
invariant(
    "I16",
    "A side effect is sent exactly when it has a moment of sending",
    "SELECT id, key, state, sent_at FROM core_outboxmessage "
    "WHERE (state = 'sent' AND sent_at IS NULL) OR (state <> 'sent' AND sent_at IS NOT NULL)",
)
