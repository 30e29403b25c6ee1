"""Which row of the authority matrix counts for whom (R2.2): chosen in one place, without asking the database.

The most specific row in force wins, in this order: whose (a person before a role before every manager), then
the product category (named before any), then the team (named before any), then the latest day it counts from.
A category's row measures the lines of that category, the row of no category the rest of the order; a general
category's row yields to a row that is more one's own. docs/adr/0011 says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db.models import Q

from approvals.parameters import USUAL

#: Who approves within limits: the managers, and who decides in their place.
LIMITED = frozenset({"sales_manager", "sales_head"})


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


def chosen(
    rows: Iterable[Any],
    codes: Iterable[str],
    *,
    person_id: int | None,
    roles: Collection[str] = (),
    team_id: int | None = None,
) -> tuple[Any | None, dict[str, Any]]:
    """The row that measures an order of these product categories, and the rows that measure their lines."""
    kept = list(rows)
    whose: dict[str, Any] = {"person_id": person_id, "roles": roles, "team_id": team_id}
    base = most_specific(kept, **whose)
    found = {code: most_specific(kept, category=code, **whose) for code in codes}
    least = -1 if base is None else _whose(base)
    return base, {code: row for code, row in found.items() if row is not None and _whose(row) >= least}


def binds(row: Any, person: Any) -> bool:
    """R2.10: whether the row would measure what this person decides, in whichever team."""
    if row.person_id is not None:
        return row.person_id == person.pk
    if row.role:
        return row.role in person.roles
    return bool(person.roles & LIMITED) or person.managed_teams.exists()


def own_limits(
    actor: Any, *, categories: Collection[str] = (), team_id: int | None = None, on: date | None = None
) -> tuple[Any, dict[str, Any]] | None:
    """The rows up to which a person decides on their own (R2.2): of a whole order, and of its categories.

    None for who decides without end.
    """
    if actor.is_system or "general_manager" in actor.roles:
        return None
    rows = actor.authority.model.objects.in_force(on).filter(
        Q(person=actor) | Q(person=None), category__in=["", *categories]
    )
    base, own = chosen(rows, categories, person_id=actor.pk, roles=actor.roles, team_id=team_id)
    return base or SimpleNamespace(**USUAL), own


def _fits(row: Any, person_id: int | None, roles: Collection[str], team_id: int | None) -> bool:
    whose = row.person_id == person_id if row.person_id is not None else not row.role or row.role in roles
    return whose and row.team_id in (None, team_id)


def _rank(row: Any) -> tuple[int, bool, date, int]:
    return _whose(row), row.team_id is not None, row.effective_from, row.pk or 0


def _whose(row: Any) -> int:
    """How much a row is somebody's own."""
    return 2 if row.person_id is not None else 1 if row.role else 0
