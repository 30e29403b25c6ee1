"""What a change of the authority matrix would have done to last month's orders (R2.2); it writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group

from approvals.authority import OrderFacts, Route, choose, route_by
from approvals.models import AuthorityLimit, Case
from approvals.states import StepKind
from approvals.triggers import told

#: Beyond so many orders a simulation reads the latest ones only, and says so.
MOST_CASES = 5_000
#: So many of each kind are listed on the page; the others are counted.
MOST_LISTED = 100


@dataclass(frozen=True)
class Moved:
    """One order that would take another way: number, link, amount, and why (rule and sentence)."""

    reference: str
    link: str
    title: str
    amount: Decimal
    currency: str
    why: list[dict[str, Any]]


@dataclass(frozen=True)
class Simulation:
    """Orders that would go to the general manager besides, and those that would no more."""

    more: list[Moved]
    fewer: list[Moved]
    examined: int
    is_cut: bool

    @property
    def unlisted(self) -> int:
        """How many of them a page does not list."""
        return max(len(self.more) - MOST_LISTED, 0) + max(len(self.fewer) - MOST_LISTED, 0)


def simulate(wish: AuthorityLimit, *, since: datetime, until: datetime) -> Simulation:
    """Send the orders whose last round opened in that time through the matrix, as it is and with this row;
    tell which differ.

    The row is taken as in force, beside those in force on its first day; it takes the place of the row for
    the same people, team and category. The facts are those that each order was decided on.
    """
    rows = _rows_without(wish)
    cases = _cases(since, until)
    roles = _roles_of({each["facts"].get("team_manager_id") for each in cases})
    more, fewer = [], []
    for each in cases[:MOST_CASES]:
        facts = OrderFacts.from_kept(each["facts"])
        held = roles.get(facts.team_manager_id or 0, set())
        before = route_by(facts, choose(rows[0], facts, roles=held))
        after = route_by(facts, choose(rows[1], facts, roles=held))
        if after.goes_to_general and not before.goes_to_general:
            more.append(_moved(each, after))
        elif before.goes_to_general and not after.goes_to_general:
            fewer.append(_moved(each, before))
    return Simulation(more, fewer, min(len(cases), MOST_CASES), len(cases) > MOST_CASES)


def _rows_without(wish: AuthorityLimit) -> tuple[list[AuthorityLimit], list[AuthorityLimit]]:
    """The rows in force on the wish's first day, and the same with the wish in its place."""
    now = list(AuthorityLimit.objects.in_force(wish.effective_from).select_related("person"))
    mine = (wish.person_id, wish.role, wish.team_id, wish.category)
    others = [row for row in now if (row.person_id, row.role, row.team_id, row.category) != mine]
    return now, [*others, wish]


def _cases(since: datetime, until: datetime) -> list[dict[str, Any]]:
    rows = Case.objects.filter(kind="order", opened_at__gte=since, opened_at__lt=until).exclude(facts={})
    names = ("reference", "link", "title", "amount", "currency", "facts")
    return list(rows.order_by("-opened_at", "-id").values(*names)[: MOST_CASES + 1])


def _roles_of(people: Iterable[int | None]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for person, role in Group.objects.filter(user__in=[pk for pk in people if pk]).values_list(
        "user", "name"
    ):
        found.setdefault(person, set()).add(role)
    return found


def _moved(case: dict[str, Any], route: Route) -> Moved:
    """Why the general manager decides on it, by the side on which they do."""
    step = next(step for step in route.steps if step.kind == StepKind.GENERAL)
    facts = {name: case[name] for name in ("reference", "link", "title", "amount", "currency")}
    return Moved(**facts, why=told(step.triggers))
