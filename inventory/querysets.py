"""Querysets: who sees what, and the one Q behind each definition."""

from core.transitions import GuardedQuerySet


class ProductQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The rows this person may see (R10.2)."""
        return self.none()


class StockQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The rows this person may see (R10.2)."""
        return self.none()


class RequirementQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The rows this person may see (R10.2)."""
        return self.none()


class ProductionOrderQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The rows this person may see (R10.2)."""
        return self.none()
