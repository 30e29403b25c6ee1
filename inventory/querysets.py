"""Querysets: who sees what, and the one Q behind each definition."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from accounts.queries import sees_everything, team_ids
from core.transitions import GuardedQuerySet
from inventory.parameters import OVERDUE_IS_ABNORMAL, OVERDUE_TELLS_REP
from inventory.states import LIVE_PRODUCTION, ProductionState


def is_overdue(as_of: date, prefix: str = "") -> Q:
    """Finished stock is overdue from the day after its due date."""
    return Q(**{f"{prefix}finished_on_hand__gt": 0, f"{prefix}due_on__lt": as_of})


def is_long_overdue(as_of: date, prefix: str = "") -> Q:
    """R4.7: overdue for a week (a parameter), so that the sales rep is told."""
    return lies_past(as_of - timedelta(days=OVERDUE_TELLS_REP.value()), prefix)


def is_abnormal(as_of: date, prefix: str = "") -> Q:
    """R4.8: overdue for two weeks (a parameter): abnormal stock."""
    return lies_past(as_of - timedelta(days=OVERDUE_IS_ABNORMAL.value()), prefix)


def lies_past(day: date, prefix: str = "") -> Q:
    """Finished, not dispatched, and due on that day or before."""
    return Q(**{f"{prefix}finished_on_hand__gt": 0, f"{prefix}due_on__lte": day})


class ProductQuerySet(GuardedQuerySet):
    def visible_to(self, user: Any) -> ProductQuerySet:
        """Products are the house's own: whoever may see products sees them all (R10.2)."""
        return self if user.has_perm("inventory.view_product") else self.none()

    def sold(self) -> ProductQuerySet:
        """What can still be ordered."""
        return self.filter(active=True)

    def found_by(self, text: str) -> ProductQuerySet:
        """By code, name, specification, pinyin initials or barcode; each of several words."""
        wanted = Q()
        for word in text.split()[:6]:
            said = Q(code__icontains=word) | Q(name__icontains=word) | Q(name_en__icontains=word)
            wanted &= said | Q(specification__icontains=word) | Q(initials__startswith=word.lower())
        return self.filter(wanted | Q(barcode=text))


class StockQuerySet(GuardedQuerySet):
    def visible_to(self, user: Any) -> StockQuerySet:
        """Stock is the house's own: whoever may see stock sees all of it (R10.2)."""
        return self if user.has_perm("inventory.view_stock") else self.none()


class RequirementQuerySet(GuardedQuerySet):
    def visible_to(self, user: Any) -> RequirementQuerySet:
        """The requirements of one's teams; all of them for those who serve every team (R10.2)."""
        return self if sees_everything(user) else self.filter(team_id__in=team_ids(user))

    def overdue(self, *, as_of: date) -> RequirementQuerySet:
        """Finished goods past their due date."""
        return self.filter(is_overdue(as_of))

    def abnormal(self, *, as_of: date) -> RequirementQuerySet:
        """R4.8, R4.12: abnormal stock, as the weekly report lists it."""
        return self.filter(is_abnormal(as_of))


class ProductionOrderQuerySet(GuardedQuerySet):
    def visible_to(self, user: Any) -> ProductionOrderQuerySet:
        """The production for one's teams; all of it for those who serve every team (R10.2)."""
        return self if sees_everything(user) else self.filter(requirement__team_id__in=team_ids(user))

    def live(self) -> ProductionOrderQuerySet:
        """Issued and not closed."""
        return self.filter(state__in=LIVE_PRODUCTION)

    def to_accept(self) -> ProductionOrderQuerySet:
        """R4.2: waits for the production lead's name and date."""
        return self.filter(state=ProductionState.ISSUED)

    def in_work(self) -> ProductionOrderQuerySet:
        """R4.3: production owes goods."""
        return self.filter(state=ProductionState.ACCEPTED)

    def to_inspect(self) -> ProductionOrderQuerySet:
        """R4.4: made, waits for quality."""
        return self.filter(state=ProductionState.MADE)
