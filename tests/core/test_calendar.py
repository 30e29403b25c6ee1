from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import calendar
from core.calendar import (
    add_working_days,
    add_working_time,
    deadline,
    next_working_moment,
    working_time_between,
)
from core.calendar_actions import seed_calendar, set_calendar_day
from core.models import CalendarDay, DaySource, Event
from core.parameter_actions import set_parameter
from core.parameters import Kind, reset_cache
from core.rules import Blocked
from tests.core.people import administrator, person

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
EASY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def clock(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


moments = st.datetimes(
    min_value=datetime(2025, 12, 1),  # noqa: DTZ001 - the time zone follows
    max_value=datetime(2027, 2, 1),  # noqa: DTZ001
    timezones=st.sampled_from([SHANGHAI, UTC]),
)
minutes = st.integers(min_value=1, max_value=20_000).map(lambda count: timedelta(minutes=count))


@pytest.fixture
def holidays_2026():
    seed_calendar(years=[2025, 2026, 2027], actor=administrator())


@pytest.mark.rule("R1.5")
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),
        ("2026-11-23 09:00", 4, "2026-11-23 14:00"),
        ("2026-11-23 17:30", 1, "2026-11-24 09:30"),
        ("2026-11-27 17:00", 8, "2026-11-30 17:00"),
        ("2026-11-28 11:00", Decimal("0.5"), "2026-11-30 09:30"),
        ("2026-11-23 12:30", 24, "2026-11-26 12:00"),
    ],
)
def test_working_time_passes_in_working_hours_only(start, hours, end):
    assert add_working_time(clock(start), hours) == clock(end)


@pytest.mark.rule("R1.5")
def test_holidays_and_make_up_days_count(holidays_2026):
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2026, 10, 10))  # a Saturday worked for the holiday
    assert add_working_time(clock("2026-09-30 17:00"), 2) == clock("2026-10-08 10:00")
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 8)


@EASY
@given(start=moments, span=minutes)
def test_added_working_time_is_the_working_time_between(start, span):
    assert working_time_between(start, add_working_time(start, span)) == span


@EASY
@given(start=moments, first=minutes, second=minutes)
def test_working_time_adds_up(start, first, second):
    assert add_working_time(add_working_time(start, first), second) == add_working_time(start, first + second)


@EASY
@given(one=moments, two=moments, three=moments)
def test_working_time_between_is_additive_and_turns_its_sign(one, two, three):
    assert working_time_between(one, two) + working_time_between(two, three) == working_time_between(
        one, three
    )
    assert working_time_between(one, two) == -working_time_between(two, one)


@EASY
@given(start=moments)
def test_the_next_working_moment_is_one_and_nothing_was_missed(start):
    found = next_working_moment(start)
    assert found >= start
    assert calendar.is_working_moment(found)
    assert working_time_between(start, found) == timedelta(0)


@EASY
@given(start=st.dates(date(2026, 1, 1), date(2026, 12, 31)), count=st.integers(1, 300))
def test_working_days_there_and_back(start, count):
    there = add_working_days(start, count)
    assert calendar.is_working_day(there)
    assert calendar.working_days_between(start, there) == count
    first = add_working_days(start, 0)
    assert add_working_days(add_working_days(first, count), -count) == first


@pytest.mark.rule("R1.5")
@pytest.mark.parametrize(
    ("amount", "kind", "end"),
    [
        (2, Kind.HOURS, "2026-01-31 18:30"),
        (2, Kind.WORKING_HOURS, "2026-02-02 11:00"),
        (3, Kind.WORKING_DAYS, "2026-02-04 18:00"),
        (7, Kind.DAYS, "2026-02-07 16:30"),
        (1, Kind.MONTHS, "2026-02-28 16:30"),
        (12, "months", "2027-01-31 16:30"),
    ],
)
def test_each_kind_of_time_ends_in_its_own_way(amount, kind, end):
    assert deadline(clock("2026-01-31 16:30"), amount, kind) == clock(end)


def test_a_kind_that_is_no_time_has_no_end():
    with pytest.raises(ValueError, match="does not end"):
        deadline(clock("2026-01-31 16:30"), 3, Kind.MONEY)


def test_a_month_is_the_same_day_or_the_last():
    assert calendar.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert calendar.add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert calendar.add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert calendar.add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


@time_machine.travel(clock("2026-11-20 08:00"), tick=False)
def test_a_span_is_counted_by_the_hours_in_force_at_its_start():
    set_parameter(
        key="working_hours",
        value="08:00-12:00",
        reason="Winter",
        effective_from=clock("2026-12-01 00:00"),
        actor=administrator(),
    )
    assert add_working_time(clock("2026-11-30 17:00"), 2) == clock("2026-12-01 10:00")
    assert add_working_time(clock("2026-12-01 11:00"), 2) == clock("2026-12-02 09:00")


@pytest.mark.parametrize(
    "text", ["", "9-12", "12:00-09:00", "09:00-12:00,11:00-13:00", "09:00-25:00", "09:00-09:00"]
)
def test_working_hours_that_make_no_day_are_refused(text):
    with pytest.raises(ValidationError):
        calendar.WORKING_HOURS.clean(text)


def test_a_page_of_clocks_costs_two_queries(django_assert_num_queries):
    reset_cache()
    with django_assert_num_queries(2):
        for hour in range(50):
            add_working_time(clock("2026-11-23 09:00"), hour)


@pytest.mark.rule("R10.1")
def test_seeding_twice_changes_nothing_and_keeps_what_was_edited():
    admin = administrator()
    set_calendar_day(day=date(2026, 10, 2), is_working=True, reason="Stock-taking", actor=admin)
    assert seed_calendar(years=[2026], actor=admin)[2026] > 20
    assert seed_calendar(years=[2026], actor=admin) == {2026: 0}
    assert calendar.is_working_day(date(2026, 10, 2))
    assert CalendarDay.objects.get(date=date(2026, 10, 2)).source == DaySource.EDITED
    assert Event.objects.filter(verb="calendar.seeded").count() == 1


def test_a_year_without_an_official_notice_is_provisional():
    seed_calendar(years=[2026, 2040], actor=administrator())
    assert not CalendarDay.objects.filter(date__year=2026, provisional=True).exists()
    assert not CalendarDay.objects.filter(date__year=2040, provisional=False).exists()
    assert CalendarDay.objects.filter(date=date(2040, 10, 1), is_working=False).exists()


@pytest.mark.rule("R10.1", "R10.2")
def test_a_day_is_changed_by_an_administrator_with_a_reason_and_recorded():
    admin = administrator()
    with pytest.raises(Blocked) as refusal:
        set_calendar_day(day=date(2026, 11, 23), is_working=False, reason=" ", actor=person())
    assert {reason.rule for reason in refusal.value.reasons} == {"R10.1", "R10.2"}
    assert calendar.is_working_day(date(2026, 11, 23))

    set_calendar_day(day=date(2026, 11, 23), is_working=False, reason="Move", actor=admin)
    assert not calendar.is_working_day(date(2026, 11, 23))
    event = Event.objects.get(verb="calendar.day_changed")
    assert (event.facts["old"], event.facts["new"]) == ({"is_working": True}, {"is_working": False})
