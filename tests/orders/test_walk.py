"""The order's own way, from draft to release, with its figures."""

from decimal import Decimal

import pytest

from core import invariants
from core.audit import broken_links
from customers.queries import exposure_of
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R2.1", "R4.1", "R1.4")
def test_an_order_is_entered_reviewed_approved_and_released(world):
    desk.product(world, "BRG-6204", stock=4)
    order = desk.confirmed_order(world)

    assert order.number.startswith("HB-")
    assert (order.state, order.grand_total) == ("approved", Decimal("186.00"))
    assert exposure_of(order.customer_id).ordered == Decimal("186.00")

    order = desk.actions.release_order(order, actor=world.lead)

    line = order.lines.get()
    assert order.state == "released"
    assert line.requirement.finished_on_hand == 4
    assert [each.quantity for each in line.requirement.production_orders.all()] == [6]
    assert line.requirement.link == order.get_absolute_url()
    assert list(broken_links(order.thread)) == []
    assert invariants.broken() == {}
