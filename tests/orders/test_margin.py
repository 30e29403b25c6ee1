"""Cost and margin of each line, for those who may see costs and for nobody else, in any format (R6.11)."""

from decimal import Decimal

import pytest

from core.rate_actions import DayRate, set_rates
from inventory.models import Product
from orders.content import tenth
from orders.margins import line_cost, line_margin, margin, rate_of, unknown_costs
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
        assert f"{MARGIN} %" not in body.decode(errors="replace"), path


def test_without_a_cost_there_is_no_margin_and_what_is_given_away_loses_its_cost(world):
    order = desk.draft_order(world)
    line, rate = order.lines.get(), rate_of(order)
    line.product.cost = None
    assert line_cost(line, rate) is line_margin(line, rate) is None
    line.product.cost = Decimal("7.77")
    assert (line_cost(line, rate), tenth(line_margin(line, rate))) == (Decimal(COST), Decimal(MARGIN))
    line.total = line.tax = Decimal(0)
    assert line_margin(line, rate) == -100


def test_the_margin_is_that_of_the_lines_whose_cost_is_known_and_the_others_are_named(world, order):
    other = desk.product(world, "HSG-10", price="1000")
    Product.objects.filter(pk=other.pk).update(cost=None)
    made = desk.draft_order(world, lines=(("BRG-6204", "10"), ("HSG-10", "1")))
    assert tenth(margin(made)) == Decimal(MARGIN)
    assert unknown_costs(made) == (2,)
    page = world.client("gm").get(made.get_absolute_url()).content.decode()
    assert f"{MARGIN} %" in page
    assert "2" in page[page.index(f"{MARGIN} %") :].split("</div>")[0].replace(MARGIN, "")


def test_in_another_currency_the_margin_is_known_by_the_rate_of_the_orders_day(world, order):
    order.currency = "USD"
    line = order.lines.get()
    assert (margin(order), line_cost(line, rate_of(order)), rate_of(order)) == (None, None, None)

    day = order.ordered_on
    set_rates(rows=[DayRate("USD", day, Decimal("7.1"))], reason="Bank", actor=world.finance)
    rate = rate_of(order)
    assert line_cost(line, rate) == Decimal("10.94")  # 77.70 / 7.1
    sold = Decimal("164.60") * Decimal("7.1")
    assert line_margin(line, rate) == (sold - Decimal(COST)) / sold * 100
    assert margin(order) == line_margin(line, rate)
