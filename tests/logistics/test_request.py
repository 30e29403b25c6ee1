"""Asking for a shipment: no more than is open, finished and unclaimed (R5.1, R5.14)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.queries import system_user
from core.models import Event
from core.rules import Blocked
from customers.actions import block_customer
from logistics import actions
from logistics.models import Shipment
from tests.orders_world import approved_order, product
from tests.shipping_world import (
    again,
    credit_customer,
    dispatched_shipment,
    order_to_ship,
    requested_shipment,
    sign,
)

pytestmark = pytest.mark.django_db


def rules(refusal):
    return sorted({reason.rule for reason in refusal.value.reasons})


def ask(world, order, quantity, who="rep"):
    line = order.lines.get(position=1)
    return actions.request_shipment(
        order,
        quantities={line.pk: Decimal(quantity)},
        wanted_on=timezone.localdate(),
        actor=world.people[who],
    )


def nothing_was_asked():
    return not Shipment.objects.exists() and not Event.objects.filter(verb="shipment.requested").exists()


@pytest.mark.rule("R5.14")
def test_more_than_open_is_refused_with_the_figures(world):
    order = order_to_ship(world)
    with pytest.raises(Blocked) as refusal:
        ask(world, order, 11)
    assert rules(refusal) == ["R4.4", "R5.14"]
    said = next(each for each in refusal.value.reasons if each.rule == "R5.14")
    assert (said.facts["asked"], said.facts["open"], said.facts["free"]) == ("11", "10", "10")
    assert nothing_was_asked()


@pytest.mark.rule("R5.14")
def test_what_another_pending_shipment_claims_is_not_free(world):
    order = order_to_ship(world)
    ask(world, order, 7)
    with pytest.raises(Blocked) as refusal:
        ask(world, order, 4)
    said = next(each for each in refusal.value.reasons if each.rule == "R5.14")
    assert (said.facts["open"], said.facts["claimed"], said.facts["free"]) == ("10", "7", "3")
    assert Shipment.objects.count() == 1


@pytest.mark.rule("R5.14")
def test_an_order_ships_in_parts_whose_values_make_up_its_total(world):
    order = order_to_ship(world, lines=(("BRG-7", "3"),), price="3.333")
    first = ask(world, order, 1)
    second = ask(world, order, 1)
    third = ask(world, order, 1)
    total = order.lines.get().total
    assert first.goods_value + second.goods_value + third.goods_value == total
    assert third.goods_value == total - first.goods_value - second.goods_value


@pytest.mark.rule("R4.4")
def test_what_is_not_finished_cannot_be_asked_for(world):
    product(world, "MADE-1", stock=0)
    order = order_to_ship(world, lines=(("MADE-1", "5"),), stock=0)
    with pytest.raises(Blocked) as refusal:
        ask(world, order, 1)
    assert rules(refusal) == ["R4.4"]
    assert nothing_was_asked()


@pytest.mark.rule("R5.1")
def test_nothing_asked_and_halves_of_pieces_are_refused(world):
    order = order_to_ship(world)
    with pytest.raises(Blocked) as refusal:
        actions.request_shipment(order, quantities={}, wanted_on=timezone.localdate(), actor=world.rep)
    assert rules(refusal) == ["R5.1"]
    with pytest.raises(Blocked) as refusal:
        ask(world, order, "0.5")
    assert rules(refusal) == ["R5.1"]
    assert nothing_was_asked()


@pytest.mark.rule("R5.1")
def test_an_order_that_is_not_released_ships_nothing(world):
    order = approved_order(world, of=credit_customer(world))
    with pytest.raises(Blocked) as refusal:
        ask(world, order, 1)
    assert "R5.1" in rules(refusal)
    assert nothing_was_asked()


def test_finance_may_not_ask_for_shipments(world):
    order = order_to_ship(world)
    with pytest.raises(Blocked) as refusal:
        ask(world, order, 1, who="finance")
    assert rules(refusal) == ["R10.2"]
    assert nothing_was_asked()


@pytest.mark.rule("R2.11")
def test_a_refused_shipment_is_mended_and_asked_for_again(world):
    shipment = requested_shipment(world)
    first = sign(world, shipment, "finance", approve=False, reason="Waybill address is old")
    assert (first.state, first.case.state) == ("refused", "refused")
    line = first.lines.get()
    second = actions.request_again(first, quantities={line.order_line_id: Decimal(4)}, actor=world.rep)
    assert (second.state, second.case.round) == ("requested", 2)
    assert second.lines.get().quantity == 4
    told = Event.objects.filter(thread=second.order.thread, subject=second.number).order_by("seq")
    assert [each.verb for each in told] == [
        "shipment.requested",
        "step.finance_refused",
        "shipment.refused",
        "shipment.requested_again",
    ]


@pytest.mark.rule("R5.9")
def test_a_cancelled_shipment_claims_nothing_more(world):
    shipment = requested_shipment(world)
    actions.cancel_shipment(shipment, reason="Customer waits", actor=world.support)
    again_asked = requested_shipment(world, order=shipment.order)
    assert again_asked.lines.get().quantity == 10
    assert again(shipment).case.state == "withdrawn"


@pytest.mark.rule("R5.9")
def test_what_has_left_cannot_be_cancelled(world):
    shipment = dispatched_shipment(world)
    with pytest.raises(Blocked):
        actions.cancel_shipment(shipment, reason="Too late", actor=world.support)
    assert again(shipment).state == "dispatched"


@pytest.mark.rule("R5.6")
def test_a_blocked_customers_shipment_goes_to_the_general_manager(world):
    order = order_to_ship(world)
    block_customer(order.customer, reason="Dispute", actor=system_user())
    shipment = requested_shipment(world, order=order)
    assert shipment.release_case == "R5.6"
    assert set(shipment.case.steps.values_list("kind", flat=True)) == {
        "finance",
        "support",
        "manager",
        "head",
        "general",
    }


@pytest.mark.rule("R5.6")
def test_leaving_long_before_the_contract_goes_to_the_general_manager(world):
    order = order_to_ship(world)
    order.lines.update(due_on=timezone.localdate() + timedelta(days=31))
    assert requested_shipment(world, order=order).release_case == "R5.6"
