"""A shipment's whole way: the figures at each step, and what is left behind (R5.9, R5.11, R5.13)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import invariants
from core.audit import broken_links
from inventory.models import Requirement, Stock
from logistics import actions
from orders.models import SalesOrder
from tests.shipping_world import (
    carrier,
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
