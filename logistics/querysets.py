"""Querysets: who sees what, and the one Q behind each definition."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from accounts.queries import sees_everything, team_ids
from core import figures
from core.transitions import GuardedQuerySet
from logistics.states import GONE, ON_THE_FLOOR, PENDING, ShipmentState

FOR_CUSTOMERS = (*ON_THE_FLOOR, *GONE)


class ShipmentQuerySet(GuardedQuerySet):
    """Shipments of one's own teams, all of them for those who serve all, a customer's own once released."""

    def visible_to(self, user: Any) -> ShipmentQuerySet:
        """The rows this person may see (R10.2)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if sees_everything(user):
            return self
        mine = Q(state__in=FOR_CUSTOMERS) & Q(order__customer__in=user.portal_customers.values("pk"))
        teams = team_ids(user)
        return self.filter(mine | Q(team__in=teams)) if teams else self.filter(mine)

    def to_release(self) -> ShipmentQuerySet:
        """Signed by everybody, waiting for business support (R5.9)."""
        return self.filter(state=ShipmentState.REQUESTED, case__state="approved")

    def on_the_floor(self) -> ShipmentQuerySet:
        """Released and not gone: the warehouse's queue."""
        return self.filter(state__in=ON_THE_FLOOR)

    def to_confirm(self) -> ShipmentQuerySet:
        """Gone, and revenue is not confirmed for all of it (R6.1)."""
        whole = figures.money(F("goods_value") + F("freight"))
        return self.filter(state__in=GONE, confirmed_value__lt=whole)

    def in_transit(self) -> ShipmentQuerySet:
        """Gone, the receipt not back yet (R5.13)."""
        return self.filter(state=ShipmentState.DISPATCHED)


class ShipmentLineQuerySet(QuerySet):
    def claims(self, order_lines: Any, *, except_for: int | None = None) -> dict[int, Decimal]:
        """What pending shipments claim of each order line, one of them left out."""
        rows = self.filter(order_line__in=order_lines, shipment__state__in=PENDING)
        if except_for is not None:
            rows = rows.exclude(shipment=except_for)
        return dict(rows.order_by().values_list("order_line").annotate(sum=Sum("quantity")))
