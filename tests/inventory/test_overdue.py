"""R4.7, R4.8, R4.11: finished goods left lying are told of, each level once, whenever the sweep runs."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Notice
from core import invariants
from core.escalation import fired
from core.jobs import run_sweep
from core.models import Event
from inventory import actions
from inventory.actions import overdue as overdue_verbs
from inventory.models import Requirement
from tests.inventory import goods
from tests.world import World

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 2)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world():
    return World()


def at(days, hour=0, minute=1):
    """So many days after the due date, in Shanghai."""
    day = DUE + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def told(person):
    return list(
        Notice.objects.filter(person=person, kind__startswith="stock_").values_list("kind", flat=True)
    )


def events():
    return list(Event.objects.filter(verb__endswith="_told").order_by("pk").values_list("verb", flat=True))


@pytest.mark.rule("R4.7")
def test_after_a_week_the_rep_is_told_once_however_often_the_sweep_runs(world):
    demand = goods.lying(world, "10", due_on=DUE)

    assert run_sweep("overdue_stock", as_of=at(6, 23, 59)) == 0
    assert [run_sweep("overdue_stock", as_of=at(7)) for _again in range(3)] == [1, 0, 0]
    assert run_sweep("overdue_stock", as_of=at(13, 23, 59)) == 0

    assert told(world.rep) == ["stock_overdue"]
    assert told(world.manager) == []
    assert events() == ["stock.overdue_told"]
    event = Event.objects.get(verb="stock.overdue_told")
    assert (event.thread, event.actor.is_system, event.facts["quantity"]) == (demand.thread, True, "10")
    assert goods.reread(demand).overdue_level == 1
    assert invariants.broken() == {}


@pytest.mark.rule("R4.8")
def test_after_two_weeks_it_is_abnormal_and_the_sales_manager_is_told(world):
    demand = goods.lying(world, "10", due_on=DUE)
    actions.tell_overdue(as_of=at(7))

    assert actions.tell_overdue(as_of=at(13, 23, 59)) == 0
    assert [actions.tell_overdue(as_of=at(14)) for _again in range(2)] == [1, 0]

    assert told(world.rep) == ["stock_overdue"]
    assert told(world.manager) == ["stock_abnormal"]
    assert events() == ["stock.overdue_told", "stock.abnormal_told"]
    assert list(Requirement.objects.abnormal(as_of=DUE + timedelta(days=14))) == [demand]
    assert not Requirement.objects.abnormal(as_of=DUE + timedelta(days=13)).exists()
    assert invariants.broken() == {}


@pytest.mark.rule("R4.11")
def test_missed_days_are_caught_up_at_the_right_level_and_nothing_is_told_late(world):
    demand = goods.lying(world, "10", due_on=DUE)

    assert actions.tell_overdue(as_of=at(20)) == 1
    assert actions.tell_overdue(as_of=at(21)) == 0
    assert actions.tell_overdue(as_of=at(8)) == 0

    assert told(world.rep) == []
    assert told(world.manager) == ["stock_abnormal"]
    claimed = fired(demand).values_list("rule", "level", "cycle").order_by("level")
    assert list(claimed) == [("R4.7", 1, 1), ("R4.8", 2, 1)]


@pytest.mark.rule("R4.11")
def test_it_clears_when_the_goods_leave_and_begins_anew_when_goods_lie_again(world):
    demand = goods.lying(world, "10", due_on=DUE)
    actions.tell_overdue(as_of=at(14))
    demand = actions.free_reservation(demand, quantity=Decimal(10), actor=world.support)
    assert (demand.overdue_level, demand.lying_since) == (0, None)
    assert actions.tell_overdue(as_of=at(15)) == 0

    demand = actions.reserve(demand, quantity=Decimal(4), actor=world.support)
    assert demand.lying_cycle == 2
    assert [actions.tell_overdue(as_of=at(16)) for _again in range(2)] == [1, 0]

    assert told(world.manager) == ["stock_abnormal", "stock_abnormal"]
    assert Event.objects.filter(verb="stock.abnormal_told").order_by("-pk").first().facts["quantity"] == "4"
    assert invariants.broken() == {}


@pytest.mark.rule("R4.11")
def test_a_part_that_leaves_does_not_start_the_ladder_again(world):
    demand = goods.lying(world, "10", due_on=DUE)
    actions.tell_overdue(as_of=at(7))
    actions.take_for_dispatch(demand, quantity=Decimal(6), document="SH-1", actor=world.warehouse)

    assert actions.tell_overdue(as_of=at(8)) == 0
    assert goods.reread(demand).lying_cycle == 1


@pytest.mark.rule("R4.11")
def test_what_was_dispatched_is_never_told_of(world):
    demand = goods.lying(world, "10", due_on=DUE)
    actions.take_for_dispatch(demand, quantity=Decimal(10), document="SH-1", actor=world.warehouse)

    assert actions.tell_overdue(as_of=at(30)) == 0
    assert events() == []


@pytest.mark.rule("R4.7")
def test_the_clock_counts_from_the_due_date_not_from_the_finishing(world):
    """Finished three weeks late, the goods are abnormal at once."""
    goods.lying(world, "10", due_on=DUE)
    assert actions.tell_overdue(as_of=at(21)) == 1
    assert told(world.manager) == ["stock_abnormal"]


@pytest.mark.rule("R4.7")
def test_a_day_is_a_day_in_shanghai(world):
    """16:00 in UTC is the next day's midnight there."""
    goods.lying(world, "10", due_on=DUE)
    six_days = datetime(2026, 11, 8, 15, 59, tzinfo=ZoneInfo("UTC"))
    assert actions.tell_overdue(as_of=six_days) == 0
    assert actions.tell_overdue(as_of=six_days + timedelta(minutes=1)) == 1


