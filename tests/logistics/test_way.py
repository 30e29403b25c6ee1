"""A shipment's whole way: the figures at each step, and what is left behind (R5.9, R5.11, R5.13)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core import invariants
from core.audit import broken_links
from inventory.models import Requirement, Stock
from logistics import actions
from orders.models import SalesOrder
from tests.shipping_world import (
    carrier,
    dispatched_shipment,
    invoice_request,
    order_to_ship,
    released_shipment,
    requested_shipment,
)

pytestmark = pytest.mark.django_db


def parts(order):
    account = order.customer.credit
    account = type(account).objects.get(pk=account.pk)
    return account.ordered, account.released, account.shipped


@pytest.mark.rule("R5.9", "R5.14")
def test_each_step_moves_stock_exposure_and_open_quantity(world):
    order = order_to_ship(world)
    value = order.grand_total
    assert parts(order) == (value, 0, 0)

    shipment = requested_shipment(world, order=order)
    assert shipment.goods_value == value
    assert parts(order) == (value, 0, 0)

    shipment = released_shipment(world, order=order_to_ship(world, of=order.customer))
    assert parts(order) == (2 * value, value, 0)

    shipment = actions.pick_shipment(shipment, actor=world.warehouse)
    shipment = actions.pack_shipment(shipment, packages=3, actor=world.warehouse)
    stock = Stock.objects.get(product__code="BRG-6204")
    assert (stock.on_hand, stock.reserved) == (100_000, 20)

    shipment = actions.dispatch_shipment(
        shipment,
        carrier=carrier(),
        waybill="SF1",
        expected_on=timezone.localdate() + timedelta(days=1),
        actor=world.warehouse,
    )
    stock.refresh_from_db()
    assert (stock.on_hand, stock.reserved) == (99_990, 10)
    assert parts(order) == (value, 0, value)
    line = shipment.order.lines.get()
    assert (line.shipped, line.open_quantity) == (10, 0)
    assert SalesOrder.objects.get(pk=shipment.order_id).shipped_total == value
    assert Requirement.objects.get(pk=line.requirement_id).shipped == 10
    assert invariants.broken() == {}
    assert list(broken_links(shipment.order.thread)) == []


@pytest.mark.rule("R5.14", "R6.1")
def test_freight_is_billed_with_the_first_part_and_nothing_is_billed_twice(world):
    order = order_to_ship(world, freight=Decimal("20.00"))
    first = dispatched_shipment(world, order=order, quantities={1: 3})
    second = dispatched_shipment(world, order=order, quantities={1: 7})
    assert (first.freight, second.freight) == (20, 0)
    assert first.billable + second.billable == order.grand_total
    assert parts(order)[2] == order.grand_total
    assert [line.name for line in invoice_request(world, first).lines.order_by("pk")][-1] in (
        "Freight",
        "运费",
    )
    assert invariants.broken() == {}
