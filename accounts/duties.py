"""Duties: what waits for a person, with its count, for My work and the sidebar.

Each app declares its own in `duties.py`:

    duty("orders.standardise", label=_("Orders to standardise"), permission="orders.standardise_salesorder",
         rows=lambda user: SalesOrder.objects.visible_to(user).filter(state="submitted"), url="/support/",
         since="state_since")

`rows` returns a queryset; all of a person's duties are counted in one query, each up to 99. A count is a
duty, never a total. `since` names the field by which the oldest row tells how long it has waited. `kind`
puts it under "yours to do" (duty), "what it waits for" (waiting) or the figures (figure).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

DUTY, WAITING, FIGURE = "duty", "waiting", "figure"
CAP = 99
REGISTRY: dict[str, Duty] = {}


@dataclass(frozen=True)
class Duty:
    """One thing that may wait for a person."""

    name: str
    label: Any
    permission: str
    rows: Callable[[Any], QuerySet]
    url: str
    kind: str = DUTY
    urgency: int = 50
    icon: str = ""
    since: str = ""


@dataclass(frozen=True)
class Counted:
    """A duty with its count for one person (100 means more than 99) and since when the oldest waits."""

    duty: Duty
    count: int
    since: date | None = None

    @property
    def words(self) -> str:
        """The count as it is shown."""
        return f"{CAP}+" if self.count > CAP else str(self.count)


def duty(
    name: str,
    label: Any,
    permission: str,
    rows: Callable[[Any], QuerySet],
    url: str,
    *,
    kind: str = DUTY,
    urgency: int = 50,
    icon: str = "",
    since: str = "",
) -> Duty:
    """Declare a duty; urgency 0 comes first."""
    REGISTRY[name] = Duty(name, label, permission, rows, url, kind, urgency, icon, since)
    return REGISTRY[name]


def duties_of(user: Any, *kinds: str) -> list[Duty]:
    """The duties that the person's permissions open, most urgent first."""
    wanted = kinds or (DUTY, WAITING, FIGURE)
    mine = [each for each in REGISTRY.values() if each.kind in wanted and user.has_perm(each.permission)]
    return sorted(mine, key=lambda each: (each.urgency, each.name))


def counted(user: Any, *kinds: str) -> list[Counted]:
    """The person's duties with their counts, in one query."""
    mine = duties_of(user, *kinds)
    found = count_together([(each.rows(user), each.since) for each in mine])
    return [Counted(each, count, since) for each, (count, since) in zip(mine, found, strict=True)]


def count_together(wanted: list[tuple[QuerySet, str]]) -> list[tuple[int, date | None]]:
    """Count several querysets, each up to CAP + 1, and find the oldest moment of each, in one query."""
    columns: list[str] = []
    params: list[Any] = []
    for rows, since in wanted:
        for column, values in (_count(rows), _oldest(rows, since)):
            columns.append(column)
            params.extend(values)
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)  # noqa: S608 - Django compiled each part
        answers = cursor.fetchone()
    return [(answers[place], _moment(answers[place + 1])) for place in range(0, len(answers), 2)]


def _count(rows: QuerySet) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, params = rows.order_by().values("pk")[: CAP + 1].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) AS waiting)", params  # noqa: S608 - compiled by Django


def _oldest(rows: QuerySet, since: str) -> tuple[str, tuple[Any, ...]]:
    if not since:
        return "NULL", ()
    try:
        sql, params = rows.order_by(since).values(since)[:1].query.sql_with_params()
    except EmptyResultSet:
        return "NULL", ()
    return f"({sql})", params


def _moment(answer: Any) -> date | None:
    """SQLite answers in text, without its zone."""
    found = (parse_datetime(answer) or parse_date(answer)) if isinstance(answer, str) else answer
    if isinstance(found, datetime) and timezone.is_naive(found):
        return timezone.make_aware(found, timezone.get_fixed_timezone(0))
    return found if isinstance(found, date) else None
