"""The processing clock: by class, in its own kind of time, warned and breached once, stopped (R1.5)."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.actions import give_delegation
from accounts.models import Notice
from core.models import Escalation, Event
from core.parameter_actions import set_parameter
from orders import actions
from orders.actions.clock import tell_clocks
from orders.clock_face import clock_face
from orders.models import SalesOrder
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.5")]
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.get_default_timezone())


def here(day, hour, minute=0):
    """That moment of November 2026."""
    return MONDAY.replace(day=day, hour=hour, minute=minute)


def submitted(world, at=MONDAY, **how):
    with time_machine.travel(at, tick=False):
        return desk.submitted_order(world, **how)


@pytest.mark.parametrize(
    ("klass", "warns", "ends"),
    [
        ("normal", here(25, 12), here(26, 10)),
        ("special", here(24, 11), here(24, 15)),
        ("urgent", here(23, 11, 30), here(23, 12)),
    ],
)
def test_the_clock_of_a_class_runs_in_its_own_kind_of_time(world, klass, warns, ends):
    order = desk.again(submitted(world, klass=klass, class_reason="急"))

    assert (order.clock_warns_at, order.clock_ends_at) == (warns, ends)
    assert (order.clock_round, order.clock_stopped_at) == (1, None)


def test_an_urgent_order_of_friday_evening_does_not_wait_for_monday(world):
    order = submitted(world, here(27, 17, 30), klass="urgent", class_reason="急")

    assert desk.again(order).clock_ends_at == here(27, 19, 30)


def test_the_parameters_in_force_at_the_submission_count(world):
    with time_machine.travel(MONDAY - timedelta(hours=1), tick=False):
        for key, value in (("orders.clock_urgent", 4), ("orders.clock_warns", 50)):
            set_parameter(key=key, value=value, reason="test", actor=world.admin)

    order = desk.again(submitted(world, klass="urgent", class_reason="急"))

    assert order.clock_ends_at == MONDAY + timedelta(hours=4)
    assert order.clock_warns_at == MONDAY + timedelta(hours=2)


def told(order, kind):
    return set(Notice.objects.filter(kind=kind, facts__order=order.number).values_list("person", flat=True))


def test_it_warns_once_at_three_quarters_and_breaches_once(world):
    order = submitted(world, klass="urgent", class_reason="急")
    before, near, over = (MONDAY + timedelta(minutes=minutes) for minutes in (89, 90, 120))

    assert tell_clocks(as_of=before) == 0
    assert [tell_clocks(as_of=near) for _each in range(3)] == [1, 0, 0]
    assert (
        told(order, "clock_warns") == {world.rep.pk, world.support.pk, world.support2.pk} | support_people()
    )
    assert not Event.objects.filter(verb="order.clock_breached").exists()

    assert [tell_clocks(as_of=over), tell_clocks(as_of=over + timedelta(days=3))] == [1, 0]
    assert Event.objects.filter(verb="order.clock_breached", thread=order.thread).count() == 1
    assert told(order, "clock_breached") == {world.lead.pk, world.manager.pk}
    levels = Escalation.objects.filter(rule="R1.5").values_list("level", "cycle").order_by("level")
    assert list(levels) == [(1, 1), (2, 1)]


def support_people():
    from accounts.queries import people_with_role  # noqa: PLC0415 - one use

    return set(people_with_role("business_support").values_list("pk", flat=True))


def test_a_job_that_comes_late_tells_the_breach_only(world):
    order = submitted(world)

    assert tell_clocks(as_of=MONDAY + timedelta(days=30)) == 1
    assert tell_clocks(as_of=MONDAY + timedelta(days=31)) == 0
    assert told(order, "clock_warns") == set()
    assert Event.objects.filter(verb="order.clock_breached").count() == 1


def test_under_review_those_are_warned_whose_turn_it_is(world):
    order = submitted(world, klass="urgent", class_reason="急")
    with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
        actions.standardise_order(order, actor=world.support)

    tell_clocks(as_of=MONDAY + timedelta(minutes=100))

    warned = told(order, "clock_warns")
    assert {world.rep.pk, world.support2.pk, world.finance.pk} <= warned
    assert world.support.pk not in warned  # who standardised does not review
    assert world.manager.pk not in warned  # the manager's step still waits for those


def returned(world, order):
    actions.return_order(order, reason="?", actor=world.support)


def withdrawn(world, order):
    actions.withdraw_order(order, actor=world.rep)


def cancelled(world, order):
    actions.cancel_order(order, reason="?", actor=world.manager)


@pytest.mark.parametrize("stop", [returned, withdrawn, cancelled])
def test_a_stopped_clock_tells_nobody(world, stop):
    order = submitted(world)
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        stop(world, order)

    assert tell_clocks(as_of=MONDAY + timedelta(days=30)) == 0
    assert desk.again(order).clock_stopped_at == MONDAY + timedelta(hours=1)
    assert not Event.objects.filter(verb="order.clock_breached").exists()


@pytest.mark.parametrize("stop", [returned, withdrawn, cancelled])
def test_a_clock_that_stops_late_is_a_breach_though_no_job_came_by(world, stop):
    order = submitted(world, klass="urgent", class_reason="急")
    late = MONDAY + timedelta(hours=5)
    with time_machine.travel(late, tick=False):
        stop(world, order)

    assert Event.objects.filter(verb="order.clock_breached", thread=order.thread).count() == 1
    assert told(order, "clock_breached") == {world.lead.pk, world.manager.pk}
    assert desk.again(order).clock_told == 2
    assert tell_clocks(as_of=late + timedelta(days=1)) == 0
    assert told(order, "clock_warns") == set()
    assert Event.objects.filter(verb="order.clock_breached").count() == 1


def test_a_breach_that_was_told_while_it_ran_is_not_told_again_when_it_stops(world):
    order = submitted(world, klass="urgent", class_reason="急")
    assert tell_clocks(as_of=MONDAY + timedelta(hours=3)) == 1

    with time_machine.travel(MONDAY + timedelta(hours=5), tick=False):
        returned(world, order)

    assert Event.objects.filter(verb="order.clock_breached").count() == 1
    assert Escalation.objects.filter(rule="R1.5").count() == 2


def test_a_late_release_is_a_breach(world):
    with time_machine.travel(MONDAY, tick=False):
        order = desk.confirmed_order(world, klass="urgent", class_reason="急")
    with time_machine.travel(MONDAY + timedelta(hours=5), tick=False):
        actions.release_order(order, actor=world.support)

    assert Event.objects.filter(verb="order.clock_breached", thread=order.thread).count() == 1


def test_who_stands_in_for_the_manager_is_told_of_a_breach(world):
    order = submitted(world, klass="urgent", class_reason="急")
    with time_machine.travel(MONDAY, tick=False):
        end = MONDAY + timedelta(days=2)
        give_delegation(
            substitute=world.manager2, starts_at=MONDAY, ends_at=end, reason="出差", actor=world.manager
        )
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        tell_clocks(as_of=MONDAY + timedelta(hours=3))

    assert told(order, "clock_breached") == {world.lead.pk, world.manager.pk, world.manager2.pk}


def test_release_stops_it_and_a_refusal_too(world):
    with time_machine.travel(MONDAY, tick=False):
        released = desk.released_order(world)
        refused = desk.order_in_review(world, of=desk.customer(world, "C-2"))
        desk.decide(world, refused, "finance", approve=False, reason="贵")

    assert desk.again(released).clock_stopped_at == MONDAY
    assert desk.again(refused).clock_stopped_at == MONDAY
    assert not SalesOrder.objects.on_the_clock().exists()


def test_a_resubmission_starts_anew_and_its_levels_count_anew(world):
    order = submitted(world, klass="urgent", class_reason="急")
    tell_clocks(as_of=MONDAY + timedelta(hours=3))
    later = MONDAY + timedelta(days=1)
    with time_machine.travel(later, tick=False):
        actions.return_order(order, reason="?", actor=world.support)
        actions.submit_order(order, actor=world.rep)

    again = desk.again(order)
    assert (again.clock_ends_at, again.clock_round) == (later + timedelta(hours=2), 2)
    assert again.clock_stopped_at is None
    assert tell_clocks(as_of=later + timedelta(hours=1)) == 0
    assert tell_clocks(as_of=later + timedelta(hours=3)) == 1
    assert Event.objects.filter(verb="order.clock_breached").count() == 2


def test_the_face_counts_working_time(world):
    order = desk.again(submitted(world))

    def words(moment):
        with translation.override("en"):
            face = clock_face(order, moment)
            return str(face.words), face.tone

    assert words(here(23, 17, 30)) == ("17 h 30 min left", "")
    assert words(here(23, 22))[0] == words(here(24, 8))[0]
    assert words(here(25, 13, 30))[1] == "pending"
    assert words(here(26, 11))[1] == "blocked"


@pytest.mark.parametrize(("who", "path"), [("rep", "/orders/"), ("support", "/support/")])
def test_lists_show_it_and_sort_by_it(world, client, who, path):
    late = submitted(world, here(20, 10), klass="urgent", class_reason="急")
    early = submitted(world, of=desk.customer(world, "C-2"))
    client.force_login(world.people[who])
    with time_machine.travel(MONDAY + timedelta(minutes=1), tick=False):
        page = client.get(f"{path}?sort=clock").content.decode()
        over = client.get("/orders/?clock=over").content.decode()

    assert page.index(late.number) < page.index(early.number)
    assert "tone-blocked" in page
    assert late.number in over
    assert early.number not in over


def test_the_queues_of_approval_technical_and_production_show_what_is_left(world, client):
    with time_machine.travel(MONDAY, tick=False):
        desk.product(world, "MTO-1", supply="make")
        lines = (("MTO-1", "2"),)
        order = desk.order_in_review(world, asked=True, klass="urgent", class_reason="急", lines=lines)
    for who, path in (("finance", "/approvals/"), ("tech", "/technical/"), ("production", "/promises/")):
        client.force_login(world.people[who])
        for minutes, tone in ((10, ""), (100, " tone-pending"), (130, " tone-blocked")):
            with time_machine.travel(MONDAY + timedelta(minutes=minutes), tick=False):
                page = client.get(path).content.decode()
                left = clock_face(desk.again(order)).words
            assert order.number in page or order.customer.name in page
            assert re.search(f'<span class="due{tone}">(<svg.*?</svg>)?{left}</span>', page, re.S), (
                path,
                left,
            )


def test_the_approvals_ask_the_same_for_one_clock_and_for_three(world, client, django_assert_num_queries):
    desk.order_in_review(world)
    client.force_login(world.finance)
    client.get("/approvals/")
    with CaptureQueriesContext(connection) as one:
        client.get("/approvals/")
    for place in (2, 3):
        desk.order_in_review(world, of=desk.customer(world, f"C-{place}"))
    with django_assert_num_queries(len(one)):
        assert client.get("/approvals/").content.decode().count('class="due') >= 3


def test_the_sweep_costs_what_is_due(world, django_assert_max_num_queries):
    for place in range(3):
        submitted(world, of=desk.customer(world, f"C-{place}"), lines=((f"P-{place}", "1"),))
    with django_assert_max_num_queries(1):
        assert tell_clocks(as_of=MONDAY) == 0


def test_a_due_date_falls_back_to_the_earliest_line(world):
    order = desk.draft_order(world, lines=(("P-1", "1"), ("P-2", "1")))
    SalesOrder.objects.filter(pk=order.pk).update(due_on=None)
    first, second = order.lines.order_by("pk")
    day = timezone.localdate() + timedelta(days=3)
    actions.save_lines(
        desk.again(order), rows=[{"id": second.pk, "due_on": day, "quantity": Decimal(1)}], actor=world.rep
    )

    assert SalesOrder.objects.with_due().get(pk=order.pk).due == day
    assert first.due_on > day
