"""Which row of the authority matrix counts for whom (R2.2): chosen in one place, without asking the database.

The most specific row in force wins, in this order: whose (a person before a role before every manager), then
the team (named before any), then the latest day it counts from. Rows of a product category are chosen in the
same way among themselves; they measure only the amount that an order has of that category, and all other
rows measure the rest. docs/adr/0011 says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from approvals.parameters import USUAL


def most_specific(
    rows: Iterable[Any],
    *,
    person_id: int | None,
    roles: Collection[str] = (),
    team_id: int | None = None,
    category: str = "",
) -> Any | None:
    """The row that counts for this person, holding these roles, in this team; None where no row fits."""
    fitting = [row for row in rows if row.category == category and _fits(row, person_id, roles, team_id)]
    return max(fitting, key=_rank, default=None)


def own_limit(actor: Any, *, team_id: int | None = None, on: date | None = None) -> Decimal:
    """The amount, in company currency, up to which a person decides on their own (R2.2)."""
    rows = actor.authority.model.objects.in_force(on).filter(Q(person=actor) | Q(person=None), category="")
    found = most_specific(rows, person_id=actor.pk, roles=actor.roles, team_id=team_id)
    return found.max_amount if found else USUAL["max_amount"]


def _fits(row: Any, person_id: int | None, roles: Collection[str], team_id: int | None) -> bool:
    whose = row.person_id == person_id if row.person_id is not None else not row.role or row.role in roles
    return whose and row.team_id in (None, team_id)


def _rank(row: Any) -> tuple[int, bool, date, int]:
    whose = 2 if row.person_id is not None else 1 if row.role else 0
    return whose, row.team_id is not None, row.effective_from, row.pk or 0
