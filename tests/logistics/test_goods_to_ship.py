"""From finished goods to the request: My work leads there; a zero leaves a line for later (R4.4, R5.14)."""

import pytest

from accounts.duties import counted
from logistics.forms import RequestForm
from logistics.queries import lines_to_ship, with_goods_to_ship
from orders.models import SalesOrder
from tests.shipping_world import dispatched_shipment, order_to_ship, requested_shipment

pytestmark = pytest.mark.django_db


def waiting(person):
    return {each.duty.name: each.count for each in counted(person)}["logistics.request"]


@pytest.mark.rule("R4.4", "R5.14")
def test_goods_wait_for_their_rep_until_a_shipment_claims_them(world):
    order = order_to_ship(world)
    assert waiting(world.rep) == 1
    assert waiting(world.rep2) == 0
    requested_shipment(world, order=order, quantities={1: 4})
    assert waiting(world.rep) == 1
    dispatched_shipment(world, order=order, quantities={1: 6})
    assert waiting(world.rep) == 0
    assert not with_goods_to_ship(SalesOrder.objects.all()).exists()


@pytest.mark.rule("R9.1")
def test_the_list_behind_the_count_shows_what_was_counted(world):
    order = order_to_ship(world)
    client = world.client("rep")
    assert order.number in client.get("/orders/?goods=true").content.decode()
    assert order.number not in client.get("/orders/?goods=false").content.decode()


@pytest.mark.rule("R5.14")
def test_a_line_at_zero_stays_and_one_below_zero_is_refused(world):
    order = order_to_ship(world)
    name = f"quantity-{order.lines.get().pk}"
    typed = {"wanted_on": "2026-11-23"}
    left = RequestForm(typed | {name: "0"}, lines=lines_to_ship(order))
    assert left.is_valid()
    assert left.quantities() == {}
    assert not RequestForm(typed | {name: "-1"}, lines=lines_to_ship(order)).is_valid()


@pytest.mark.rule("R10.2")
def test_a_customers_lists_offer_no_filter_of_the_house(world):
    def offered(who, url):
        page = world.client(who).get(url).content.decode()
        return {name for name in ("goods=true", "signed=true", "unconfirmed=true") if name in page}

    assert offered("rep", "/orders/") == {"goods=true"}
    assert offered("rep", "/shipments/") == {"signed=true", "unconfirmed=true"}
    assert offered("customer", "/orders/") == offered("customer", "/shipments/") == set()
