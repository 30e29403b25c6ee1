"""The confirmation goes out by itself with a link; its answer opens or holds the release (R1.8, R1.10)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.models import Event, OutboxMessage
from core.rules import Blocked
from orders import actions
from orders.models import OrderConfirmation
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def rules(refusal):
    return sorted({reason.rule for reason in refusal.value.reasons})


@pytest.mark.rule("R1.8", "R1.10")
def test_at_its_approval_the_customer_gets_a_link_and_confirms_without_an_account(world):
    order = desk.approved_order(world)
    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert rules(refusal) == ["R1.10"]
    link, client = desk.link_of(order), Client()
    secret = link.split("/")[2]

    page = client.get(link)
    assert page.status_code == 200
    assert "186.00" in page.content.decode()
    assert client.post(link, {"answer": "wrong", "by": "王琳"}).status_code == 422
    assert client.post(link, {"answer": "right", "by": "王琳"}).status_code == 302
    client.post(link, {"answer": "wrong", "by": "别人", "words": "不对"})  # the first answer counts (I11)

    sent = OrderConfirmation.objects.get()
    assert (sent.state, sent.answered_by, sent.recorded_by) == ("confirmed", "王琳", None)
    assert not Event.objects.filter(source__contains=secret).exists()
    assert not any(secret in str(each.facts) for each in Event.objects.all())
    assert actions.release_order(order, actor=world.lead).state == "released"


@pytest.mark.rule("R1.10")
def test_not_right_holds_the_release_until_support_settles_it(world):
    order = desk.approved_order(world, of=desk.customer(world, "C-A", klass="A"))
    Client().post(desk.link_of(order), {"answer": "wrong", "by": "王琳", "words": "交期不对"})
    order = desk.again(order)

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert "交期不对" in str(refusal.value)
    assert order.comments.get().text == "王琳: 交期不对"

    desk.confirm_back(world, order, mark="call")
    assert actions.release_order(order, actor=world.lead).state == "released"


@pytest.mark.rule("R1.10")
def test_class_a_goes_on_and_stays_outstanding(world):
    order = desk.approved_order(world, of=desk.customer(world, "C-A", klass="A"))

    order = actions.release_order(order, actor=world.lead)

    assert list(type(order).objects.outstanding()) == [order]
    desk.confirm_back(world, order)
    assert not type(order).objects.outstanding().exists()


@pytest.mark.rule("R1.8", "R1.10")
def test_links_that_open_nothing_answer_alike(world):
    order = desk.approved_order(world)
    old = desk.link_of(order)
    actions.send_confirmation(order, language="en", to="a@b.example", actor=world.support)
    client = Client()
    bodies = {client.get(each).content for each in (old, "/confirm/unknown/")}
    assert len({re.sub(rb'(value|content)="[^"]*"', b"", each) for each in bodies}) == 1
    assert client.post(old, {"answer": "right", "by": "x"}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert client.get(desk.link_of(order, 2)).status_code == 404
    assert desk.again(order).confirmed_at is None
