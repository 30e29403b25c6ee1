"""R6.1: one half of a shipment's revenue is confirmed while the other is issued; nobody waits in a circle."""

from decimal import Decimal

import pytest

from core import invariants
from invoicing import actions
from invoicing.models import Invoice
from tests.races.harness import failures, run_together
from tests.shipping_world import credit_customer, dispatched_shipment, invoice_request, order_to_ship
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
HALF = 10


@pytest.mark.rule("R6.1", "R6.12")
def test_confirming_and_issuing_at_once_never_lock_each_other_out(transactional_db):
    world = World()
    order = order_to_ship(world, of=credit_customer(world), lines=(("I-1", "20"),), price="10.00")
    shipment = dispatched_shipment(world, order=order)
    asked = [invoice_request(world, shipment, amount=Decimal(10)) for _each in range(HALF)]

    def work(place):
        if place < HALF:
            return actions.issue_invoice(asked[place], actor=world.finance)
        return actions.confirm_revenue(shipment, kind="special", amount=Decimal(10), actor=world.support)

    assert failures(run_together(2 * HALF, work)) == []
    assert Invoice.objects.filter(state="issued").count() == HALF
    assert Invoice.objects.filter(state="requested").count() == HALF
    assert invariants.broken() == {}
