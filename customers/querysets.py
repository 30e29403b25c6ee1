"""Querysets: who sees what, and the one Q behind each definition."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.queries import sees_everything, team_ids
from core.transitions import GuardedQuerySet


def is_blocked(prefix: str = "") -> Q:
    """Blocked: nothing may be submitted or shipped for it; it stays on every list, marked."""
    return Q(**{f"{prefix}blocked_at__isnull": False})


def is_in_force(on: date, prefix: str = "") -> Q:
    """A contract or an agreement holds from its first to its last day, both counted."""
    endless = Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & endless


class AgreementQuerySet(QuerySet):
    def in_force(self, *, on: date) -> AgreementQuerySet:
        """What holds on the day."""
        return self.filter(is_in_force(on))


class CustomerQuerySet(GuardedQuerySet):
    def visible_to(self, user: Any) -> CustomerQuerySet:
        """The customers of one's teams, all of them for those who serve every team, a portal user's own."""
        if sees_everything(user):
            return self
        if "customer" in user.roles:
            return self.filter(portal_users=user)
        return self.filter(team_id__in=team_ids(user))

    def blocked(self) -> CustomerQuerySet:
        """Blocked customers."""
        return self.filter(is_blocked())

    def found_by(self, text: str) -> CustomerQuerySet:
        """By code, name or pinyin initials."""
        wanted = Q(code__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text)
        return self.filter(wanted | Q(initials__startswith=text.lower()))
