"""Querysets: who sees what, and the one Q behind each definition."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.queries import sees_everything, team_ids
from core.transitions import GuardedQuerySet


def is_blocked(prefix: str = "") -> Q:
    """Blocked: nothing may be submitted or shipped for it; it stays on every list, marked."""
    return Q(**{f"{prefix}blocked_at__isnull": False})


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
