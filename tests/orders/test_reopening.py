"""An approved order is opened again: the money freed, the link dead, the untouched yeses kept (R2.11)."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Notice
from core import invariants
from core.models import Event
from core.rules import Blocked
from orders import actions
from orders.models import SalesOrder
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.11")]
KEY = {"form_key": "7d3a2f0e-5d0e-4f5e-9a9b-0c1f0a8d9f02"}


@pytest.fixture
def disputed(world):
    desk.product(world, stock=100)
    order = desk.approved_order(world)
    Client().post(desk.link_of(order), {"answer": "wrong", "by": "王琳", "words": "单价应为 17.50"})
    return desk.again(order)


def ordered(order):
    return type(order.customer.credit).objects.get(pk=order.customer.credit.pk).ordered


@pytest.mark.rule("R1.10", "R2.6")
def test_the_customers_words_lead_to_a_changed_order_and_only_the_touched_steps_decide_again(world, disputed):
    assert Notice.objects.filter(person=world.rep, kind="confirmation_disputed").exists()
    rep = world.client("rep")
    page = rep.get(disputed.get_absolute_url()).content.decode()
    assert "单价应为 17.50" in page
    assert 'id="reopen-order"' in page
    was = ordered(disputed)

    order = actions.reopen_order(disputed, reason="客户要求改价", actor=world.rep)

    assert (order.state, order.confirmed_at) == ("refused", None)
    assert was - ordered(order) == order.grand_total
    assert Client().get(desk.link_of(order)).status_code == 404
    assert order.lines.get().promised_on is None
    assert Notice.objects.filter(person=world.support, kind="order_reopened").exists()
    assert Event.objects.get(verb="order.reopened").reason == "客户要求改价"
    assert "单价应为 17.50" in rep.get(order.get_absolute_url()).content.decode()

    actions.save_line(order, line_id=order.lines.get().pk, price=Decimal("17.50"), actor=world.rep)
    order = actions.submit_order(order, actor=world.rep)
    assert (order.state, order.case.round) == ("in_review", 2)
    kept = {each.kind: each.carried_from_id is not None for each in order.case.steps.filter(round=2)}
    assert kept["manager"] is False
    for who, kind in (("support2", "support"), ("finance", "finance"), ("manager", "manager")):
        if order.case.steps.filter(round=2, kind=kind, state="open").exists():
            desk.decide(world, order, who)

    order = desk.again(order)
    assert order.state == "approved"
    assert order.confirmations.order_by("-issue").first().issue == 2
    assert ordered(order) == order.grand_total
    assert order.lines.get().promised_on is not None
    assert invariants.broken() == {}


def test_opened_and_submitted_unchanged_every_yes_counts_on(world):
    order = actions.reopen_order(desk.approved_order(world), reason="看错了", actor=world.support)

    order = actions.submit_order(order, actor=world.rep)

    assert (order.state, order.case.round) == ("approved", 2)
    assert desk.again(order).confirmations.count() == 2


@pytest.mark.rule("R1.8", "R1.10")
def test_approved_again_without_an_address_it_waits_for_support_to_confirm_it(world):
    """The older one was replaced; nothing went out in its place by itself."""
    order = desk.confirm_back(world, desk.approved_order(world, of=desk.customer(world, email="")))
    assert order not in SalesOrder.objects.to_confirm()
    actions.reopen_order(order, reason="看错了", actor=world.support)
    order = desk.again(actions.submit_order(order, actor=world.rep))

    assert order.state == "approved"
    assert list(SalesOrder.objects.to_confirm()) == [order]
    assert order.number in world.client("support").get("/support/?queue=confirm").content.decode()
    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert "尚未向客户发送订单确认书。" in [str(each.text) for each in refusal.value.reasons]


def test_it_is_refused_without_a_reason_to_strangers_and_after_the_release(world):
    order = desk.confirmed_order(world)
    for reason, actor in (("  ", world.rep), ("x", world.finance)):
        with pytest.raises(Blocked):
            actions.reopen_order(order, reason=reason, actor=actor)
    assert desk.again(order).state == "approved"
    assert order.confirmations.get().state == "confirmed"

    released = actions.release_order(order, actor=world.lead)
    with pytest.raises(Blocked) as refusal:
        actions.reopen_order(released, reason="x", actor=world.rep)
    assert [each.key for each in refusal.value.reasons] == ["state"]
    assert desk.again(order).state == "released"
    assert not Event.objects.filter(verb="order.reopened").exists()


def test_the_page_opens_it_and_asks_why(world, disputed):
    support, rep2 = world.client("support"), world.client("rep2")
    page = f"{disputed.get_absolute_url()}reopen/"
    assert rep2.post(page, KEY | {"reason": "x"}).status_code == 404
    assert support.post(page, KEY | {"reason": ""}).status_code == 422
    assert desk.again(disputed).state == "approved"

    assert support.post(page, KEY | {"reason": "改价"}).status_code == 302

    assert desk.again(disputed).state == "refused"
    assert Notice.objects.filter(person=world.rep, kind="order_reopened").exists()
