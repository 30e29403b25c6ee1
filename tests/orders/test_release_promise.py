"""R2.9 at the release: what is made after all, production has promised in writing."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Notice
from core import invariants
from core.models import Event
from core.rules import Blocked
from inventory.models import ProductionOrder, Requirement
from orders import actions
from orders.models import ProductionPromise, SalesOrder
from orders.queries import with_content
from orders.views.doors import doors
from tests import orders_world as desk

EIGHTY = (("BRG-6204", "80"),)


@pytest.fixture
def two_of_one_stock(world):
    """Two approved orders of 80 each against 100 in stock: neither needed a promise in its review."""
    desk.product(world, "BRG-6204", stock=100)
    orders = [desk.confirmed_order(world, of=desk.customer(world, f"C-{n}"), lines=EIGHTY) for n in range(2)]
    assert not ProductionPromise.objects.exists()
    return orders


def frozen(order):
    return (
        SalesOrder.objects.filter(pk=order.pk).values().get(),
        ProductionOrder.objects.count(),
        Requirement.objects.count(),
        Event.objects.count(),
    )


def refused(order, actor, **how):
    before = frozen(order)
    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=actor, **how)
    assert frozen(order) == before
    return [each.rule for each in refusal.value.reasons]


@pytest.mark.rule("R2.9", "R4.1")
def test_what_stock_no_longer_serves_waits_for_the_written_promise(world, two_of_one_stock):
    first, second = two_of_one_stock
    actions.release_order(first, actor=world.lead)

    assert refused(second, world.lead) == ["R2.9"]

    line = second.lines.get()
    desk.promise_after_all(world, second, days=3)
    assert actions.release_order(desk.again(second), actor=world.lead).state == "released"
    made = ProductionOrder.objects.get()
    assert (made.quantity, made.promised_on) == (60, line.due_on + timedelta(days=3))
    assert ProductionPromise.objects.get().promised_by == world.production
    assert invariants.broken() == {}


@pytest.mark.rule("R2.9", "R4.1")
def test_a_split_moved_to_production_asks_for_the_promise_too(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.confirmed_order(world, lines=EIGHTY)
    split = {order.lines.get().pk: Decimal(30)}

    assert refused(order, world.lead, split=split) == ["R2.9"]

    desk.promise_after_all(world, order)
    actions.release_order(desk.again(order), actor=world.lead, split=split)
    assert ProductionOrder.objects.get().quantity == 50


@pytest.mark.rule("R2.9")
def test_a_day_that_was_only_computed_is_no_promise(world, two_of_one_stock):
    first, second = two_of_one_stock
    line = second.lines.get()
    assert line.promised_on is not None  # as planned, told to the customer
    paper = second.confirmations.get().document.context["lines"][0]
    assert (paper["promised_on"], paper["planned"]) == (line.promised_on.isoformat(), True)
    actions.release_order(first, actor=world.lead)
    assert refused(second, world.lead) == ["R2.9"]

    desk.promise_after_all(world, second, days=5)
    newest = desk.again(second).confirmations.order_by("-issue").first()
    paper = newest.document.context["lines"][0]
    assert (newest.issue, paper["planned"]) == (2, False)
    assert paper["promised_on"] == (line.due_on + timedelta(days=5)).isoformat()


@pytest.mark.rule("R2.9")
def test_support_asks_production_promises_and_the_release_opens(world, two_of_one_stock):
    first, second = two_of_one_stock
    actions.release_order(first, actor=world.lead)
    support, production = world.client("lead"), world.client("production")
    url = second.get_absolute_url()
    assert second.number not in production.get("/promises/").content.decode()
    assert f"{url}promise/ask/" in support.get(url).content.decode()

    assert send(support, f"{url}promise/ask/").status_code == 302
    assert send(support, f"{url}promise/ask/").status_code == 409  # once is enough
    assert Notice.objects.filter(person=world.production, kind="promise_asked").count() == 1
    assert second.number in production.get("/promises/").content.decode()

    line = second.lines.get()
    day = {f"line-{line.pk}-promised_on": (line.due_on + timedelta(days=2)).isoformat()}
    page = send(production, f"{url}promise/sign/", digest=second.case.digest, **day)
    assert page.status_code == 302
    production.get("/promises/")  # says that it is promised
    assert second.number not in production.get("/promises/").content.decode()
    assert Notice.objects.filter(person=world.lead, kind="dates_promised").count() == 1
    assert send(support, f"{url}release/").status_code == 302
    assert desk.again(second).state == "released"


@pytest.mark.rule("R2.9", "R10.2")
def test_only_production_promises_and_only_for_an_approved_order(world, two_of_one_stock):
    order = two_of_one_stock[0]
    promised = {order.lines.get().pk: actions.Promised(on=order.due_on)}
    for who, about in (("support", order), ("production", desk.submitted_order(world))):
        order = desk.again(about)
        digest = order.case.digest if order.case else ""
        with pytest.raises(Blocked):
            actions.promise_dates(order, promises=promised, digest=digest, actor=world.people[who])
    order = desk.again(two_of_one_stock[0])
    with pytest.raises(Blocked) as refusal:
        actions.promise_dates(order, promises={}, digest=order.case.digest, actor=world.production)
    assert [each.rule for each in refusal.value.reasons] == ["R2.9"]
    assert not ProductionPromise.objects.exists()


@pytest.mark.rule("R2.9")
def test_a_split_that_was_refused_is_still_typed(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.confirmed_order(world, lines=EIGHTY)
    name = f"split-{order.lines.get().pk}"
    page = send(world.client("lead"), f"{order.get_absolute_url()}release/", **{name: "30"})
    assert page.status_code == 409
    assert f'name="{name}" value="30"' in page.content.decode()


def test_the_promise_at_release_costs_the_same_for_one_line_and_for_many(
    world, django_assert_max_num_queries
):
    desk.product(world, "BRG-6204", stock=1)
    counts = []
    for number in (1, 1, 12):
        order = with_content(desk.again(desk.approved_order(world, lines=EIGHTY * number)))
        with django_assert_max_num_queries(60) as asked:
            doors(order, world.lead, {})
        counts.append(len(asked))
    assert counts[1] == counts[2]  # the first reads the company


def send(client, url, **fields):
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})
