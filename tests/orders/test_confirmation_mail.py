"""The confirmation's mail: signed by the house, its secret in no row, noted when it left (R1.8, R1.10)."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.utils import timezone

from accounts.models import Notice
from core.models import Event, OutboxMessage
from core.outbox import deliver_due
from orders import actions
from orders.actions.confirmation_mail import tell_stuck
from orders.models import OrderConfirmation
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def rows_that_hold(text):
    """Every row of every table in which some column holds the text."""
    return [
        f"{model._meta.label}.{field.attname}"
        for model in apps.get_models()
        for row in model._base_manager.all()
        for field in model._meta.concrete_fields
        if text in str(getattr(row, field.attname))
    ]


@pytest.mark.rule("R1.8", "R1.10")
def test_the_secret_is_in_the_mail_and_in_no_row(world):
    order = desk.approved_order(world)
    secret = desk.link_of(order).split("/")[2]
    assert rows_that_hold(order.number)
    assert rows_that_hold(secret) == []

    deliver_due()

    assert rows_that_hold(secret) == []
    sent = next(each for each in mail.outbox if secret in each.body)
    assert sent.to == ["buyer@customer.example"]
    assert sent.reply_to == [order.owner.email]
    for said in ("王琳", "订单通示范贸易有限公司", str(order.owner)):
        assert said in sent.body
    assert sent.attachments
    assert OrderConfirmation.objects.get().left_at is not None


@pytest.mark.rule("R1.8")
def test_delivered_again_it_left_once_and_keeps_its_number(world):
    order = desk.approved_order(world)
    deliver_due()
    left = OrderConfirmation.objects.get().left_at
    OutboxMessage.objects.filter(kind="confirmation").update(state="waiting")

    deliver_due()

    assert OrderConfirmation.objects.get().left_at == left
    first, second = (each for each in mail.outbox if desk.link_of(order) in each.body)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


@pytest.mark.rule("R1.8")
def test_one_that_was_replaced_before_it_left_does_not_go_out(world):
    order = desk.approved_order(world)
    actions.send_confirmation(order, language="en", to="a@b.example", actor=world.support)

    deliver_due()

    assert not any(desk.link_of(order, 1) in each.body for each in mail.outbox)
    assert [each.left_at is not None for each in order.confirmations.order_by("issue")] == [False, True]


@pytest.mark.rule("R1.8")
def test_a_mail_that_cannot_be_delivered_is_told_to_support_once(world):
    desk.approved_order(world)
    assert tell_stuck(as_of=timezone.now()) == 0
    OutboxMessage.objects.filter(kind="confirmation").update(state="parked", last_error="550 no such user")

    assert tell_stuck(as_of=timezone.now()) == 1
    assert tell_stuck(as_of=timezone.now()) == 0

    notice = Notice.objects.get(person=world.support, kind="confirmation_stuck")
    assert notice.facts["to"] == "buyer@customer.example"
    assert Event.objects.get(verb="order.confirmation_stuck").facts["error"] == "550 no such user"
    assert actions.slip_promises(as_of=timezone.now() + timedelta(days=9)) == 0
