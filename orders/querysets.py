"""Querysets: who sees what, and the one Q behind each definition."""

from core.transitions import GuardedQuerySet


class OrderQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The rows this person may see (R10.2)."""
        return self.none()
