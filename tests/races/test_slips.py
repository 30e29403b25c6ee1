"""R1.11: the job runs eight times at once; each order and day slips once."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from core import invariants
from core.calendar import add_working_days
from core.models import Event
from orders.actions import slip_promises
from orders.models import OrderLine
from tests import orders_world as desk
from tests.races.harness import failures, run_together
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("R1.11")]
TOGETHER = 8


@pytest.fixture
def late():
    """An approved order whose confirmation is a week late."""
    return desk.went_out(desk.approved_order(World())), timezone.now() + timedelta(days=7)


def test_eight_at_once_move_each_day_once(late):
    order, then = late
    first = order.lines.get().promised_on

    answers = run_together(TOGETHER, lambda _place: slip_promises(as_of=then))

    assert not failures(answers)
    days = order.slips.count()
    assert sum(answers) == days == Event.objects.filter(verb="order.promise_slipped").count()
    assert order.lines.get().promised_on == add_working_days(first, days)
    assert invariants.broken() == {}


def test_twin_without_lock_and_row_moves_many_times(late):
    """The guard off: everybody sees that no day is recorded, then moves the date."""
    order, _then = late
    line = order.lines.get()
    all_have_read = threading.Barrier(TOGETHER)

    def move(_place):
        recorded = order.slips.exists()
        all_have_read.wait(60)
        if not recorded:
            OrderLine.objects.filter(pk=line.pk).update(
                promised_on=add_working_days(OrderLine.objects.get(pk=line.pk).promised_on, 1)
            )
        return not recorded

    assert sum(run_together(TOGETHER, move)) > 1
