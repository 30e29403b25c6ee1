"""Reads that combine shipments with their order's lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from approvals.models import Step
from core.money import round_money
from inventory.quantities import plain
from logistics.models import Shipment, ShipmentLine
from logistics.states import FREED, PENDING
from orders.models import OrderLine
from orders.states import OrderState

ZERO = Decimal(0)
#: All that a shipment's gate and page read of it, in two queries: its lines, and the sign-offs of its case.
CONTENT = (
    Prefetch("lines", ShipmentLine.objects.select_related("order_line__product", "order_line__requirement")),
    Prefetch("case__steps", Step.objects.select_related("decided_by", "decided_for")),
)


@dataclass(frozen=True)
class Asked:
    """So much of an order line, with what is open, finished and claimed by other shipments."""

    line: Any
    quantity: Decimal
    claimed: Decimal

    @property
    def open(self) -> Decimal:
        return self.line.open_quantity

    @property
    def finished(self) -> Decimal:
        return self.line.requirement.finished_on_hand if self.line.requirement else ZERO

    @property
    def step(self) -> Decimal:
        return self.line.product.quantity_step

    @property
    def free(self) -> Decimal:
        """What may be asked for now: open and finished, less other claims."""
        return max(min(self.open, self.finished) - self.claimed, ZERO)

    @property
    def facts(self) -> dict[str, Any]:
        """The line in a sentence."""
        return {"line": self.line.position, "product": self.line.product, "asked": plain(self.quantity)}


def lines_to_ship(order: Any, *, except_for: int | None = None) -> list[Asked]:
    """Every line of the order with what is free to be asked for."""
    lines = list(order.lines.select_related("product", "requirement").order_by("position"))
    claimed = ShipmentLine.objects.claims([line.pk for line in lines], except_for=except_for)
    return [Asked(line, ZERO, claimed.get(line.pk, ZERO)) for line in lines]


def asked_of(order: Any, quantities: Mapping[int, Decimal], *, except_for: int | None = None) -> list[Asked]:
    """What is asked for, line by line; LookupError for a line that is not this order's."""
    rows = {each.line.pk: each for each in lines_to_ship(order, except_for=except_for)}
    return [
        Asked(rows[pk].line, quantity, rows[pk].claimed) for pk, quantity in quantities.items() if quantity
    ]


def goods_value_of(asked: Asked, *, currency: str, except_for: int | None = None) -> Decimal:
    """The quantity's value at order prices, tax included; the part that completes a line takes the rest."""
    line = asked.line
    earlier = ShipmentLine.objects.filter(order_line=line).exclude(shipment__state__in=FREED)
    if except_for is not None:
        earlier = earlier.exclude(shipment=except_for)
    sums = earlier.aggregate(quantity=Sum("quantity"), value=Sum("goods_value"))
    rest = line.total - (sums["value"] or ZERO)
    if (sums["quantity"] or ZERO) + asked.quantity == line.quantity:
        return rest
    return min(round_money(line.total * asked.quantity / line.quantity, currency), rest)


def with_goods_to_ship(orders: QuerySet) -> QuerySet:
    """Of these orders the released ones with finished goods that no pending shipment claims (R4.4, R5.14)."""
    claims = ShipmentLine.objects.filter(order_line=OuterRef("pk"), shipment__state__in=PENDING)
    claimed = claims.order_by().values("order_line").annotate(sum=Sum("quantity")).values("sum")
    free = OrderLine.objects.filter(
        order=OuterRef("pk"), requirement__finished_on_hand__gt=Coalesce(Subquery(claimed), ZERO)
    )
    return orders.filter(Exists(free), state=OrderState.RELEASED)


def freight_left(order: Any, *, except_for: int | None = None) -> Decimal:
    """The order's freight that no shipment bills yet: all of it goes with the first."""
    billed = Shipment.objects.filter(order=order).exclude(state__in=FREED)
    if except_for is not None:
        billed = billed.exclude(pk=except_for)
    return max(order.freight - (billed.aggregate(sum=Sum("freight"))["sum"] or ZERO), ZERO)
