"""R4.2 to R4.4: production accepts by name, reports what it made, quality passes or sends back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notice
from core import invariants
from core.audit import broken_links
from core.models import Event
from core.rules import Blocked, Stale
from inventory import actions
from inventory.models import Inspection, ProductionOrder, Stock
from inventory.states import ProductionState
from tests.inventory import goods
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def refused(verb, *args, **kwargs):
    """The rules by which the verb was refused, after nothing was changed."""
    before, events = goods.figures(), Event.objects.count()
    with pytest.raises(Blocked) as refusal:
        verb(*args, **kwargs)
    assert (goods.figures(), Event.objects.count()) == (before, events)
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R4.2")
def test_an_order_says_what_to_make_and_production_accepts_it_by_name(world):
    order = goods.issued(world, tolerance="±0.02", packaging="木箱", special_rules="去毛刺")
    assert order.state == ProductionState.ISSUED
    assert Notice.objects.filter(person=world.production, kind="production_issued").count() == 1

    order = actions.accept_production(order, promised_on=timezone.localdate(), actor=world.production)

    assert order.state == ProductionState.ACCEPTED
    assert (order.accepted_by, order.promised_on) == (world.production, timezone.localdate())
    assert Event.objects.get(verb="production.accepted").actor == world.production
    assert Notice.objects.filter(person=world.rep, kind="production_accepted").count() == 1


@pytest.mark.rule("R4.2")
@pytest.mark.parametrize("day", [None, timezone.localdate() - timedelta(days=1)])
def test_production_promises_a_day_that_can_be_kept(world, day):
    order = goods.issued(world)
    assert refused(actions.accept_production, order, promised_on=day, actor=world.production) == ["R4.2"]


@pytest.mark.rule("R4.2", "R10.2")
def test_only_production_accepts(world):
    order, today = goods.issued(world), timezone.localdate()
    assert refused(actions.accept_production, order, promised_on=today, actor=world.rep) == ["R10.2"]


@pytest.mark.rule("R4.2")
def test_an_order_is_accepted_once(world):
    order, today = goods.accepted(world), timezone.localdate()
    assert refused(actions.accept_production, order, promised_on=today, actor=world.production) == ["R4.2"]


@pytest.mark.rule("R4.1")
def test_what_one_order_brings_another_is_not_told_to_make(world):
    order = goods.issued(world, "10")
    again = {"quantity": Decimal(1), "due_on": order.due_on, "actor": world.support}
    assert refused(actions.issue_production_order, order.requirement, **again) == ["R4.1"]


@pytest.mark.rule("R4.3")
def test_production_reports_what_it_made_and_quality_learns_of_it(world):
    order = goods.made(world, "6")

    assert (order.state, order.made, order.still_to_make, order.uninspected) == (
        ProductionState.MADE,
        6,
        4,
        6,
    )
    assert Notice.objects.filter(person=world.quality, kind="production_made").count() == 1
    assert not Stock.objects.filter(on_hand__gt=0).exists()


@pytest.mark.rule("R4.3")
@pytest.mark.parametrize(
    ("quantity", "wanted"), [("11", "R4.3"), ("0", "R4.5"), ("-1", "R4.5"), ("0.5", "R4.5")]
)
def test_production_reports_no_more_than_it_owes(world, quantity, wanted):
    order = goods.accepted(world)
    report = {"quantity": Decimal(quantity), "actor": world.production}
    assert refused(actions.report_production, order, **report) == [wanted]


@pytest.mark.rule("R4.3")
def test_nothing_is_reported_before_the_order_is_accepted(world):
    order = goods.issued(world)
    report = {"quantity": Decimal(1), "actor": world.production}
    assert refused(actions.report_production, order, **report) == ["R4.3"]


@pytest.mark.rule("R4.4")
def test_what_passes_lies_finished_for_its_requirement_in_one_step(world):
    order = goods.made(world, "10")
    goods.inspect(world, order, "10")

    order = goods.reread(order)
    assert (order.state, order.passed) == (ProductionState.CLOSED, 10)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 10)
    assert goods.reread(order.requirement).finished_on_hand == 10
    assert Notice.objects.filter(person=world.rep, kind="production_passed").count() == 1
    assert invariants.broken() == {}


@pytest.mark.rule("R4.4")
def test_what_fails_goes_back_with_its_reason_and_is_owed_again(world):
    order = goods.made(world, "10")
    goods.inspect(world, order, "7", "3", reason="表面划伤")

    order = goods.reread(order)
    assert (order.state, order.passed, order.rejected, order.still_to_make) == (
        ProductionState.ACCEPTED,
        7,
        3,
        3,
    )
    assert Stock.objects.get().on_hand == 7
    assert Event.objects.get(verb="production.inspected").reason == "表面划伤"
    told = Notice.objects.get(person=world.production, kind="production_sent_back")
    assert (told.facts["quantity"], told.facts["reason"]) == ("3", "表面划伤")

    order = actions.report_production(order, quantity=Decimal(3), actor=world.production)
    goods.inspect(world, order, "3")
    assert goods.reread(order).state == ProductionState.CLOSED
    assert goods.reread(order.requirement).finished_on_hand == 10
    assert invariants.broken() == {}


@pytest.mark.rule("R4.4")
def test_a_part_is_inspected_while_the_rest_waits(world):
    order = goods.made(world, "10")
    goods.inspect(world, order, "4")

    order = goods.reread(order)
    assert (order.state, order.uninspected, order.passed) == (ProductionState.MADE, 6, 4)


@pytest.mark.rule("R4.4")
@pytest.mark.parametrize(
    ("passed", "rejected", "verdict"),
    [
        ("10", "0", {"appearance_ok": False}),
        ("10", "0", {"label_ok": False, "reason": "标签错"}),
        ("5", "5", {}),
        ("0", "10", {"reason": "  "}),
        ("11", "0", {}),
        ("0", "0", {}),
        ("-1", "3", {"reason": "错"}),
    ],
)
def test_a_verdict_that_does_not_hold_is_refused(world, passed, rejected, verdict):
    order = goods.made(world, "10")
    assert refused(goods.inspect, world, order, passed, rejected, **verdict) == ["R4.4"]


@pytest.mark.rule("R4.4")
def test_a_lot_that_fails_a_check_goes_back_as_a_whole(world):
    order = goods.made(world, "10")
    goods.inspect(world, order, "0", "10", packaging_ok=False, reason="包装破损")

    assert goods.reread(order).state == ProductionState.ACCEPTED
    assert not Stock.objects.filter(on_hand__gt=0).exists()
    assert Inspection.objects.get().packaging_ok is False


@pytest.mark.rule("R2.10")
def test_who_reported_the_goods_does_not_inspect_them(world):
    order = goods.made(world, "10")
    both = world.again("production")
    both.groups.add(*world.quality.groups.all())
    both = world.again("production")
    assert refused(goods.inspect, world, order, "10", actor=both) == ["R2.10"]


@pytest.mark.rule("R4.4")
def test_what_is_no_longer_missing_stays_free(world):
    order = goods.made(world, "10")
    goods.receive(world, order.product, "6")
    actions.reserve(order.requirement, quantity=Decimal(6), actor=world.support)
    goods.inspect(world, order, "10")

    assert Stock.objects.values_list("on_hand", "reserved").get() == (16, 10)
    assert goods.reread(order.requirement).finished_on_hand == 10
    assert invariants.broken() == {}


def test_an_old_page_changes_nothing(world):
    order = goods.accepted(world)
    before = goods.figures()
    with pytest.raises(Stale):
        actions.report_production(
            order, quantity=Decimal(1), actor=world.production, version=order.version - 1
        )
    assert goods.figures() == before


def test_no_state_is_set_past_its_gate(world):
    goods.issued(world)
    with pytest.raises(SuspiciousOperation):
        ProductionOrder.objects.update(state=ProductionState.CLOSED)
    with pytest.raises(AttributeError):
        ProductionOrder.objects.get().state = ProductionState.CLOSED


@pytest.mark.rule("R4.2")
def test_forty_orders_are_issued_in_as_many_queries_as_five_with_an_event_each(world, count_queries):
    products = [goods.product(world, f"P-{place}") for place in range(46)]
    today = timezone.localdate()
    commands = [
        actions.NewProduction(goods.requirement(world, each, "10", line=line), Decimal(10), today)
        for line, each in enumerate(products, start=1)
    ]

    actions.issue_production_orders(commands[:1], actor=world.support)
    five = count_queries(lambda: actions.issue_production_orders(commands[1:6], actor=world.support))
    forty = count_queries(lambda: actions.issue_production_orders(commands[6:], actor=world.support))

    assert five == forty <= 14
    numbers = [each.number for each in ProductionOrder.objects.order_by("pk")]
    assert len(set(numbers)) == 46
    assert numbers == sorted(numbers)
    issued = Event.objects.filter(thread="order:HB-1", verb="production.issued").order_by("seq")
    assert [event.subject for event in issued] == numbers
    assert list(broken_links("order:HB-1")) == []
    told = Notice.objects.filter(person=world.production).order_by("pk")
    assert [notice.facts["others"] for notice in told] == [0, 4, 39]


@pytest.mark.rule("R4.1")
def test_commands_are_given_all_or_none(world):
    demand = goods.requirement(world, goods.product(world), "10")
    today = timezone.localdate()
    commands = [actions.NewProduction(demand, Decimal(each), today) for each in (6, 5)]
    assert refused(actions.issue_production_orders, commands, actor=world.support) == ["R4.1"]


@pytest.fixture
def count_queries():
    """How many queries a call takes."""

    def counted(call):
        with CaptureQueriesContext(connection) as asked:
            call()
        return len(asked)

    return counted
