"""Pick, pack, dispatch, deliver: paper, mail, and what each step refuses (R5.9, R5.11, R5.13)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core.documents import render_document
from core.models import Event
from core.outbox import deliver_due
from core.rules import Blocked, Stale
from inventory.models import Stock
from logistics import actions
from tests.shipping_world import (
    again,
    carrier,
    credit_customer,
    delivered_shipment,
    dispatch,
    dispatched_shipment,
    order_to_ship,
    packed_shipment,
    released_shipment,
    signed_receipt,
    signed_shipment,
)

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R5.9")
def test_no_step_can_be_skipped(world):
    shipment = signed_shipment(world)
    for step in (
        lambda: actions.pick_shipment(shipment, actor=world.warehouse),
        lambda: actions.pack_shipment(shipment, packages=1, actor=world.warehouse),
        lambda: dispatch(world, shipment),
    ):
        with pytest.raises(Blocked) as refusal:
            step()
        assert {reason.rule for reason in refusal.value.reasons} <= {"R5.9", "R5.11"}
    assert again(shipment).state == "requested"
    assert Stock.objects.get(product__code="BRG-6204").on_hand == 100_000


@pytest.mark.rule("R5.9")
def test_packing_counts_the_packages(world):
    shipment = actions.pick_shipment(released_shipment(world), actor=world.warehouse)
    with pytest.raises(Blocked):
        actions.pack_shipment(shipment, packages=0, actor=world.warehouse)
    assert again(shipment).state == "picked"


@pytest.mark.rule("R5.11")
def test_dispatch_needs_carrier_waybill_and_arrival(world):
    shipment = packed_shipment(world)
    with pytest.raises(Blocked) as refusal:
        actions.dispatch_shipment(
            shipment, carrier=carrier(), waybill="", expected_on=timezone.localdate(), actor=world.warehouse
        )
    assert [reason.rule for reason in refusal.value.reasons] == ["R5.11"]
    assert again(shipment).delivery_note_number is None
    assert not Event.objects.filter(verb="shipment.dispatched").exists()


@pytest.mark.rule("R5.11", "R5.17")
def test_dispatch_writes_the_delivery_note_and_tells_the_customer(world):
    first = dispatched_shipment(world)
    second = dispatched_shipment(world, of=first.order.customer)
    serials = [int(each.delivery_note_number[-4:]) for each in (first, second)]
    assert serials == [1, 2]
    deliver_due()
    notices = [each for each in mail.outbox if "SF1234567890" in each.body]
    assert [each.to for each in notices] == [["buyer@customer.example"]] * 2
    told = notices[0].body
    expected = (timezone.localdate() + timedelta(days=2)).isoformat()
    for fact in ("SF1234567890", "顺丰速运", expected, first.delivery_note_number, first.order.number):
        assert fact in told
    assert [name for name, _content, _kind in notices[0].attachments] == [first.delivery_note.file_name]


@pytest.mark.rule("R5.11")
def test_the_delivery_note_prints_what_leaves(world):
    shipment = dispatched_shipment(world)
    context = render_document(shipment.delivery_note_id).context
    assert context["lines"][0]["code"] == "BRG-6204"
    assert context["ship_to"] == shipment.ship_to
    assert context["waybill"] == "SF1234567890"


@pytest.mark.rule("R5.13")
def test_delivered_needs_the_signed_receipt(world):
    shipment = dispatched_shipment(world)
    with pytest.raises(Blocked) as refusal:
        actions.deliver_shipment(shipment, received_by="王琳", actor=world.warehouse)
    assert [reason.rule for reason in refusal.value.reasons] == ["R5.13"]
    assert again(shipment).state == "dispatched"
    done = actions.deliver_shipment(
        shipment, received_by="王琳", receipt=signed_receipt(world), actor=world.warehouse
    )
    assert (done.state, done.received_by) == ("delivered", "王琳")


@pytest.mark.rule("R5.13")
def test_the_customers_own_click_takes_the_receipts_place(world):
    shipment = dispatched_shipment(world)
    shipment.order.customer.portal_users.add(world.customer)
    assert actions.deliver_shipment(shipment, actor=world.customer).state == "delivered"


@pytest.mark.rule("R5.13")
def test_another_customers_click_does_not(world):
    shipment = dispatched_shipment(world)
    credit_customer(world, code="C-OTHER").portal_users.add(world.customer)
    with pytest.raises(Blocked):
        actions.deliver_shipment(shipment, actor=world.customer)
    assert again(shipment).state == "dispatched"


@pytest.mark.rule("R2.13")
def test_the_second_of_two_pickers_is_told(world):
    shipment = released_shipment(world)
    actions.pick_shipment(shipment, actor=world.warehouse, version=shipment.version)
    with pytest.raises(Stale):
        actions.pick_shipment(shipment, actor=world.warehouse, version=shipment.version)
    assert Event.objects.filter(verb="shipment.picked").count() == 1


@pytest.mark.rule("R5.14")
def test_parts_leave_one_after_the_other_and_close_the_line(world):
    order = order_to_ship(world)
    first = dispatched_shipment(world, order=order, quantities={1: 4})
    line = order.lines.get()
    assert (line.shipped, line.open_quantity) == (4, 6)
    dispatched_shipment(world, order=order, quantities={1: 6})
    line = order.lines.get()
    assert (line.shipped, line.open_quantity) == (10, 0)
    assert first.goods_value == 4 * line.price


@pytest.mark.rule("R5.9")
def test_a_released_shipment_that_is_cancelled_frees_its_credit(world):
    shipment = released_shipment(world)
    account = type(shipment.order.customer.credit).objects
    assert account.get(pk=shipment.order.customer_id).released == shipment.billable
    actions.cancel_shipment(shipment, reason="Customer waits", actor=world.support)
    assert account.get(pk=shipment.order.customer_id).released == 0


@pytest.mark.rule("R5.9")
def test_a_delivered_shipment_is_at_its_end(world):
    shipment = delivered_shipment(world)
    with pytest.raises(Blocked):
        actions.deliver_shipment(shipment, receipt=signed_receipt(world), actor=world.warehouse)
