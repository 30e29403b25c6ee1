"""I18: whatever is added, changed, removed or pasted, the header is the sum of the lines."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import invariants
from core.rules import Blocked
from orders import actions
from orders.models import OrderLine, SalesOrder
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.6")]
PRODUCTS = st.sampled_from(["A", "b", "NO-SUCH", ""])
QUANTITY = st.decimals(0, 5000, places=3)
PRICE = st.none() | st.decimals(0, 900, places=4)
PERCENT = st.decimals(0, 100, places=2)
RATE = st.sampled_from([None, Decimal(13), Decimal(0)])
ROW = st.fixed_dictionaries(
    {"product": PRODUCTS, "quantity": QUANTITY},
    optional={
        "price": PRICE,
        "discount_percent": PERCENT,
        "tax_rate": RATE,
    },
)
PLACE = st.integers(0, 9)
STEP = st.one_of(
    st.tuples(st.just("add"), ROW),
    st.tuples(st.just("change"), PLACE, ROW),
    st.tuples(st.just("product"), PLACE, PRODUCTS),
    st.tuples(st.just("remove"), PLACE),
    st.tuples(st.just("paste"), st.lists(st.tuples(PRODUCTS, QUANTITY, PRICE), min_size=1, max_size=4)),
    st.tuples(st.just("header"), st.decimals(0, 500, places=2), st.sampled_from(["customer", "us"])),
)


@pytest.fixture
def order(world):
    desk.product(world, "A", price="3.335")
    desk.product(world, "B", price="1250")
    return desk.draft_order(world, lines=())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_any_sequence_of_edits_keeps_the_header_the_sum_of_the_lines(world, order, steps):
    for step in steps:
        try:
            take(world, order, step)
        except Blocked:
            continue
        assert invariants.broken(("I18",)) == {}
        again, lines = desk.again(order), list(order.lines.order_by("position"))
        assert again.grand_total == sum((line.total for line in lines), Decimal(0)) + again.freight
        assert [line.position for line in lines] == list(range(1, len(lines) + 1))


def test_the_checker_sees_a_header_that_lies(world):
    kept = desk.draft_order(world)
    OrderLine.objects.filter(order=kept).update(goods=1, discount=0, total=1)

    assert len(invariants.broken(("I18",))) == 1
    assert SalesOrder.objects.get(pk=kept.pk).grand_total == 186


def take(world, order, step):
    """One edit of the rep."""
    kind, *what = step
    lines = list(order.lines.order_by("position"))
    line = lines[what[0] % len(lines)] if lines and kind in ("change", "product", "remove") else None
    if kind == "add":
        actions.save_lines(order, rows=what, actor=world.rep)
    elif kind == "change" and line:
        actions.save_line(order, line_id=line.pk, actor=world.rep, **what[1])
    elif kind == "product" and line:
        actions.save_line(order, line_id=line.pk, product=what[1], actor=world.rep)
    elif kind == "remove" and line:
        actions.delete_line(order, line_id=line.pk, actor=world.rep)
    elif kind == "paste":
        text = "\n".join("\t".join("" if cell is None else f"{cell}" for cell in row) for row in what[0])
        actions.paste_lines(order, text=text, actor=world.rep)
    elif kind == "header":
        actions.save_header(order, actor=world.rep, version=None, freight=what[0], freight_bearer=what[1])
