"""A version is offered until the next one is sent; an order that came to nothing gives it back (R1.14)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core import invariants
from core.models import Event, OutboxMessage
from core.rules import Blocked
from orders import actions
from orders.models import Quotation, SalesOrder
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.14")]


def again(quotation):
    return Quotation.objects.get(pk=quotation.pk)


def refused(refusal):
    return [reason.key for reason in refusal.value.reasons]


def test_the_older_version_is_offered_until_the_next_is_sent(world):
    old = desk.sent_quotation(world)
    new = actions.revise_quotation(old, actor=world.rep)
    actions.lose_quotation(new, reason="看错了", actor=world.rep)
    assert again(old).state == "sent"
    third = actions.revise_quotation(again(old), actor=world.rep)
    assert third.issue == 3

    actions.send_quotation(third, to="a@b.example", language="en", actor=world.rep)

    assert [again(each).state for each in (old, new, third)] == ["replaced", "lost", "sent"]
    with pytest.raises(Blocked):
        actions.order_quotation(old, actor=world.rep)
    assert invariants.broken() == {}


def test_ordered_by_the_older_version_the_next_is_not_sent(world):
    old = desk.sent_quotation(world)
    new = actions.revise_quotation(old, actor=world.rep)
    order = actions.order_quotation(again(old), actor=world.rep)

    with pytest.raises(Blocked) as refusal:
        actions.send_quotation(new, to="a@b.example", language="en", actor=world.rep)

    assert refused(refusal) == ["no_version_is_ordered"]
    assert (again(new).state, again(old).state) == ("draft", "ordered")
    assert order.quotation == old


def test_an_order_cancelled_before_its_approval_gives_the_quotation_back(world):
    quotation = desk.sent_quotation(world)
    order = actions.order_quotation(quotation, actor=world.rep)

    actions.cancel_order(order, reason="点错了", actor=world.rep)

    assert again(quotation).state == "sent"
    assert Event.objects.get(verb="quotation.given_back").facts["order"] == order.number
    second = actions.order_quotation(again(quotation), actor=world.rep)
    assert second.number != order.number
    assert actions.order_quotation(again(quotation), actor=world.rep).number == second.number
    assert invariants.broken() == {}


def test_an_order_cancelled_after_its_approval_keeps_it_ordered(world):
    quotation = desk.sent_quotation(world)
    order = actions.order_quotation(quotation, actor=world.rep)
    SalesOrder.objects.filter(pk=order.pk).update(approved_at=timezone.now())

    actions.cancel_order(order, reason="客户取消", actor=world.rep)

    assert again(quotation).state == "ordered"
    assert not Event.objects.filter(verb="quotation.given_back").exists()


def test_sent_to_a_wrong_address_it_goes_once_more(world):
    quotation = desk.sent_quotation(world)

    actions.send_quotation_again(quotation, to="right@customer.example", actor=world.rep)

    assert again(quotation).sent_to == "right@customer.example"
    mails = OutboxMessage.objects.filter(kind="mail", key__startswith="mail:quotation:")
    assert sorted(each.payload["to"] for each in mails) == [
        "buyer@customer.example",
        "right@customer.example",
    ]
    with time_machine.travel(timezone.now() + timedelta(days=90)), pytest.raises(Blocked):
        actions.send_quotation_again(quotation, to="late@customer.example", actor=world.rep)
    assert again(quotation).sent_to == "right@customer.example"


def test_a_quantity_out_of_step_is_not_sent(world):
    quotation = desk.draft_quotation(world, lines=(("BRG-6204", "7.5"),))

    with pytest.raises(Blocked) as refusal:
        actions.send_quotation(quotation, to="a@b.example", language="en", actor=world.rep)

    assert refused(refusal) == ["quoted_lines_are_complete"]
    assert again(quotation).state == "draft"
