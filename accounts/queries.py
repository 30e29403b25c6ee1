"""Who is who: people by role, teams, substitutes, and who can open a door (R2.12, R9.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
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


def givers(user: Any, at: datetime | None = None) -> frozenset[int]:
    """For whom the person stands in at the moment. What a giver holds by delegation does not pass on."""
    return frozenset(live_delegations(at).filter(substitute=user).values_list("giver_id", flat=True))


def givers_on_pages(user: Any) -> frozenset[int]:
    """The same for lists and counts: asked once a request. A decision asks `givers`, at its own moment."""
    known = _givers.get()
    if user.pk not in known:
        known[user.pk] = givers(user)
    return known[user.pk]


def forget_givers() -> None:
    """A delegation was given or ended."""
    _givers.forget()


def substitutes(people: Iterable[int], at: datetime | None = None) -> frozenset[int]:
    """Who stands in for any of these people at the moment."""
    return frozenset(live_delegations(at).filter(giver_id__in=people).values_list("substitute_id", flat=True))


def openers(reason: Reason, team: Team | None = None) -> list[dict[str, Any]]:
    """Who can open this door: name, role, away until when, and who stands in (R9.6)."""
    found = [_opener(pk, "") for pk in reason.people if pk in _company.get()]
    for role in reason.opened_by:
        people = [pk for pk in _holders(role, team) if pk not in reason.not_for]
        found += [_opener(pk, role) for pk in people]
        if not people:
            found.append(_nobody(role))
    return found


_givers: Memo[dict[int, frozenset[int]]] = Memo("givers", dict)


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
        return [team.manager_id] if team.manager_id in _company.get() else []
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
