"""Likely duplicates are shown, and ruled out by a person before the order is submitted (R1.12)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Event
from core.parameter_actions import set_parameter
from core.rules import Blocked
from orders import actions
from orders.models import SalesOrder
from orders.states import OrderState
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.12")]


def ready(world, **how):
    order = desk.draft_order(world, **how)
    desk.paper(order, world.rep)
    return order


def twins(order):
    return [each.number for each in SalesOrder.objects.twins_of(order)]


def refused(order, actor):
    with pytest.raises(Blocked) as refusal:
        actions.submit_order(order, actor=actor)
    assert desk.again(order).state == OrderState.DRAFT
    return refusal.value.reasons


def test_the_same_products_and_quantities_in_whatever_order_are_asked_about(world):
    first = ready(world, lines=(("P-1", "3"), ("P-2", "5")))
    second = ready(world, lines=(("P-2", "5"), ("P-1", "2"), ("P-1", "1")))

    reasons = refused(second, world.rep)

    assert [(each.rule, each.key) for each in reasons] == [("R1.12", "duplicates_are_ruled_out")]
    assert first.number in reasons[0].sentence
    assert reasons[0].next_step == f"/orders/{second.number}/twins/"


def test_the_same_customer_order_number_is_asked_about_however_old(world):
    first = ready(world, customer_order_number="PO-7", lines=(("P-1", "3"),))
    SalesOrder.objects.filter(pk=first.pk).update(ordered_on=timezone.localdate() - timedelta(days=400))
    second = ready(world, customer_order_number="PO-7", lines=(("P-2", "5"),))

    reasons = refused(second, world.rep)

    assert "PO-7" in reasons[0].sentence
    assert first.number in reasons[0].sentence


def test_what_is_other_is_no_twin(world):
    order = ready(world, customer_order_number="PO-1", lines=(("P-1", "3"),))
    ready(world, lines=(("P-1", "4"),))
    ready(world, of=desk.customer(world, "C-2"), customer_order_number="PO-1", lines=(("P-1", "3"),))
    dead = ready(world, lines=(("P-1", "3"),))
    actions.cancel_order(dead, reason="doppelt", actor=world.rep)
    old = ready(world, lines=(("P-1", "3"),))
    SalesOrder.objects.filter(pk=old.pk).update(ordered_on=timezone.localdate() - timedelta(days=8))

    assert twins(order) == []
    assert actions.submit_order(order, actor=world.rep).state == OrderState.SUBMITTED


def test_the_span_is_a_parameter(world):
    old = ready(world, lines=(("P-1", "3"),))
    SalesOrder.objects.filter(pk=old.pk).update(ordered_on=timezone.localdate() - timedelta(days=8))
    order = ready(world, lines=(("P-1", "3"),))
    assert twins(order) == []

    set_parameter(key="orders.duplicate_days", value=8, reason="test", actor=world.admin)

    assert twins(order) == [old.number]


def test_not_a_duplicate_is_said_once_recorded_and_lets_it_through(world):
    first = ready(world)
    second = ready(world)

    actions.rule_out_duplicates(second, numbers=[first.number], reason="Nachbestellung", actor=world.rep)
    actions.submit_order(desk.again(second), actor=world.rep)

    assert desk.again(second).state == OrderState.SUBMITTED
    event = Event.objects.get(verb="order.duplicates_ruled_out")
    assert (event.actor, event.reason, event.facts["orders"]) == (world.rep, "Nachbestellung", first.number)


def test_a_twin_that_appears_later_asks_again(world):
    first = ready(world, lines=(("P-1", "3"),))
    order = ready(world, lines=(("P-1", "3"),))
    other = ready(world, lines=(("P-2", "9"),))
    actions.rule_out_duplicates(order, numbers=[first.number], reason="-", actor=world.rep)

    line = order.lines.get()
    actions.save_line(desk.again(order), line_id=line.pk, product="P-2", quantity=9, actor=world.rep)

    assert [each.facts["order"] for each in refused(desk.again(order), world.rep)] == [other]


@pytest.mark.parametrize(
    ("numbers", "reason", "who"),
    [
        (["SO-NONE-1"], "why", "rep"),
        (None, "  ", "rep"),
        (None, "why", "finance"),
    ],
)
def test_ruling_out_is_refused_and_changes_nothing(world, numbers, reason, who):
    first, second = ready(world), ready(world)

    with pytest.raises(Blocked):
        actions.rule_out_duplicates(
            second, numbers=numbers or [first.number], reason=reason, actor=world.people[who]
        )

    assert desk.again(second).not_duplicates == []
    assert not Event.objects.filter(verb="order.duplicates_ruled_out").exists()


def test_a_submitted_order_is_not_asked_any_more(world):
    order = desk.submitted_order(world)
    with pytest.raises(Blocked):
        actions.rule_out_duplicates(order, numbers=[], reason="why", actor=world.rep)
    assert desk.again(order).not_duplicates == []


def test_the_page_shows_both_side_by_side_and_takes_the_answer(world, client):
    first, second = ready(world, customer_order_number="PO-7"), ready(world, customer_order_number="PO-7")
    client.force_login(world.rep)
    url = f"/orders/{second.number}/twins/"

    page = client.get(url).content.decode()
    assert first.number in page
    assert page.count("轴承 BRG-6204") == 1  # both quantities on one row
    assert re.search(r'name="numbers" value="[^"]+">', page)  # nothing is ticked beforehand
    bare = client.post(url, {"numbers": [first.number], "form_key": str(uuid.uuid4())})
    assert bare.status_code == 422
    assert desk.again(second).not_duplicates == []
    answer = client.post(
        url, {"numbers": [first.number], "reason": "Nachbestellung", "form_key": str(uuid.uuid4())}
    )

    assert answer.status_code == 302
    assert desk.again(second).not_duplicates == [first.number]


def test_looking_costs_one_query_whatever_the_number_of_lines(world, django_assert_num_queries):
    many = tuple((f"P-{place}", "2") for place in range(12))
    ready(world, lines=many)
    order = ready(world, lines=many)
    list(order.lines.all())
    order = SalesOrder.objects.prefetch_related("lines").get(pk=order.pk)
    twins(order)  # the parameters are read once
    with django_assert_num_queries(1):
        assert len(twins(order)) == 1


def test_the_key_follows_every_edit(world):
    order = ready(world, lines=(("P-1", "3"), ("P-2", "5")))
    kept = order.content_key
    second = order.lines.last()
    actions.delete_line(desk.again(order), line_id=second.pk, actor=world.rep)
    one = desk.again(order).content_key
    actions.save_line(desk.again(order), product="P-2", quantity=5, actor=world.rep)

    assert one not in ("", kept)
    assert desk.again(order).content_key == kept


@pytest.mark.parametrize("typed", ["po-1001", "PO 1001", "ＰＯ－1001", " PO_1001 "])
def test_the_customers_number_is_the_same_however_it_is_written(world, typed):
    first = ready(world, customer_order_number="PO-1001", lines=(("P-1", "3"),))
    second = ready(world, lines=(("P-2", "5"),))
    actions.save_header(second, actor=world.rep, version=None, customer_order_number=typed)

    assert twins(desk.again(second)) == [first.number]
    assert first.number in refused(desk.again(second), world.rep)[0].sentence


def test_a_number_of_nothing_but_signs_is_none(world):
    ready(world, customer_order_number="--", lines=(("P-1", "3"),))
    assert twins(ready(world, customer_order_number="//", lines=(("P-2", "5"),))) == []


def test_more_than_a_page_of_twins_is_ruled_out_page_by_page(world):
    for _turn in range(12):
        ready(world, lines=(("P-1", "3"),))
    order, client = ready(world, lines=(("P-1", "3"),)), world.client("rep")
    url = f"/orders/{order.number}/twins/"
    reasons = refused(order, world.rep)
    assert len(reasons) == 6  # five by name, and that there are more

    for left in (2, 0):
        numbers = re.findall(r'name="numbers" value="([^"]+)"', client.get(url).content.decode())
        said = {"numbers": numbers, "reason": "Nachbestellung", "form_key": str(uuid.uuid4())}
        answer = client.post(url, said)
        assert answer.status_code == 302
        assert answer.url == (url if left else order.get_absolute_url())
        assert SalesOrder.objects.open_twins_of(desk.again(order)).count() == left
    assert len(re.findall(r"badge", client.get(f"{url}?page=2").content.decode())) >= 2

    assert actions.submit_order(desk.again(order), actor=world.rep).state == OrderState.SUBMITTED


@pytest.mark.rule("R10.2")
def test_a_twin_of_another_team_is_not_named_and_is_ruled_out_by_who_sees_it(world):
    far = ready(world, customer_order_number="PO-7", lines=(("P-1", "3"),))
    SalesOrder.objects.filter(pk=far.pk).update(team=world.east, owner=world.rep2)
    order, url = ready(world, customer_order_number="PO-7", lines=(("P-2", "5"),)), ""
    url = f"{order.get_absolute_url()}twins/"

    reasons = refused(order, world.rep)
    assert [(each.rule, each.opened_by, each.people) for each in reasons] == [
        ("R1.12", ("business_support",), ()),
    ]
    rep, support = world.client("rep"), world.client("support")
    for page in (url, order.get_absolute_url(), f"{order.get_absolute_url()}edit/"):
        assert far.number not in rep.get(page).content.decode(), page
    assert world.support.display_name in rep.get(url).content.decode()
    said = {"numbers": [far.number], "reason": "looked at"}
    assert rep.post(url, {**said, "form_key": str(uuid.uuid4())}).status_code == 422
    with pytest.raises(Blocked):
        actions.rule_out_duplicates(order, numbers=[far.number], reason="x", actor=world.rep)
    assert desk.again(order).not_duplicates == []

    assert far.number in support.get(url).content.decode()
    assert support.post(url, {**said, "form_key": str(uuid.uuid4())}).status_code == 302
    assert actions.submit_order(desk.again(order), actor=world.rep).state == OrderState.SUBMITTED
