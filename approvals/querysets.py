"""Querysets: who sees what, and the one Q behind each definition."""

from core.transitions import GuardedQuerySet


class CaseQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The rows this person may see (R10.2)."""
        return self.none()


class StepQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The rows this person may see (R10.2)."""
        return self.none()
