"""Cost and margin of each line, for those who may see costs and for nobody else, in any format (R6.11)."""

from decimal import Decimal

import pytest

from inventory.models import Product
from orders.content import line_cost, line_margin, margin
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R6.11")]
COST, MARGIN = "77.70", "52.8"  # 10 at 7.77; of 186.00 with 13 % tax, 164.60 without


@pytest.fixture
def order(world):
    made = desk.approved_order(world)
    Product.objects.update(cost=Decimal("7.77"))
    return made


@pytest.mark.parametrize("name", ["manager", "head", "gm", "finance", "purchasing"])
def test_who_may_see_costs_sees_them_line_by_line(world, order, name):
    page = world.client(name).get(order.get_absolute_url()).content.decode()
    assert COST in page
    assert f"{MARGIN} %" in page


@pytest.mark.parametrize(
    "name", ["rep", "support", "warehouse", "tech", "production", "aftersales", "customer"]
)
def test_nobody_else_sees_a_cost_on_the_page_or_in_an_export(world, order, name):
    client = world.client(name)
    for path in (order.get_absolute_url(), "/orders/?export=csv", "/orders/"):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert COST not in body.decode(errors="replace"), path
        assert MARGIN not in body.decode(errors="replace"), path


def test_without_a_cost_or_a_price_there_is_no_margin(world):
    line = desk.draft_order(world).lines.get()
    assert line_cost(line) is line_margin(line) is None
    line.product.cost = Decimal("7.77")
    assert (line_cost(line), line_margin(line)) == (Decimal(COST), Decimal(MARGIN))
    line.total = line.tax = Decimal(0)
    assert line_margin(line) is None


def test_in_another_currency_than_the_costs_no_margin_is_known(world, order):
    assert margin(order) == Decimal(MARGIN)
    order.currency = "USD"
    line = order.lines.get()
    line.order = order

    assert (margin(order), line_cost(line), line_margin(line)) == (None, None, None)
