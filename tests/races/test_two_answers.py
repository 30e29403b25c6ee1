"""R1.10: many answer the same confirmation at the same moment; the first answer counts."""

import threading

import pytest

from accounts.queries import system_user
from core import invariants
from core.models import Event
from core.rules import Blocked
from orders.actions import answer_confirmation
from orders.models import OrderConfirmation
from orders.states import ConfirmationState
from tests import orders_world as desk
from tests.races.harness import failures, run_together, successes
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("R1.10")]
TOGETHER = 20


@pytest.fixture
def sent():
    """A confirmation that is out."""
    return desk.approved_order(World()).confirmations.get()


def said(place):
    """Every other one says that it is right."""
    right = place % 2 == 0
    return {"right": right, "by": f"王琳 {place}", "words": "" if right else "价格不对"}


def test_of_many_answers_one_counts_and_the_others_are_told(sent):
    system = system_user()

    answers = run_together(
        TOGETHER, lambda place: answer_confirmation(sent, actor=system, **said(place)).answered_by
    )

    assert all(isinstance(each, Blocked) for each in failures(answers))
    kept = OrderConfirmation.objects.select_related("order").get()
    assert successes(answers) == [kept.answered_by]
    assert (kept.state == ConfirmationState.CONFIRMED) == (kept.order.confirmed_at is not None)
    assert (
        Event.objects.filter(verb__in=("order.confirmation_back", "order.confirmation_disputed")).count() == 1
    )
    assert invariants.broken() == {}


def test_twin_without_lock_and_gate_takes_many(sent):
    """The guard off: everybody sees that it is not answered, then writes over the others' answers."""
    all_have_read = threading.Barrier(TOGETHER)

    def answer(place):
        state = OrderConfirmation.objects.get(pk=sent.pk).state
        all_have_read.wait(60)
        if state != ConfirmationState.SENT:
            return 0
        return OrderConfirmation.objects.filter(pk=sent.pk).update(answered_by=f"王琳 {place}")

    assert sum(run_together(TOGETHER, answer)) == TOGETHER
