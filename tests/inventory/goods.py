"""What the tests of goods start from: stock, demands, production orders, all through the verbs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory import actions
from inventory.models import (
    Inspection,
    Product,
    ProductionOrder,
    Requirement,
    Reservation,
    Stock,
    StockMovement,
    Warehouse,
)
from tests.world import World

FOUR_CHECKS = dict.fromkeys(("quantity_ok", "appearance_ok", "packaging_ok", "label_ok"), True)


def warehouse(code: str = "W1") -> Warehouse:
    """A warehouse by its code."""
    return Warehouse.objects.get_or_create(code=code, defaults={"name": f"成品库 {code}"})[0]


def product(world: World, code: str = "P-1", *, stock: str = "0", **fields: Any) -> Product:
    """A product with so much on the shelf."""
    made = actions.create_product(
        code=code, name=fields.pop("name", f"内六角螺钉 {code}"), actor=world.tech, **fields
    )
    if Decimal(stock):
        receive(world, made, stock)
    return made


def receive(world: World, of: Product, quantity: str, *, into: str = "W1", **entry: Any) -> Stock:
    """Goods come in, or a counter-entry is written."""
    entry = {"document": "GR-1", "reason": "", "actor": world.warehouse} | entry
    return actions.receive_stock(product=of, warehouse=warehouse(into), quantity=Decimal(quantity), **entry)


def requirement(
    world: World,
    of: Product,
    quantity: str = "10",
    *,
    due_on: date | None = None,
    line: int = 1,
    **fields: Any,
) -> Requirement:
    """A demand of the rep's team, due in a week unless a day is named."""
    wanted = {
        "product": of,
        "quantity": Decimal(quantity),
        "due_on": due_on or timezone.localdate() + timedelta(days=7),
        "owner": world.rep,
        "team": world.north,
        "thread": "order:HB-1",
        "reference": f"HB-1/{line}",
        "link": "/orders/HB-1/",
        "unit_value": Decimal("2.50"),
        "currency": "CNY",
        "actor": world.support,
    }
    return actions.create_requirement(**wanted | fields)


def lying(world: World, quantity: str = "10", *, due_on: date, code: str = "P-1") -> Requirement:
    """A demand whose goods are finished and lie on the shelf."""
    of = Product.objects.filter(code=code).first() or product(world, code)
    receive(world, of, quantity)
    demand = requirement(world, of, quantity, due_on=due_on)
    return actions.reserve(demand, quantity=Decimal(quantity), actor=world.support)


def issued(world: World, quantity: str = "10", **fields: Any) -> ProductionOrder:
    """A production order that waits for production's name."""
    warehouse()
    of = fields.pop("of", None) or product(world)
    demand = requirement(world, of, quantity)
    today = timezone.localdate()
    return actions.issue_production_order(
        demand, quantity=Decimal(quantity), due_on=today, actor=world.support, **fields
    )


def accepted(world: World, quantity: str = "10") -> ProductionOrder:
    """A production order in work."""
    order = issued(world, quantity)
    return actions.accept_production(order, promised_on=timezone.localdate(), actor=world.production)


def made(world: World, quantity: str = "10", *, of: str = "10") -> ProductionOrder:
    """A production order of which so much waits for quality."""
    return actions.report_production(accepted(world, of), quantity=Decimal(quantity), actor=world.production)


def inspect(world: World, order: ProductionOrder, passed: str, rejected: str = "0", **verdict: Any) -> Any:
    """Quality's verdict; all four checks hold unless it says otherwise."""
    verdict = {"reason": "", "actor": world.quality} | FOUR_CHECKS | verdict
    return actions.inspect_production(order, passed=Decimal(passed), rejected=Decimal(rejected), **verdict)


def reread(row: Any) -> Any:
    """The row as the database has it."""
    return type(row)._base_manager.get(pk=row.pk)


def figures() -> tuple[Any, ...]:
    """Every level there is, to compare before and after a refusal."""
    return (
        list(Stock.objects.order_by("pk").values_list("on_hand", "reserved", "last_seq")),
        list(Requirement.objects.order_by("pk").values_list("finished_on_hand", "shipped", "cancelled")),
        list(Reservation.objects.order_by("pk").values_list("quantity", flat=True)),
        list(ProductionOrder.objects.order_by("pk").values_list("state", "made", "passed", "version")),
        StockMovement.objects.count(),
        Inspection.objects.count(),
    )
