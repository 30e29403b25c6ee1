"""R1.7: a price is compared with the one last paid, too, and marked with its size; that alone asks nobody."""

from decimal import Decimal

import pytest

from approvals.authority import plan_order
from approvals.triggers import told
from customers.queries import exposure_of
from orders import actions
from orders.findings import order_facts, pre_check
from orders.queries import with_content
from orders.views import grid
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.7")]


@pytest.fixture
def paid_150(world):
    """The customer paid 150 for what the list now asks 100 for."""
    desk.product(world, "P", price="100", stock=500)
    order = desk.draft_order(world, lines=(("P", "1"),))
    actions.save_lines(order, rows=[{"id": order.lines.get().pk, "price": Decimal(150)}], actor=world.rep)
    desk.paper(order, world.rep)
    actions.submit_order(desk.again(order), actor=world.rep)
    order = actions.standardise_order(desk.again(order), actor=world.support)
    for who in ("support2", "finance", "manager"):
        desk.decide(world, order, who)
    return world


def again_at(world, price):
    order = desk.draft_order(world, lines=(("P", "3"),))
    actions.save_lines(order, rows=[{"id": order.lines.get().pk, "price": Decimal(price)}], actor=world.rep)
    return with_content(desk.again(order))


def found(order):
    account = exposure_of(order.customer_id)
    return [each for each in pre_check(order, account) if each["rule"] == "R1.7"]


@pytest.mark.parametrize(
    ("price", "name", "percent"),
    [("100", "order_price_below_paid", "33.3"), ("200", "order_price_above_paid", "33.3")],
)
def test_a_price_that_departs_from_the_one_last_paid_is_flagged_with_its_size(paid_150, price, name, percent):
    order = again_at(paid_150, price)
    marks = [each for each in found(order) if each["name"] == name]
    assert [(each["tone"], each["facts"]["percent"]) for each in marks] == [("pending", percent)]
    assert Decimal(marks[0]["facts"]["last"]) == 150
    assert percent in told(marks)[0]["sentence"]
    assert [percent in str(row["notes"]) for row in grid.rows(order)] == [True]


def test_it_alone_calls_for_nobody_else(paid_150):
    order = again_at(paid_150, "100")
    plan = plan_order(order_facts(order, exposure_of(order.customer_id)))
    assert {str(step.kind) for step in plan} == {"support", "finance", "manager"}


def test_the_same_price_again_is_in_order(paid_150):
    order = again_at(paid_150, "150")
    assert [each["name"] for each in found(order)] == ["order_price_above"]
    actions.save_lines(order, rows=[{"id": order.lines.get().pk, "price": Decimal(149)}], actor=paid_150.rep)
    order = with_content(desk.again(order))
    assert "order_price_below_paid" not in {each["name"] for each in found(order)}  # 0.7 %


def test_a_product_that_was_never_paid_is_compared_with_the_list_only(world):
    order = with_content(desk.draft_order(world))
    assert [(each["name"], each["tone"]) for each in found(order)] == [("order_prices_as_before", "done")]
