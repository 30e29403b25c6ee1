"""Each working day without the customer's answer moves the promised dates by one, exactly once (R1.11)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import invariants
from core.calendar import add_working_days, is_working_day
from core.models import Event
from orders import actions
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.11")]


def test_late_days_are_caught_up_once_and_both_dates_are_kept(world):
    order = desk.approved_order(world)
    first = order.lines.get().promised_on
    now = timezone.now()
    assert actions.slip_promises(as_of=now) == 0
    later = now + timedelta(days=6)
    days = sum(is_working_day(timezone.localdate(now) + timedelta(n)) for n in range(1, 7))

    assert actions.slip_promises(as_of=later) == days
    assert actions.slip_promises(as_of=later) == 0

    line = order.lines.get()
    assert (line.first_promised_on, line.promised_on) == (first, add_working_days(first, days))
    assert order.slips.count() == Event.objects.filter(verb="order.promise_slipped").count() == days
    assert invariants.broken() == {}


def test_an_answer_ends_it(world):
    order = desk.confirmed_order(world)

    assert actions.slip_promises(as_of=timezone.now() + timedelta(days=9)) == 0
    assert not order.slips.exists()


def test_sent_again_unchanged_the_delay_goes_on(world):
    order = desk.approved_order(world)
    later = timezone.now() + timedelta(days=7)
    before = actions.slip_promises(as_of=later)
    actions.send_confirmation(order, language="en", to="a@b.example", actor=world.support)

    assert before > 0
    assert actions.slip_promises(as_of=later) == 0
