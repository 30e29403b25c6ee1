"""Who is who: people by role, teams, substitutes, and who can open a door (R2.12, R9.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Delegation, Team, User
from accounts.roles import COMPANY_WIDE, ROLES
from core.memo import Memo
from core.rules import Reason


def people_with_role(role: str) -> QuerySet[User]:
    """The active people who hold the role, by name."""
    return User.objects.filter(groups__name=role, is_active=True).order_by("display_name", "pk")


def system_user() -> User:
    """The person in whose name jobs act and consequences follow; made on first use."""
    return _system.get()


def sees_everything(user: Any) -> bool:
    """Whether the person's roles open every team's objects (which kinds, their permissions say)."""
    return user.is_system or user.is_superuser or bool(user.roles & COMPANY_WIDE)


def team_ids(user: Any) -> frozenset[int]:
    """The teams whose objects the person sees: one's own as a rep, those one manages as a manager."""
    if not hasattr(user, "_team_ids"):
        user._team_ids = _team_ids(user)
    return user._team_ids


def live_delegations(at: datetime | None = None) -> QuerySet[Delegation]:
    """Delegations in force at the moment: begun, not over, not revoked, both people still active (I14)."""
    moment = at or timezone.now()
    return Delegation.objects.filter(
        revoked_at=None,
        starts_at__lte=moment,
        ends_at__gt=moment,
        giver__is_active=True,
        substitute__is_active=True,
    )


@dataclass(frozen=True)
class Lending:
    """What one person lends another: their office, for these kinds of steps (none: all), up to an amount."""

    giver_id: int
    roles: frozenset[str] = frozenset()
    kinds: tuple[str, ...] = ()
    ceiling: Decimal | None = None

    def covers(self, kind: str, amount: Decimal) -> bool:
        """Whether a step of this kind about this amount (company currency) is lent."""
        return (not self.kinds or kind in self.kinds) and (self.ceiling is None or amount <= self.ceiling)


def lendings(user: Any, at: datetime | None = None) -> list[Lending]:
    """For whom the person stands in at the moment, and how far (R2.12); it does not pass on (I14)."""
    found: dict[int, dict[str, Any]] = {}
    rows = live_delegations(at).filter(substitute=user).order_by("pk")
    for pk, giver, kinds, ceiling, role in rows.values_list(
        "pk", "giver_id", "kinds", "ceiling", "giver__groups__name"
    ):
        known = found.setdefault(pk, {"giver_id": giver, "kinds": kinds, "ceiling": ceiling, "roles": set()})
        known["roles"].add(role)
    return [
        Lending(each["giver_id"], frozenset(each["roles"]), tuple(each["kinds"] or ()), each["ceiling"])
        for each in found.values()
    ]


def lendings_on_pages(user: Any) -> list[Lending]:
    """The same for lists and counts: asked once a request. A decision asks `lendings`, at its own moment."""
    known = _lendings.get()
    if user.pk not in known:
        known[user.pk] = lendings(user)
    return known[user.pk]


def forget_lendings() -> None:
    """A delegation was given or ended."""
    _lendings.forget()


def substitutes(
    people: Iterable[int], at: datetime | None = None, *, kind: str = "", amount: Decimal | None = None
) -> frozenset[int]:
    """Who stands in for any of these people at the moment; for a step of this kind and amount, if given."""
    rows = live_delegations(at).filter(giver_id__in=people)
    found = rows.values_list("substitute_id", "giver_id", "kinds", "ceiling")
    return frozenset(
        substitute
        for substitute, giver, kinds, ceiling in found
        if not kind
        or Lending(giver, kinds=tuple(kinds or ()), ceiling=ceiling).covers(kind, amount or Decimal(0))
    )


def openers(reason: Reason, team: Team | None = None) -> list[dict[str, Any]]:
    """Who can open this door: name, role, away until when, and who stands in (R9.6)."""
    found = [_opener(pk, "") for pk in reason.people if pk in _company.get()]
    for role in reason.opened_by:
        people = [pk for pk in _holders(role, team) if pk not in reason.not_for]
        found += [_opener(pk, role) for pk in people]
        if not people:
            found.append(_nobody(role))
    return found


def office_holders(roles: Iterable[str], team: Team | None = None) -> frozenset[int]:
    """The active people (ids) who hold one of the roles; of sales managers the team's own."""
    return frozenset(pk for role in roles for pk in _holders(role, team))


_lendings: Memo[dict[int, list[Lending]]] = Memo("lendings", dict)


def _make_system() -> User:
    return User.objects.get_or_create(
        is_system=True,
        defaults={"username": "system", "display_name": "Orderway", "password": make_password(None)},
    )[0]


_system: Memo[User] = Memo("system_user", _make_system)


def _team_ids(user: Any) -> frozenset[int]:
    own = {user.team_id} if user.team_id and "customer" not in user.roles else set()
    managed = user.managed_teams.values_list("pk", flat=True) if "sales_manager" in user.roles else ()
    return frozenset({*own, *managed})


def _read_company() -> dict[int, dict[str, Any]]:
    """Everybody who holds a role in the house, with who stands in for them: two queries a request."""
    people: dict[int, dict[str, Any]] = {}
    rows = User.objects.filter(is_active=True, groups__name__in=set(ROLES) - {"customer"})
    for pk, name, username, away, role in rows.order_by("display_name", "pk").values_list(
        "pk", "display_name", "username", "away_until", "groups__name"
    ):
        person = people.setdefault(
            pk,
            {"name": name or username, "away_until": away, "roles": set(), "substitute": "", "until": None},
        )
        person["roles"].add(role)
    for each in live_delegations().select_related("substitute").order_by("-ends_at"):
        if each.giver_id in people:
            people[each.giver_id] |= {"substitute": str(each.substitute), "until": each.ends_at}
    return people


_company: Memo[dict[int, dict[str, Any]]] = Memo("company", _read_company)


def _holders(role: str, team: Team | None) -> Collection[int]:
    if role == "sales_manager" and team is not None:
        manager = _company.get().get(team.manager_id or 0)
        return [team.manager_id] if manager and role in manager["roles"] else []
    return [pk for pk, person in _company.get().items() if role in person["roles"]]


def _opener(pk: int, role: str) -> dict[str, Any]:
    person = _company.get()[pk]
    roles = [role] if role else sorted(person["roles"])
    return {
        "name": person["name"],
        "role": " / ".join(str(ROLES[each]) for each in roles if each in ROLES),
        "away": _away(person),
        "substitute": person["substitute"],
        "pk": pk,
    }


def _nobody(role: str) -> dict[str, Any]:
    return {"name": "", "role": str(ROLES.get(role, role)), "away": "", "substitute": "", "pk": None}


def _away(person: dict[str, Any]) -> str:
    day = person["away_until"]
    if person["until"] is not None:
        day = timezone.localdate(person["until"])
    if day is None or day < timezone.localdate():
        return ""
    return _("until %(day)s") % {"day": date_format(day, "m-d")}
