"""Revenue: who confirms it, how much of it, for whom (R6.1, R6.2, R6.6)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import invariants
from core.models import Event
from core.rules import Blocked
from invoicing import actions
from invoicing.models import Invoice
from logistics.models import Shipment
from tests.orders_world import product
from tests.shipping_world import (
    again,
    dispatched_shipment,
    invoice_request,
    issued_invoice,
    order_to_ship,
    packed_shipment,
)

pytestmark = pytest.mark.django_db


def refused(shipment, actor, **how):
    """Try to confirm; the reasons, and that nothing changed."""
    before = again(shipment).confirmed_value, Invoice.objects.count(), Event.objects.count()
    with pytest.raises(Blocked) as refusal:
        actions.confirm_revenue(shipment, kind="special", actor=actor, **how)
    assert (again(shipment).confirmed_value, Invoice.objects.count(), Event.objects.count()) == before
    return refusal.value.reasons


@pytest.mark.rule("R6.1")
def test_business_support_confirms_at_order_prices_with_the_tax_out_of_the_lines(world):
    shipment = dispatched_shipment(world)
    invoice = actions.confirm_revenue(shipment, kind="special", actor=world.support)
    assert (invoice.state, invoice.amount) == ("requested", shipment.billable)
    line = invoice.lines.get()
    assert (line.quantity, line.total) == (10, shipment.billable)
    assert line.tax == Decimal("21.40")  # 186.00 with 13 % in it
    assert invoice.tax == line.tax
    assert again(shipment).confirmed_value == shipment.billable


@pytest.mark.rule("R6.1")
def test_the_rep_does_not_confirm_and_nothing_is_confirmed_before_it_left(world):
    shipment = packed_shipment(world)
    assert {each.rule for each in refused(shipment, world.rep)} == {"R6.1", "R10.2"}


@pytest.mark.rule("R6.2")
def test_parts_are_confirmed_up_to_the_goods_value_and_not_a_cent_more(world):
    shipment = dispatched_shipment(world)
    actions.confirm_revenue(shipment, kind="special", amount=Decimal("100.01"), actor=world.support)
    reasons = refused(shipment, world.support, amount=Decimal("86.00"))
    assert [each.rule for each in reasons] == ["R6.2"]
    said = reasons[0].facts
    assert (said["value"], said["confirmed"], said["left"]) == ("186.00", "100.01", "85.99")
    actions.confirm_revenue(shipment, kind="ordinary", amount=Decimal("85.99"), actor=world.support)
    assert [each.rule for each in refused(shipment, world.support)] == ["R6.2"]
    assert invariants.broken() == {}


@pytest.mark.rule("R6.2")
@pytest.mark.parametrize("amount", ["0", "-1"])
def test_nothing_and_less_than_nothing_is_no_revenue(world, amount):
    shipment = dispatched_shipment(world)
    reasons = refused(shipment, world.support, amount=Decimal(amount))
    assert [each.rule for each in reasons] == ["R6.2"]


@pytest.mark.rule("R6.2")
def test_a_part_is_spread_over_the_lines_and_the_last_takes_the_rounding(world):
    lines = (("A-1", "1"), ("A-2", "1"), ("A-3", "1"))
    order = order_to_ship(world, lines=lines, price="10.00", freight=Decimal("0"))
    invoice = invoice_request(world, dispatched_shipment(world, order=order), amount=Decimal("10.00"))
    assert [line.total for line in invoice.lines.order_by("pk")] == [
        Decimal("3.33"),
        Decimal("3.33"),
        Decimal("3.34"),
    ]


@pytest.mark.rule("R6.2")
def test_what_is_free_is_not_billed_though_it_stands_last(world):
    product(world, "A-0", price="0.00", stock=1)
    mixed = order_to_ship(
        world, lines=(("A-1", "1"), ("A-2", "1"), ("A-3", "1"), ("A-0", "1")), price="10.00"
    )
    invoice = invoice_request(world, dispatched_shipment(world, order=mixed), amount=Decimal("10.00"))
    assert [line.total for line in invoice.lines.order_by("pk")] == [
        Decimal("3.33"),
        Decimal("3.33"),
        Decimal("3.34"),
    ]


@pytest.mark.rule("R6.2", "R6.7")
def test_revenue_is_confirmed_in_whole_minor_units(world):
    shipment = dispatched_shipment(world)
    reasons = refused(shipment, world.support, amount=Decimal("10.005"))
    assert [each.rule for each in reasons] == ["R6.7"]


@pytest.mark.rule("R6.2")
def test_the_database_itself_holds_revenue_within_the_goods_value(world):
    shipment = dispatched_shipment(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.filter(pk=shipment.pk).update(confirmed_value=shipment.billable + 1)


@pytest.mark.rule("R6.6")
def test_an_invoice_to_somebody_else_is_refused_without_evidence(world):
    shipment = dispatched_shipment(world)
    reasons = refused(shipment, world.support, buyer_name="别家公司")
    assert [each.rule for each in reasons] == ["R6.6"]
    assert "别家公司" in reasons[0].sentence


@pytest.mark.rule("R6.1")
def test_a_withdrawn_request_frees_its_value(world):
    invoice = invoice_request(world)
    actions.withdraw_request(invoice, actor=world.support)
    assert again(invoice.shipment).confirmed_value == 0
    assert invoice_request(world, invoice.shipment).amount == invoice.amount


@pytest.mark.rule("R6.1")
def test_an_issued_invoice_is_not_withdrawn(world):
    invoice = issued_invoice(world)
    with pytest.raises(Blocked):
        actions.withdraw_request(invoice, actor=world.support)
    assert Invoice.objects.get(pk=invoice.pk).state == "issued"
