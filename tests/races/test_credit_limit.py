"""R5.7: twenty releases against one credit limit; no more of them pass than it covers."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from core import invariants
from core.rules import Blocked
from customers.models import CreditAccount, CreditEntry
from logistics import actions
from logistics.models import Shipment
from tests.races.harness import failures, run_together, successes
from tests.shipping_world import credit_customer, order_to_ship, requested_shipment, sign
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20
VALUE = 100
LIMIT = 1000  # covers ten; the manager's signature covers a fifth more: twelve


@pytest.fixture
def signed(transactional_db):
    """Twenty shipments of one customer, each signed by everybody while nothing was released."""
    world = World()
    buyer = credit_customer(world, LIMIT)
    order = order_to_ship(world, of=buyer, lines=(("R-1", str(TOGETHER)),), price=str(VALUE))
    shipments = [requested_shipment(world, order=order, quantities={1: 1}) for _each in range(TOGETHER)]
    for shipment in shipments:
        for kind in ("finance", "support", "manager", "head"):
            sign(world, shipment, kind)
    return world, buyer, shipments


@pytest.mark.rule("R5.7")
def test_no_more_pass_than_the_sign_offs_cover(signed):
    world, buyer, shipments = signed

    results = run_together(
        TOGETHER, lambda place: actions.release_shipment(shipments[place], actor=world.support)
    )

    assert {type(each) for each in failures(results)} == {Blocked}
    assert {reason.rule for each in failures(results) for reason in each.reasons} == {"R5.7"}
    assert len(successes(results)) == 12
    account = CreditAccount.objects.get(pk=buyer.pk)
    assert (account.released, account.exposure) == (1200, 1200)
    assert Shipment.objects.filter(state="released").count() == 12
    assert invariants.broken() == {}


@pytest.mark.rule("R5.7")
def test_twin_that_reads_before_the_lock_passes_the_limit(signed):
    """The guard off: each reads the exposure while none has written, then posts what it decided."""
    _world, buyer, _shipments = signed
    covered = Decimal(LIMIT) * Decimal("1.2")
    all_have_read = threading.Barrier(TOGETHER)

    def release(place):
        exposure = CreditAccount.objects.get(pk=buyer.pk).exposure
        connection.close()  # a reader's transaction must not hold SQLite's write lock
        all_have_read.wait(60)
        if exposure + VALUE > covered:
            return False
        with transaction.atomic():
            account = CreditAccount.objects.select_for_update().get(pk=buyer.pk)
            account.released += VALUE
            account.save(update_fields=["released"])
        return True

    passed = [each for each in run_together(TOGETHER, release) if each is True]

    assert len(passed) == TOGETHER
    assert CreditAccount.objects.get(pk=buyer.pk).exposure > covered


@pytest.mark.rule("R5.7")
def test_each_posting_has_its_own_place_in_the_ledger(signed):
    world, buyer, shipments = signed
    run_together(6, lambda place: actions.release_shipment(shipments[place], actor=world.support))
    entries = CreditEntry.objects.filter(account=buyer.pk).order_by("seq")
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.exposure for entry in entries if entry.released] == [100 * n for n in range(1, 7)]
