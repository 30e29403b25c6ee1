"""R6.12: twenty invoices of one series issued at once; no gap, none twice, money posted once each."""

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from core import invariants
from core.models import NumberSeries
from core.rules import Blocked
from customers.models import CreditAccount
from invoicing import actions
from invoicing.models import Invoice
from tests.races.harness import failures, run_together
from tests.shipping_world import credit_customer, dispatched_shipment, invoice_request, order_to_ship, receipt
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20


@pytest.fixture
def requested(transactional_db):
    """Twenty requests over one shipment, of ten yuan each."""
    world = World()
    order = order_to_ship(world, of=credit_customer(world), lines=(("I-1", str(TOGETHER)),), price="10.00")
    shipment = dispatched_shipment(world, order=order)
    return world, [invoice_request(world, shipment, amount=Decimal(10)) for _each in range(TOGETHER)]


@pytest.mark.rule("R6.12")
def test_twenty_at_once_leave_no_gap_and_none_twice(requested):
    world, invoices = requested

    results = run_together(
        TOGETHER, lambda place: actions.issue_invoice(invoices[place], actor=world.finance)
    )

    assert failures(results) == []
    year = timezone.localdate().year
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"VS-{year}-{serial:06}" for serial in range(1, TOGETHER + 1)]
    account = CreditAccount.objects.get()
    assert (account.shipped, account.invoiced) == (0, 200)
    assert invariants.broken() == {}


@pytest.mark.rule("R6.7")
def test_twenty_allocations_of_one_receipt_never_pass_it(requested):
    world, invoices = requested
    for invoice in invoices:
        actions.issue_invoice(invoice, actor=world.finance)
    money = receipt(world, "55.00", of=invoices[0].customer)

    results = run_together(
        TOGETHER,
        lambda place: actions.allocate_receipt(
            money, amount=Decimal(10), invoice=Invoice.objects.get(pk=invoices[place].pk), actor=world.finance
        ),
    )

    assert [type(each) for each in failures(results)] == [Blocked] * (TOGETHER - 5)
    assert Invoice.objects.filter(state="paid").count() == 5
    assert invariants.broken() == {}


@pytest.mark.rule("R6.12")
def test_twin_that_counts_the_invoices_gives_one_number_to_many(requested):
    """The guard off: the next number is how many there are, plus one."""
    year = timezone.localdate().year
    all_have_counted = threading.Barrier(TOGETHER)

    def number(place):
        taken = Invoice.objects.exclude(number=None).count()
        connection.close()
        all_have_counted.wait(60)
        return f"VS-{year}-{taken + 1:06}"

    numbers = run_together(TOGETHER, number)

    assert failures(numbers) == []
    assert len(set(numbers)) < TOGETHER
    assert not NumberSeries.objects.filter(name="invoice_special").exists()
