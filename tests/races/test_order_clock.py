"""R1.5: ten jobs meet one order past its clock; one of them tells people, and records it."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core.models import Escalation, Event
from orders.actions import clock
from orders.models import SalesOrder
from tests import orders_world as desk
from tests.races.harness import failures, run_together
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("R1.5")]
TOGETHER = 10


def breaches():
    return Event.objects.filter(verb="order.clock_breached").count()


def test_ten_jobs_at_once_tell_the_breach_once():
    desk.submitted_order(World())
    late = timezone.now() + timedelta(days=60)

    answers = run_together(TOGETHER, lambda _place: clock.tell_clocks(as_of=late))

    assert failures(answers) == []
    assert sum(answers) == 1
    assert breaches() == 1
    assert Escalation.objects.filter(rule="R1.5", level=clock.BREACHED).count() == 1


def test_twin_that_looks_before_it_tells_tells_many_times():
    """The guard off: what is due is read first, and told without a claim and without reading it again."""
    order = desk.submitted_order(World())
    late = timezone.now() + timedelta(days=60)
    all_have_looked = threading.Barrier(TOGETHER)

    def sweep(_place):
        due = SalesOrder.objects.select_related("customer", "team__manager").clock_due(as_of=late).get()
        all_have_looked.wait(60)
        with transaction.atomic():
            clock._breach(due)

    assert failures(run_together(TOGETHER, sweep)) == []
    assert breaches() > 1
    assert order.number
