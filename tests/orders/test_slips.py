"""Each working day without the customer's answer moves the promised dates by one, exactly once (R1.11)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from core import invariants
from core.calendar import add_working_days, is_working_day
from core.memo import forget_all
from core.models import CalendarDay, Event
from core.rules import Blocked
from orders import actions
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.11")]


def test_late_days_are_caught_up_once_and_both_dates_are_kept(world):
    order = desk.went_out(desk.approved_order(world))
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
    order = desk.went_out(desk.approved_order(world))
    later = timezone.now() + timedelta(days=7)
    before = actions.slip_promises(as_of=later)
    actions.send_confirmation(order, language="en", to="a@b.example", actor=world.support)
    desk.went_out(order)

    assert before > 0
    assert actions.slip_promises(as_of=later) == 0


def test_a_paper_recorded_late_takes_back_the_days_after_it_came(world):
    order = desk.went_out(desk.approved_order(world))
    first, sent = order.lines.get().promised_on, order.confirmations.get()
    came = add_working_days(timezone.localdate(sent.sent_at), 1)
    assert actions.slip_promises(as_of=timezone.now() + timedelta(days=9)) > 1

    with time_machine.travel(timezone.now() + timedelta(days=9)):
        order = desk.confirm_back(world, order, on=came)

    line = order.lines.get()
    assert (line.first_promised_on, line.promised_on) == (first, add_working_days(first, 1))
    assert [each.on for each in order.slips.filter(taken_back_at=None)] == [came]
    told = Event.objects.get(verb="order.promise_regained")
    assert told.facts["count"] == order.slips.count() - 1
    assert told.facts["new"] == {"1": str(line.promised_on)}
    assert actions.slip_promises(as_of=timezone.now() + timedelta(days=12)) == 0
    assert invariants.broken() == {}


def test_a_paper_of_the_day_it_was_sent_costs_nothing_and_none_came_before(world):
    order = desk.went_out(desk.approved_order(world))
    first, sent = order.lines.get().promised_on, order.confirmations.get()
    went_out = timezone.localdate(sent.sent_at)
    actions.slip_promises(as_of=timezone.now() + timedelta(days=6))
    slipped = order.lines.get().promised_on

    for day in (went_out - timedelta(days=1), timezone.localdate() + timedelta(days=40)):
        with pytest.raises(Blocked) as refusal:
            actions.answer_confirmation(sent, right=True, by="王琳", mark="call", on=day, actor=world.support)
        assert [reason.rule for reason in refusal.value.reasons] == ["R1.11"]
    assert order.lines.get().promised_on == slipped != first
    assert desk.again(order).confirmed_at is None

    desk.confirm_back(world, order, on=went_out)
    assert order.lines.get().promised_on == first


def test_nothing_slips_before_the_mail_has_left(world):
    order = desk.approved_order(world)
    later = timezone.now() + timedelta(days=6)
    assert actions.slip_promises(as_of=later) == 0
    assert not order.slips.exists()

    order.confirmations.update(left_at=timezone.now() + timedelta(days=4))
    left = timezone.localdate(order.confirmations.get().left_at)
    days = sum(is_working_day(left + timedelta(n)) for n in (1, 2))
    assert actions.slip_promises(as_of=later) == days


def test_days_in_which_the_house_settles_a_dispute_do_not_count(world):
    order = desk.went_out(desk.approved_order(world))
    sent, now = order.confirmations.get(), timezone.now()
    with time_machine.travel(now + timedelta(days=1)):
        actions.answer_confirmation(
            sent, right=False, by="王琳", words="价格不对", mark="call", actor=world.support
        )
    with time_machine.travel(now + timedelta(days=20)):
        assert actions.slip_promises(as_of=timezone.now()) == 0
        actions.send_confirmation(order, language="en", to="a@b.example", actor=world.support)
        desk.went_out(order)

    actions.slip_promises(as_of=now + timedelta(days=22))

    start = timezone.localdate(now)
    late = [start + timedelta(day) for day in (1, 21, 22) if is_working_day(start + timedelta(day))]
    assert sorted(order.slips.values_list("on", flat=True)) == late


@pytest.mark.rule("R2.11")
def test_days_in_which_the_order_was_open_for_changes_do_not_count(world):
    desk.product(world, stock=100)
    order, now = desk.went_out(desk.approved_order(world)), timezone.now()
    actions.slip_promises(as_of=now + timedelta(days=3))
    with time_machine.travel(now + timedelta(days=3)):
        order = actions.reopen_order(desk.again(order), reason="看错了", actor=world.support)
    with time_machine.travel(now + timedelta(days=17)):
        order = actions.submit_order(order, actor=world.rep)
        order.confirmations.filter(left_at=None).update(left_at=timezone.now())
        first = order.lines.get().promised_on

    actions.slip_promises(as_of=now + timedelta(days=19))

    start = timezone.localdate(now)
    late = [start + timedelta(day) for day in (18, 19) if is_working_day(start + timedelta(day))]
    assert list(order.slips.filter(taken_back_at=None).values_list("on", flat=True)) == late
    assert order.lines.get().promised_on == add_working_days(first, len(late))
    assert invariants.broken() == {}


def test_over_a_week_end_and_a_holiday_only_working_days_count_however_often_it_runs(world):
    order = desk.went_out(desk.approved_order(world))
    thursday = datetime(2026, 12, 31, 9, tzinfo=UTC)  # before New Year's Day and a week-end
    first = order.lines.get().promised_on
    order.confirmations.update(left_at=thursday, sent_at=thursday)
    CalendarDay.objects.update_or_create(date=date(2027, 1, 1), defaults={"is_working": False})
    forget_all()

    moved = [actions.slip_promises(as_of=thursday + timedelta(days=day)) for day in (0, 1, 2, 3, 3, 4, 4)]

    assert moved == [0, 0, 0, 0, 0, 1, 0]
    assert [each.on for each in order.slips.all()] == [date(2027, 1, 4)]
    assert order.lines.get().promised_on == add_working_days(first, 1)
