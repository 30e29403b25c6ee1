"""R2.11, R2.1: one releases while others open the order again; one counts, the money stands once."""

import threading

import pytest

from core import invariants
from core.rules import Blocked
from orders.actions import release_order, reopen_order
from orders.models import SalesOrder
from tests import orders_world as desk
from tests.races.harness import failures, run_together
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("R2.11", "R2.1")]
TOGETHER = 8


@pytest.fixture
def confirmed():
    """A company and an approved order that could be released or opened again."""
    world = World()
    return world, desk.confirmed_order(world)


def test_one_of_them_counts(confirmed):
    world, order = confirmed

    def act(place):
        if place % 2:
            return release_order(order, actor=world.lead).state
        return reopen_order(order, reason="改价", actor=world.rep).state

    answers = run_together(TOGETHER, act)

    refused = [each for each in answers if isinstance(each, Blocked)]
    assert len(refused) == TOGETHER - 1
    assert failures([each for each in answers if not isinstance(each, Blocked)]) == []
    account = type(order.customer.credit).objects.get(pk=order.customer.credit.pk)
    order = desk.again(order)
    assert account.ordered == (order.grand_total if order.state == "released" else 0)
    assert invariants.broken() == {}


def test_twin_that_looks_first_and_writes_later_lets_several_through(confirmed):
    """The guard off: everybody reads "approved" before anybody writes."""
    _world, order = confirmed
    all_have_read = threading.Barrier(TOGETHER)

    def act(_place):
        was = SalesOrder.objects.get(pk=order.pk).state
        all_have_read.wait(60)
        return was == "approved"

    assert sum(run_together(TOGETHER, act)) > 1
