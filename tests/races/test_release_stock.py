"""R2.9, R4.1: many orders want the same stock at once; the rest is made on a written promise only."""

import pytest

from core import invariants
from core.rules import Blocked
from inventory.models import ProductionOrder, Stock
from orders import actions, gates
from orders.models import ProductionPromise
from tests import orders_world as desk
from tests.races.harness import failures, run_together, successes
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER, STOCK = 20, 95


@pytest.fixture
def approved():
    """Twenty orders of 10 pieces each that stock served when they were approved."""
    world = World()
    desk.product(world, "BRG-6204", stock=STOCK)
    orders = [desk.confirmed_order(world, of=desk.customer(world, f"C-{n}")) for n in range(TOGETHER)]
    assert not ProductionPromise.objects.exists()
    return world, orders


def release(world, order):
    """As people do: where the stock was gone at the last moment, look again and release."""
    for _attempt in range(TOGETHER):
        try:
            return actions.release_order(order, actor=world.lead)
        except Blocked as refused:
            if {each.rule for each in refused.reasons} != {"R4.1"}:
                raise
    raise AssertionError("never came to an end")


def unpromised():
    """What production was told to make without having promised it."""
    return ProductionOrder.objects.exclude(requirement__order_line__promises__isnull=False).count()


@pytest.mark.rule("R2.9", "R4.1")
def test_twenty_releases_at_once_make_nothing_that_was_not_promised(approved):
    world, orders = approved

    answers = run_together(TOGETHER, lambda place: release(world, orders[place]))

    assert len(successes(answers)) == STOCK // 10
    assert {type(error) for error in failures(answers)} == {Blocked}
    assert {reason.rule for error in failures(answers) for reason in error.reasons} == {"R2.9"}
    assert not ProductionOrder.objects.exists()
    assert Stock.objects.values_list("on_hand", "reserved").get() == (STOCK, 90)
    assert invariants.broken() == {}


def test_twin_without_the_rule_makes_what_nobody_promised(approved, monkeypatch):
    world, orders = approved
    rules = [each for each in gates.RELEASE.rules if each.key != "what_is_made_is_promised"]
    monkeypatch.setitem(vars(gates.RELEASE), "rules", tuple(rules))

    run_together(TOGETHER, lambda place: release(world, orders[place]))

    assert unpromised() > 0