@pytest.mark.rule("R4.8")
def test_without_a_manager_the_general_manager_is_told(world):
    demand = goods.lying(world, "10", due_on=DUE)
    type(world.north).objects.filter(pk=demand.team_id).update(manager=None)
    actions.tell_overdue(as_of=at(14))
    assert told(world.gm) == ["stock_abnormal"]


@pytest.mark.rule("R4.7")
def test_who_has_left_is_not_told_in_vain(world):
    goods.lying(world, "10", due_on=DUE)
    type(world.rep).objects.filter(pk=world.rep.pk).update(is_active=False)
    actions.tell_overdue(as_of=at(7))
    assert told(world.manager) == ["stock_overdue"]


@pytest.mark.rule("R4.11")
def test_one_line_that_cannot_be_told_of_neither_stops_the_others_nor_is_lost(world, monkeypatch):
    first = goods.lying(world, "10", due_on=DUE)
    second = goods.lying(world, "5", due_on=DUE, code="P-2")
    whole = overdue_verbs.notify

    def broken(person, kind, *, key, **facts):
        if f":{first.pk}:" in key:
            raise RuntimeError("no inbox")
        whole(person, kind, key=key, **facts)

    monkeypatch.setattr(overdue_verbs, "notify", broken)
    assert actions.tell_overdue(as_of=at(7)) == 1
    assert [goods.reread(each).overdue_level for each in (first, second)] == [0, 1]
    assert not fired(first).exists()

    monkeypatch.setattr(overdue_verbs, "notify", whole)
    assert actions.tell_overdue(as_of=at(8)) == 1
    assert invariants.broken() == {}


def test_the_sweep_reads_once_whatever_lies_in_time(world, django_assert_num_queries):
    for place in range(3):
        goods.lying(world, "1", due_on=DUE + timedelta(days=60), code=f"P-{place}")
    actions.tell_overdue(as_of=at(7))
    with django_assert_num_queries(1):
        actions.tell_overdue(as_of=at(7))
