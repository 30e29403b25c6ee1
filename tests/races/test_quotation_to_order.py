"""R1.14: two people order by one quotation at the same moment; one order is made, both are shown it."""

import threading

import pytest

from core import invariants
from orders.actions import order_quotation
from orders.actions.draft import create_draft
from orders.models import Quotation, SalesOrder
from orders.states import QuotationState
from tests import orders_world as desk
from tests.races.harness import failures, run_together, successes
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 8


@pytest.fixture
def sent():
    """A quotation at the customer's, and the rep."""
    world = World()
    return desk.sent_quotation(world), world.rep


@pytest.mark.rule("R1.14")
def test_many_at_once_make_one_order_and_all_are_shown_it(sent):
    quotation, rep = sent

    answers = run_together(TOGETHER, lambda _place: order_quotation(quotation, actor=rep).number)

    assert failures(answers) == []
    assert set(successes(answers)) == {SalesOrder.objects.get().number}
    assert Quotation.objects.get(pk=quotation.pk).state == QuotationState.ORDERED
    assert invariants.broken() == {}


def test_twin_without_lock_and_constraint_makes_many(sent):
    """The guard off: read that it is not ordered yet, let everybody read it, then begin the order."""
    quotation, rep = sent
    all_have_read = threading.Barrier(TOGETHER)

    def order(_place):
        mine = Quotation.objects.select_related("customer__team", "owner").get(pk=quotation.pk)
        all_have_read.wait(60)
        if mine.state == QuotationState.ORDERED:
            return None
        return create_draft(customer=mine.customer, actor=rep, owner=mine.owner).number

    answers = run_together(TOGETHER, order)

    assert failures(answers) == []
    assert SalesOrder.objects.count() == TOGETHER
