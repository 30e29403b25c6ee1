from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Notice
from approvals.waiting import tell_waiting
from core.memo import forget_all
from core.models import CalendarDay, Event
from tests.approvals.cases import decide, opened

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.12")]
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.get_fixed_timezone(480))


@pytest.fixture
def case(world):
    """Handed over on a Monday at nine; 9 to 12 and 13 to 18 are working hours."""
    with time_machine.travel(MONDAY, tick=False):
        return opened(world)


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("person__username", flat=True))


def test_nobody_is_reminded_before_four_working_hours(case):
    assert tell_waiting(as_of=MONDAY + timedelta(hours=4, minutes=59)) == 0
    assert told("step_waits") == set()


def test_after_four_working_hours_the_deciders_are_reminded_once(case):
    moment = MONDAY + timedelta(hours=5)  # the lunch hour does not count
    assert tell_waiting(as_of=moment) == 2
    assert tell_waiting(as_of=moment + timedelta(hours=1)) == 0
    assert told("step_waits") == {"support", "support2", "lead", "finance"}
    assert told("step_escalated") == set()


def test_after_eight_it_escalates_once(case):
    tell_waiting(as_of=MONDAY + timedelta(hours=5))
    assert tell_waiting(as_of=MONDAY + timedelta(hours=9)) == 2
    assert tell_waiting(as_of=MONDAY + timedelta(days=3)) == 0
    assert told("step_escalated") == {"lead", "gm"}
    assert Event.objects.filter(verb="step.escalated").count() == 2


def test_a_late_sweep_escalates_and_does_not_remind_late(case):
    assert tell_waiting(as_of=MONDAY + timedelta(days=2)) == 2
    assert told("step_waits") == set()
    assert told("step_escalated") == {"lead", "gm"}


def test_what_is_decided_reminds_nobody(world, case):
    decide(world, decide(world, case, "support", "support"), "finance", "finance")
    Notice.objects.all().delete()
    tell_waiting(as_of=timezone.now() + timedelta(days=7))
    assert told("step_escalated") == {"head"}  # the manager's step, opened by the two decisions


def test_what_the_manager_asked_for_reminds_those_in_the_managers_place(world):
    with time_machine.travel(MONDAY, tick=False):
        case = opened(world, requester=world.manager, barred=[world.manager])
        decide(world, decide(world, case, "support", "support"), "finance", "finance")
    tell_waiting(as_of=MONDAY + timedelta(hours=5))
    assert told("step_waits") == {"head", "gm"}


def test_a_weekend_and_a_holiday_are_no_working_time_however_far_the_clock_jumps(world):
    """Handed over on a Friday at five before a Monday off: one working hour, then Tuesday's."""
    CalendarDay.objects.update_or_create(date=date(2026, 11, 23), defaults={"is_working": False})
    forget_all()
    friday = MONDAY + timedelta(days=4, hours=8)
    with time_machine.travel(friday, tick=False):
        opened(world)
    tuesday = MONDAY + timedelta(days=8)
    assert tell_waiting(as_of=tuesday + timedelta(hours=2, minutes=59)) == 0
    assert tell_waiting(as_of=tuesday + timedelta(hours=3)) == 2
    assert told("step_waits") == {"support", "support2", "lead", "finance"}
    assert tell_waiting(as_of=tuesday + timedelta(hours=7, minutes=59)) == 0
    assert tell_waiting(as_of=tuesday + timedelta(hours=8)) == 2
    assert told("step_escalated") == {"lead", "gm"}
    assert tell_waiting(as_of=tuesday + timedelta(days=30)) == 0
