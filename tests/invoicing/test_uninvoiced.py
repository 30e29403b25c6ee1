"""Left uninvoiced: asked after a month, a problem a week later, each once (R6.3, R6.4, R4.11)."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Notice
from core import invariants
from core.escalation import fired
from core.jobs import SWEEPS, run_sweep
from core.models import Event
from invoicing.actions import tell_uninvoiced
from invoicing.actions import uninvoiced as uninvoiced_verbs
from invoicing.queries import uninvoiced
from invoicing.querysets import add_months, is_problem, is_uninvoiced
from logistics.models import Shipment
from tests.shipping_world import again, dispatched_shipment, issued_invoice

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_current_timezone())


def left_on(shipment, day: date):
    """As if it had left on that day."""
    Shipment.objects.filter(pk=shipment.pk).update(dispatched_at=at(day, 15))
    return again(shipment)


def told(person, kind):
    return Notice.objects.filter(person=person, kind=kind).count()


@pytest.mark.rule("R6.3")
@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        (date(2026, 10, 22), 1, date(2026, 11, 22)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
    ],
)
def test_a_month_is_the_same_day_of_the_next_or_its_last(day, months, there):
    assert add_months(day, months) == there


@pytest.mark.rule("R6.3")
def test_the_definition_agrees_with_the_calendar_on_every_day_of_two_years(world):
    """The query turns the month around (which dispatches are a month old today): compared day by day."""
    shipment = dispatched_shipment(world)
    for start in (date(2026, 1, 28), date(2026, 1, 31), date(2028, 1, 30), date(2026, 11, 30)):
        left_on(shipment, start)
        limit = add_months(start, 1)
        for days in (-1, 0, 1):
            today = limit + timedelta(days=days)
            late = Shipment.objects.filter(is_uninvoiced(at(today))).exists()
            assert late == (days >= 0), (start, today)


@pytest.mark.rule("R6.3", "R4.11")
def test_the_rep_is_asked_once_after_a_month(world):
    shipment = left_on(dispatched_shipment(world), date(2026, 10, 22))
    assert tell_uninvoiced(as_of=at(date(2026, 11, 21))) == 0
    assert tell_uninvoiced(as_of=at(date(2026, 11, 22))) == 1
    for days in range(6):
        assert tell_uninvoiced(as_of=at(date(2026, 11, 22) + timedelta(days=days))) == 0
    assert told(world.rep, "shipment_uninvoiced") == 1
    assert told(world.manager, "shipment_problem") == 0
    assert Event.objects.filter(verb="shipment.invoice_asked", subject=shipment.number).count() == 1


@pytest.mark.rule("R6.4", "R4.11")
def test_a_week_later_it_is_problem_dispatched_goods(world):
    shipment = left_on(dispatched_shipment(world), date(2026, 10, 22))
    tell_uninvoiced(as_of=at(date(2026, 11, 22)))
    assert tell_uninvoiced(as_of=at(date(2026, 11, 28))) == 0
    assert tell_uninvoiced(as_of=at(date(2026, 11, 29))) == 1
    assert tell_uninvoiced(as_of=at(date(2027, 11, 29))) == 0
    assert (told(world.rep, "shipment_problem"), told(world.manager, "shipment_problem")) == (1, 1)
    assert [each.rule for each in fired(shipment)] == ["R6.3", "R6.4"]
    assert invariants.broken() == {}


@pytest.mark.rule("R4.11", "R6.4")
def test_days_without_the_job_are_caught_up_at_the_level_reached(world):
    shipment = left_on(dispatched_shipment(world), date(2026, 8, 1))
    assert tell_uninvoiced(as_of=at(date(2026, 11, 22))) == 1
    assert again(shipment).uninvoiced_level == 2
    assert told(world.rep, "shipment_uninvoiced") == 0
    assert told(world.rep, "shipment_problem") == 1
    assert tell_uninvoiced(as_of=at(date(2026, 11, 23))) == 0


@pytest.mark.rule("R6.3")
def test_what_is_invoiced_in_full_is_not_asked_about(world):
    invoice = issued_invoice(world)
    left_on(invoice.shipment, date(2026, 8, 1))
    assert tell_uninvoiced(as_of=at(date(2026, 11, 22))) == 0


@pytest.mark.rule("R6.3")
def test_what_is_invoiced_in_part_is(world):
    shipment = dispatched_shipment(world)
    issued_invoice(world, shipment, amount=Decimal("100.00"))
    left_on(shipment, date(2026, 8, 1))
    assert tell_uninvoiced(as_of=at(date(2026, 11, 22))) == 1
    assert Event.objects.get(verb="shipment.invoice_problem").facts["left"] == "86.00 CNY"


@pytest.mark.rule("R6.3")
def test_list_and_sweep_stand_on_one_definition(world):
    shipment = left_on(dispatched_shipment(world), date(2026, 10, 22))
    moment = at(date(2026, 11, 22))
    assert [each.pk for each in uninvoiced(world.rep, moment)] == [shipment.pk]
    assert list(uninvoiced(world.rep2, moment)) == []
    assert not Shipment.objects.filter(is_problem(moment)).exists()
    assert "uninvoiced" in SWEEPS
    assert run_sweep("uninvoiced", as_of=moment) == 1


@pytest.mark.rule("R6.3")
def test_the_month_counts_in_company_time(world):
    """23:30 on the 21st in Shanghai is still the 21st in the house, though UTC says 15:30."""
    shipment = dispatched_shipment(world)
    Shipment.objects.filter(pk=shipment.pk).update(dispatched_at=datetime(2026, 10, 21, 16, 30, tzinfo=UTC))
    assert tell_uninvoiced(as_of=datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == 0  # the 21st, 23:59
    assert tell_uninvoiced(as_of=datetime(2026, 11, 21, 16, 1, tzinfo=UTC)) == 1  # the 22nd, 00:01


@pytest.mark.rule("R6.3", "R6.4")
def test_what_the_rep_who_left_cannot_answer_goes_to_the_manager(world):
    shipment = left_on(dispatched_shipment(world), date(2026, 10, 22))
    type(world.rep).objects.filter(pk=world.rep.pk).update(is_active=False)
    assert tell_uninvoiced(as_of=at(date(2026, 11, 22))) == 1
    assert (told(world.rep, "shipment_uninvoiced"), told(world.manager, "shipment_uninvoiced")) == (0, 1)
    type(world.manager).objects.filter(pk=world.manager.pk).update(is_active=False)
    assert tell_uninvoiced(as_of=at(date(2026, 11, 29))) == 1
    assert told(world.gm, "shipment_problem") == 1
    assert again(shipment).uninvoiced_level == 2


@pytest.mark.rule("R6.3")
def test_one_shipment_that_cannot_be_told_of_neither_stops_the_others_nor_is_lost(world, monkeypatch):
    first = left_on(dispatched_shipment(world), date(2026, 10, 21))
    second = left_on(dispatched_shipment(world), date(2026, 10, 22))
    whole = uninvoiced_verbs.notify

    def broken(person, kind, *, key, **facts):
        if f":{first.pk}:" in key:
            raise RuntimeError("no inbox")
        whole(person, kind, key=key, **facts)

    monkeypatch.setattr(uninvoiced_verbs, "notify", broken)
    assert tell_uninvoiced(as_of=at(date(2026, 11, 22))) == 1
    assert [again(each).uninvoiced_level for each in (first, second)] == [0, 1]
    assert not fired(first).exists()
    monkeypatch.setattr(uninvoiced_verbs, "notify", whole)
    assert tell_uninvoiced(as_of=at(date(2026, 11, 22))) == 1
