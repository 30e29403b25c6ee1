"""The weekly exceptions: amount, age, owner, link of each; page and PDF alike (R9.1, I15)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.queries import system_user
from core.documents import render_document
from core.models import Event
from core.outbox import deliver_due
from core.rules import Blocked
from inventory.models import Requirement
from logistics.models import Shipment
from orders.actions import answer_confirmation
from orders.models import OrderConfirmation, PromiseSlip, SalesOrder
from reports.actions import make_weekly_pdf
from reports.models import WeeklyReport
from reports.queries import Week, weekly_exceptions
from tests import orders_world as desk
from tests.shipping_world import (
    cash_customer,
    credit_customer,
    dispatched_shipment,
    order_to_ship,
    released_shipment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trouble(world):
    """One exception of each kind, of the first team."""
    lying = order_to_ship(world)
    Requirement.objects.filter(order_line__order=lying).update(
        due_on=timezone.localdate() - timedelta(days=20)
    )
    asked, problem = dispatched_shipment(world), dispatched_shipment(world)
    now = timezone.now()
    Shipment.objects.filter(pk=asked.pk).update(dispatched_at=now - timedelta(days=32))
    Shipment.objects.filter(pk=problem.pk).update(dispatched_at=now - timedelta(days=60))
    unpaid = released_shipment(world, of=cash_customer(world))
    beyond = released_shipment(world, of=credit_customer(world, 160, code="C-SMALL"))
    found = {"stock": lying, "uninvoiced": asked, "problem": problem, "unpaid": unpaid, "over": beyond}
    return found | {"clock": past_its_clock(world), "confirm": unanswered(world)}


def past_its_clock(world):
    """Submitted, and its clock ran out a moment ago."""
    order = desk.submitted_order(world)
    just_now = timezone.now() - timedelta(minutes=1)
    SalesOrder.objects.filter(pk=order.pk).update(clock_warns_at=just_now, clock_ends_at=just_now)
    return order


def unanswered(world):
    """Approved a week ago, its confirmation out and not back; all others of the world are answered."""
    order = desk.approved_order(world)
    others = SalesOrder.objects.exclude(pk=order.pk).filter(approved_at__isnull=False)
    others.update(confirmed_at=timezone.now() - timedelta(days=30))
    OrderConfirmation.objects.filter(order=order).update(sent_at=timezone.now() - timedelta(days=4))
    PromiseSlip.objects.create(order=order, on=timezone.localdate(), days=2)
    return order


def this_week():
    return Week.of(timezone.localdate())


def sections(user, week=None):
    report = weekly_exceptions(week or this_week(), user, now=timezone.now())
    return {section["key"]: section for section in report["sections"]}


@pytest.mark.rule("R9.1", "R4.12", "R6.5")
def test_each_kind_of_exception_stands_in_its_section_with_amount_age_and_owner(world, trouble):
    found = sections(world.gm)
    for key, subject in trouble.items():
        assert len(found[key]["rows"]) == 1, key
        number, _about, _detail, days, owner, amount = found[key]["rows"][0]
        assert subject.number in number
        assert owner == str(world.rep)
        assert amount.startswith("CNY ")
        assert int(days) >= 0
        assert found[key]["links"][0].startswith("/")
    assert found["stock"]["rows"][0][3] == "20"
    assert found["uninvoiced"]["rows"][0][5] == "CNY 186.00"
    assert found["unpaid"]["rows"][0][5] == "CNY 186.00"
    assert found["over"]["rows"][0][5] == "CNY 26.00"
    assert found["clock"]["rows"][0][5] == found["confirm"]["rows"][0][5] == "CNY 186.00"
    assert found["confirm"]["rows"][0][3] == "4"
    assert "2" in found["confirm"]["rows"][0][2]


@pytest.mark.rule("R9.1", "R1.5")
def test_a_late_clock_belongs_to_every_week_in_which_it_ran_over_and_to_that_of_its_end(world):
    order, week = past_its_clock(world), this_week()
    at = {"clock_ends_at": week.before.starts, "clock_stopped_at": week.starts - timedelta(hours=1)}
    SalesOrder.objects.filter(pk=order.pk).update(**at)

    def numbers(of):
        return [row[0] for row in sections(world.gm, of)["clock"]["rows"]]

    assert [numbers(week.before.before), numbers(week.before), numbers(week)] == [[], [order.number], []]
    SalesOrder.objects.filter(pk=order.pk).update(clock_stopped_at=week.before.starts - timedelta(hours=1))
    assert numbers(week.before) == []  # stopped in time


@pytest.mark.rule("R9.1", "R1.10")
def test_a_confirmation_that_came_back_since_was_outstanding_at_the_end_of_its_week(world):
    order, week = unanswered(world), this_week()
    sent = week.starts - timedelta(days=2)
    OrderConfirmation.objects.filter(order=order).update(sent_at=sent)
    sent = OrderConfirmation.objects.get(order=order)
    answer_confirmation(sent, right=True, by="王琳", actor=system_user())

    assert [row[0] for row in sections(world.gm, week.before)["confirm"]["rows"]] == [order.number]
    assert sections(world.gm, week.before.before)["confirm"]["rows"] == []
    assert sections(world.gm, week)["confirm"]["rows"] == []


@pytest.mark.rule("R9.1")
def test_the_report_asks_as_often_for_many_orders_as_for_one(world):
    past_its_clock(world)
    sections(world.gm)  # what the person may do is asked for once
    with CaptureQueriesContext(connection) as once:
        sections(world.gm)
    for _each in range(3):
        past_its_clock(world)
        desk.approved_order(world)
    with CaptureQueriesContext(connection) as often:
        found = sections(world.gm)
    assert [len(found["clock"]["rows"]), len(found["confirm"]["rows"])] == [4, 3]
    assert len(often) == len(once)


@pytest.mark.rule("R9.1")
def test_currencies_are_never_added_up(world):
    released_shipment(world, of=cash_customer(world))
    dollars = released_shipment(world, of=cash_customer(world, "C-USD"))
    Shipment.objects.filter(pk=dollars.pk).update(currency="USD")
    section = sections(world.gm)["unpaid"]
    assert section["sums"] == {"CNY": "186.00", "USD": "186.00"}
    assert section["totals"][-1] == "CNY 186.00 + USD 186.00"


@pytest.mark.rule("R9.1")
def test_a_sales_manager_reads_the_own_teams_and_no_other(world, trouble):
    assert all(section["rows"] for section in sections(world.manager).values())
    assert not any(section["rows"] for section in sections(world.manager2).values())


@pytest.mark.rule("R9.1")
def test_a_shipment_belongs_to_the_week_of_its_release(world):
    shipment = released_shipment(world, of=cash_customer(world))
    week = this_week().before
    assert sections(world.gm, week)["unpaid"]["rows"] == []
    Shipment.objects.filter(pk=shipment.pk).update(released_at=week.starts)
    assert len(sections(world.gm, week)["unpaid"]["rows"]) == 1
    assert sections(world.gm)["unpaid"]["rows"] == []


@pytest.mark.rule("R9.1")
def test_page_and_pdf_carry_the_same_figures(world, trouble):
    client = world.client("gm")
    week = this_week()
    page = client.get(f"/reports/weekly/?week={week}")
    key = page.content.decode().split('name="form_key" value="')[-1].split('"')[0]
    answer = client.post(f"/reports/weekly/{week}/freeze/", {"form_key": key})
    assert answer.status_code == 302
    report = WeeklyReport.objects.get(week_start=week.monday)
    printed = render_document(report.document_id).context
    shown = client.get(f"/reports/weekly/?week={week}").context["sections"]
    assert [section["rows"] for section in printed["sections"]] == [section["rows"] for section in shown]
    assert [section["totals"] for section in printed["sections"]] == [section["totals"] for section in shown]
    assert [len(section["rows"]) for section in shown] == [1] * 7
    assert client.get(f"/reports/weekly/{week}/pdf/")["Content-Type"] == "application/pdf"


@pytest.mark.rule("R9.1")
def test_what_was_frozen_stays_as_it_was(world, trouble):
    week = this_week()
    make_weekly_pdf(week, actor=world.support)
    Shipment.objects.filter(pk=trouble["unpaid"].pk).update(beyond_paid=Decimal(1))
    client = world.client("gm")
    frozen = client.get(f"/reports/weekly/?week={week}").context["sections"]
    live = client.get(f"/reports/weekly/?week={week}&now=1").context["sections"]
    amounts = [
        [section["rows"][0][5] for section in shown if section["key"] == "unpaid"] for shown in (frozen, live)
    ]
    assert amounts == [["CNY 186.00"], ["CNY 1.00"]]


@pytest.mark.rule("R9.1")
def test_a_team_manager_freezes_no_report_of_the_company(world):
    week = this_week()
    with pytest.raises(Blocked) as refusal:
        make_weekly_pdf(week, actor=world.manager)
    assert [each.rule for each in refusal.value.reasons] == ["R9.1"]
    assert not WeeklyReport.objects.exists()
    assert not Event.objects.filter(verb="report.frozen").exists()
    make_weekly_pdf(week, actor=world.gm)
    deliver_due()
    assert world.client("manager").get(f"/reports/weekly/{week}/pdf/").status_code == 404


@pytest.mark.rule("R10.2")
def test_the_rep_and_the_warehouse_have_no_report(world):
    for name in ("rep", "warehouse", "customer"):
        assert world.client(name).get("/reports/weekly/").status_code == 403


@pytest.mark.parametrize("name", ["2026-W54", "2026-W00", "2026-47", "x", "2026-W4700"])
def test_a_week_that_there_is_not_is_not_found(world, name):
    assert world.client("gm").get(f"/reports/weekly/?week={name}").status_code == 404


def test_weeks_are_named_by_iso_across_the_year():
    assert str(Week.of(date(2027, 1, 1))) == "2026-W53"
    assert Week.named("2026-W53").monday == date(2026, 12, 28)
    assert str(Week.named("2026-W53").after) == "2027-W01"
