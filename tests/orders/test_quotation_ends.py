"""What becomes of a quotation: lost, not to be ordered, its validity, its prices on the order (R1.14)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.parameter_actions import set_parameter
from core.rules import Blocked
from inventory.models import Product
from orders import actions
from orders.content import deviation, tenth
from orders.models import Memo, OrderLine, Quotation, SalesOrder
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.14")]
TODAY = "2026-11-23 10:00+08:00"


def again(quotation):
    return Quotation.objects.get(pk=quotation.pk)


def refused(refusal):
    return [reason.key for reason in refusal.value.reasons]


def memo(world, customer=None):
    return Memo.objects.create(
        number="M-1",
        customer=customer,
        channel="phone",
        caller="王琳",
        said_at=timezone.now(),
        said="轴承 10 个,什么价",
        taken_by=world.rep,
        team=world.north,
    )


def test_lost_it_says_why_and_makes_no_order(world):
    quotation = desk.sent_quotation(world)

    actions.lose_quotation(quotation, reason="价格高于同行", actor=world.rep)

    assert (again(quotation).state, again(quotation).lost_reason) == ("lost", "价格高于同行")
    with pytest.raises(Blocked):
        actions.order_quotation(quotation, actor=world.rep)
    assert OrderLine.objects.count() == 0


def test_a_product_no_longer_sold_is_not_ordered_by_it(world):
    quotation = desk.sent_quotation(world)
    Product.objects.update(active=False)

    with pytest.raises(Blocked) as refusal:
        actions.order_quotation(quotation, actor=world.rep)

    assert refused(refusal) == ["quoted_products_are_sold"]
    assert SalesOrder.objects.count() == 0


@pytest.mark.parametrize("who", ["finance", "production", "warehouse"])
@pytest.mark.rule("R10.2")
def test_other_departments_do_not_send_or_order(world, who):
    quotation = desk.draft_quotation(world)
    sent = desk.sent_quotation(world)
    person = world.people[who]

    with pytest.raises(Blocked):
        actions.send_quotation(quotation, to="a@b.example", language="en", actor=person)
    with pytest.raises(Blocked):
        actions.order_quotation(sent, actor=person)

    assert (again(quotation).state, again(sent).state) == ("draft", "sent")
    assert SalesOrder.objects.count() == 0


def test_the_usual_validity_is_a_parameter(world):
    set_parameter(key="orders.quotation_days", value=10, reason="test", actor=world.admin)

    quotation = desk.draft_quotation(world)

    assert quotation.valid_until == timezone.localdate() + timedelta(days=10)


@pytest.mark.rule("R1.14", "R1.7", "R2.2")
def test_touching_lines_keeps_each_quoted_price_and_compares_it_with_the_list(world):
    desk.product(world, price="18.60")
    quotation = desk.draft_quotation(world, lines=(("BRG-6204", "10"), ("BRG-6204", "100")))
    cheap = {"id": quotation.lines.last().pk, "price": Decimal(16), "discount_percent": Decimal(25)}
    actions.save_quotation(quotation, rows=[cheap], actor=world.rep)
    actions.send_quotation(again(quotation), to="a@b.example", language="en", actor=world.rep)
    order = actions.order_quotation(again(quotation), actor=world.rep)
    before = [tenth(deviation(line)) for line in order.lines.order_by("position")]

    with time_machine.travel(timezone.now() + timedelta(days=40)):  # held on the order's day
        rows = [{"id": line.pk, "quantity": line.quantity + 1} for line in order.lines.all()]
        actions.save_lines(order, rows=rows, actor=world.rep)

    lines = list(order.lines.order_by("position"))
    assert [line.price for line in lines] == [Decimal("18.60"), Decimal(16)]
    assert {line.price_source for line in lines} == {"quotation"}
    assert [tenth(deviation(line)) for line in lines] == before == [Decimal(0), Decimal("35.5")]


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize("verb", [actions.order_quotation, actions.revise_quotation])
def test_what_names_the_customer_again_locks_by_the_ladder(world, verb):
    quotation = desk.sent_quotation(world)

    with CaptureQueriesContext(connection) as ran:
        verb(quotation, actor=world.rep)

    read = [each["sql"] for each in ran if each["sql"].startswith("SELECT")]
    account = next(n for n, sql in enumerate(read) if 'FROM "customers_creditaccount"' in sql)
    assert account < next(n for n, sql in enumerate(read) if 'FROM "orders_quotation"' in sql)
