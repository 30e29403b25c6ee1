"""R2.6, I4: orders approved at once against one credit limit; no more pass than it covers."""

import threading

import pytest
from django.db import connection

from core import invariants
from customers.models import CreditAccount
from orders import actions
from orders.models import SalesOrder
from tests import orders_world as desk
from tests.races.harness import failures, run_together, successes
from tests.shipping_world import credit_customer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20
EACH = 100
LIMIT = 1000  # covers ten


@pytest.fixture
def waiting(transactional_db):
    """Twenty orders of one customer, each routed while nothing was open, waiting for the manager alone."""
    world = World()
    buyer = credit_customer(world, LIMIT)
    desk.product(world, "R-1", price=str(EACH), stock=1000)
    orders = []
    for place in range(TOGETHER):
        order = desk.order_in_review(
            world, of=buyer, lines=(("R-1", "1"),), customer_order_number=f"PO-{place}"
        )
        for who in ("support2", "finance"):
            desk.decide(world, order, who)
        orders.append(desk.again(order))
    return world, buyer, orders


def say_yes(world, order):
    step = order.case.steps.get(kind="manager", state="open")
    return actions.decide_order(
        order, step_id=step.pk, approve=True, digest=order.case.digest, actor=world.manager
    )


@pytest.mark.rule("R2.6")
def test_no_more_are_approved_than_the_limit_covers(waiting):
    world, buyer, orders = waiting

    results = run_together(TOGETHER, lambda place: say_yes(world, orders[place]))

    assert failures(results) == []
    states = sorted(SalesOrder.objects.values_list("state", flat=True))
    assert states == ["approved"] * 10 + ["in_review"] * 10
    assert CreditAccount.objects.get(pk=buyer.pk).total_exposure == LIMIT
    for order in SalesOrder.objects.filter(state="in_review"):
        assert list(order.case.steps.filter(state="open").values_list("kind", flat=True)) == ["general"]
    assert invariants.broken() == {}


@pytest.mark.rule("R2.6")
def test_twin_that_weighs_before_the_lock_passes_the_limit(waiting, monkeypatch):
    """The guard off: what covers an order is asked while none has posted, and believed afterwards."""
    world, buyer, orders = waiting
    all_have_read = threading.Barrier(TOGETHER)
    believed = threading.local()
    monkeypatch.setattr("orders.actions.review.cover_of", lambda *_asked: believed.cover)
    monkeypatch.setattr("orders.gates.money.cover_of", lambda *_asked: believed.cover)

    def approve(place):
        exposure = CreditAccount.objects.get(pk=buyer.pk).total_exposure
        connection.close()  # a reader's transaction must not hold SQLite's write lock
        believed.cover = f"R2.6 ≤ {LIMIT}" if exposure + EACH <= LIMIT else ""
        all_have_read.wait(60)
        return say_yes(world, orders[place])

    assert len(successes(run_together(TOGETHER, approve))) == TOGETHER

    assert CreditAccount.objects.get(pk=buyer.pk).total_exposure == TOGETHER * EACH
    assert len(invariants.broken(("I4",))) == 1
