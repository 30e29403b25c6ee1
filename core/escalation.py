"""The escalation ledger: each (subject, rule, level, cycle) fires exactly once (R4.11, I7).

The row is the claim. Who inserts it sends the notice in the same transaction; everybody else, late or
concurrent or again, is told that it has fired.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

from core.models import Escalation

Subject = models.Model | tuple[str, str | int]


def fire_once(*, subject: Subject, rule: str, level: int = 1, cycle: int = 1, at: datetime) -> bool:
    """Claim this level for the subject; True for the one caller who shall now tell people.

    A level that was never reached in time because the job did not run is claimed in the same way, and
    its answer left unused: then it is never fired late. A new cycle begins when the cause was cleared
    and came back.
    """
    kind, pk = _name(subject)
    row: list[Any] = [kind, pk, rule, level, cycle, connection.ops.adapt_datetimefield_value(at)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_escalation (subject_type, subject_id, rule, level, cycle, fired_at) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            row,
        )
        return cursor.rowcount == 1


def fired(subject: Subject, *, rule: str = "", cycle: int | None = None) -> QuerySet[Escalation]:
    """What has fired for the subject, oldest first; of one rule or cycle, if named."""
    kind, pk = _name(subject)
    found = Escalation.objects.filter(subject_type=kind, subject_id=pk).order_by("fired_at", "level")
    if rule:
        found = found.filter(rule=rule)
    return found if cycle is None else found.filter(cycle=cycle)


def has_fired(subject: Subject, *, rule: str, level: int = 1, cycle: int = 1) -> bool:
    """Whether this level has fired."""
    return fired(subject, rule=rule, cycle=cycle).filter(level=level).exists()


def subject_type(model: type[models.Model]) -> str:
    """The name under which a model's escalations are kept, for queries that join them."""
    return model._meta.label_lower


def _name(subject: Subject) -> tuple[str, str]:
    if isinstance(subject, models.Model):
        return subject_type(type(subject)), str(subject.pk)
    kind, pk = subject
    return kind, str(pk)
