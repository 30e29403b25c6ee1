"""What a caller said, or what we quoted, becomes an order: made to order, reviewed, confirmed, released.

Each door is tried before its time: it names the rules that hold it shut, and nothing is changed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from approvals.models import Condition
from core import invariants
from core.audit import broken_links
from core.jobs import tick
from inventory.models import ProductionOrder
from orders.models import Memo, SalesOrder
from tests import orders_world as desk
from tests.walker import Page, Visitor
from tests.walking import Walk, again, everything

pytestmark = pytest.mark.django_db

SAID = "要 4 套特制轴承座，另 10 套 6204，两周内。"
ROWS = [{"product": "RING-SP", "quantity": "4"}, {"product": "BRG-6204", "quantity": "10"}]


@pytest.fixture
def walk() -> Walk:
    walk = Walk(limit=200_000)
    desk.product(walk.world, "RING-SP", name="特制轴承座", price="900", supply="make")
    return walk


@pytest.mark.rule(
    "R1.1", "R1.2", "R1.3", "R1.8", "R1.9", "R1.10", "R2.1", "R2.4", "R2.5", "R2.8", "R2.9", "R4.1", "R10.1"
)
def test_what_a_caller_said_is_made_to_order_reviewed_confirmed_and_released(walk):
    order = begun_from_the_memo(walk)
    handed_over(walk, order)
    confirmed_by_the_makers(walk, order)
    reviewed_by_all_departments(walk, order)
    released_when_nothing_holds_it(walk, order)
    assert invariants.broken() == {}
    assert list(broken_links(order.thread)) == []


@pytest.mark.rule("R1.14", "R1.10", "R2.1", "R4.1")
def test_what_was_quoted_is_ordered_at_its_prices_and_released(walk):
    quotation = desk.sent_quotation(walk.world, of=walk.customer, lines=(("BRG-6204", "10"),))
    page = walk("rep").open(quotation.get_absolute_url()).send("/order/")
    assert page.status == 200, page.text[:900]
    order = SalesOrder.objects.get(quotation=quotation)
    assert [line.price for line in order.lines.all()] == [line.price for line in quotation.lines.all()]
    walk.fill(walk("rep").open(f"{order.get_absolute_url()}edit/"), [], channel="email")
    walk.attach(order)
    assert walk.submit(order).status == 200
    walk.standardise(order)
    walk.approve(order, "support2", "finance", "manager")
    refused(walk, "lead", order, "release", rules=["R1.10"])
    answered_by_link(order)
    assert walk.release(order).status == 200
    assert again(order).state == "released"
    assert walk.stock(walk.bearing) == (60, 10)


def begun_from_the_memo(walk: Walk) -> SalesOrder:
    page = walk("rep").open("/memos/new/")
    page = page.send("/memos/new/", customer=walk.customer.code, caller="王琳", channel="phone", said=SAID)
    memo = Memo.objects.get()
    assert (page.status, memo.said) == (200, SAID)
    page = walk.page("rep", memo).send(f"/{memo.number}/draft/")
    order = SalesOrder.objects.get()
    assert page.url == f"{order.get_absolute_url()}edit/"
    assert order.memo == memo
    assert walk.fill(page, ROWS, klass="special", class_reason="非标轴承座").status == 200
    order = again(order)
    assert (order.state, order.goods_total) == ("draft", Decimal("3786.00"))
    return order


def handed_over(walk: Walk, order: SalesOrder) -> None:
    walk.attach(order)
    assert walk.submit(order).status == 200, walk.page("rep", order).text[:900]
    assert walk.standardise(order).status == 200
    kinds = set(again(order).case.steps.filter(state="open").values_list("kind", flat=True))
    assert kinds >= {"technical", "production", "joint_sales", "joint_production", "joint_technical"}


def confirmed_by_the_makers(walk: Walk, order: SalesOrder) -> None:
    """A yes without the statement or the written promise does not count."""
    refused(walk, "tech", order, "decide", rules=["R2.8"], kind="technical")
    refused(walk, "production", order, "decide", rules=["R2.9"], kind="production")
    refused(walk, "lead", order, "release", rules=["R2.1", "R1.10"])
    walk.confirm_making(order)
    stated, promised = order.lines.get(position=1), again(order).lines.get(position=1)
    assert stated.technical_statements.get().signed_by == walk.world.tech
    assert promised.promises.get().promised_on == order.due_on
    assert not order.lines.get(position=2).promises.exists()  # from stock


def reviewed_by_all_departments(walk: Walk, order: SalesOrder) -> None:
    bound = {"condition_0": "首件送检合格后再批量生产", "condition_role_0": "quality"}
    for kind, who in desk.DEPARTMENTS.items():
        page = walk.decide(again(order), who, kind=kind, **(bound if kind == "joint_technical" else {}))
        assert page.status == 200, page.text[:900]
    walk.approve(order, "support2")
    for kind, who in (("finance", "finance"), ("manager", "manager"), ("general", "gm")):
        if again(order).case.steps.filter(state="open", kind=kind).exists():
            walk.approve(order, who)
    assert again(order).state == "approved"
    assert Condition.objects.get().state == "open"


def released_when_nothing_holds_it(walk: Walk, order: SalesOrder) -> None:
    refused(walk, "lead", order, "release", rules=["R2.4", "R1.10"])
    condition = Condition.objects.get()
    page = walk("quality").open("/approvals/conditions/")
    assert page.send(f"/{condition.pk}/close/", proof="首件检验报告 QC-118").status == 200
    refused(walk, "lead", order, "release", rules=["R1.10"])
    answered_by_link(order)
    assert again(order).confirmed_at is not None
    assert walk.release(order).status == 200
    assert again(order).state == "released"
    made = ProductionOrder.objects.get()
    assert (made.product.code, made.quantity, made.promised_on) == ("RING-SP", 4, order.due_on)
    assert walk.stock(walk.bearing) == (60, 10)


def answered_by_link(order: SalesOrder) -> None:
    """The customer opens the link of the mail and says that it is right."""
    tick()
    letter = next(each for each in mail.outbox if "/confirm/" in each.body and order.number in each.subject)
    page = Visitor().open(re.search(r"/confirm/\S+/", letter.body)[0])
    assert page.status == 200
    page = page.send("/", having={"answer": "right"}, by="王琳")
    assert (page.status, page.has_form("/", answer="right")) == (200, False)


def refused(walk: Walk, who: str, order: SalesOrder, verb: str, *, rules: list[str], kind: str = "") -> Page:
    """The verb before its time: 409 with exactly these rules, and nothing changed."""
    order = again(order)
    posted: dict[str, Any] = {"version": str(order.version)}
    if kind:
        step = order.case.steps.get(round=order.case.round, kind=kind)
        posted = {"step_id": str(step.pk), "digest": order.case.digest, "decision": "approve"}
    before = everything()
    page = walk.force(who, f"{order.get_absolute_url()}{verb}/", **posted)
    assert page.status == 409, page.text[:900]
    assert sorted(set(page.refused_by)) == sorted(rules)
    assert everything() == before
    return page
