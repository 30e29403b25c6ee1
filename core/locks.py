"""Locking: one place that reads a row again under its lock.

Lock ladder, always in this order: credit account → customer → order → shipment or invoice → requirement
and stock rows by primary key → quotation → memo → number series → audit thread. A new row that names a
customer locks that row too: whoever writes one under a later lock takes the credit account first. SQLite has
no row locks (its write transactions are serial from their first statement), so every invariant also has a
constraint or a conditional UPDATE.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def lock(model: type[Row], pk: object, *related: str) -> Row:
    """Read one row again under its lock, with the related rows it will need (those are not locked)."""
    rows = model._base_manager.select_for_update(of=("self",)).select_related(*related)
    return rows.get(pk=pk)


def lock_all(model: type[Row], pks: object, *related: str) -> list[Row]:
    """Read several rows again under their locks, in the order of their primary keys."""
    rows = model._base_manager.select_for_update(of=("self",)).select_related(*related)
    return list(rows.filter(pk__in=pks).order_by("pk"))
