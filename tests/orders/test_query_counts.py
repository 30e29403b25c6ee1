"""Pages cost the same queries with one row and with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.calendar import is_working_day
from tests import orders_world as desk

pytestmark = pytest.mark.django_db
THREE = (("BRG-6204", "10"), ("A", "1"), ("B", "2"))


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_list_costs_the_same_with_one_order_and_with_three(world):
    desk.draft_order(world)
    client = world.client("rep")
    one = queries(client, "/orders/")
    desk.draft_order(world)
    desk.draft_order(world, of=desk.customer(world, "C-2"))

    assert queries(client, "/orders/") == one
    assert one <= 25, one


@pytest.mark.parametrize("build", ["draft_order", "order_in_review", "approved_order", "released_order"])
@pytest.mark.parametrize("who", ["rep", "lead", "manager"])
def test_an_order_costs_the_same_with_one_line_and_with_three(world, build, who):
    one = getattr(desk, build)(world)
    three = getattr(desk, build)(world, lines=THREE)
    client = world.client(who)

    cost = queries(client, one.get_absolute_url())

    assert queries(client, three.get_absolute_url()) == cost
    assert cost <= 33, cost  # stock and promises stand beside the lines, the money before production


def test_typing_costs_the_same_with_one_line_and_with_three(world):
    one, three = desk.draft_order(world), desk.draft_order(world, lines=THREE)
    client = world.client("rep")

    cost = queries(client, f"{one.get_absolute_url()}edit/")

    assert queries(client, f"{three.get_absolute_url()}edit/") == cost
    assert cost <= 30, cost  # the whole pre-check and routing stand beside the lines


def test_the_queue_costs_the_same_with_one_order_and_with_three(world):
    desk.submitted_order(world)
    client = world.client("support")
    one = queries(client, "/support/")
    desk.submitted_order(world)
    desk.submitted_order(world)

    assert queries(client, "/support/") == one
    assert one <= 25, one


def verb_costs(world, lines):
    """Queries of submission, standardisation, one decision and a release from stock."""
    for code, _quantity in lines:
        desk.product(world, code, stock=1000)
    costs = {}
    order = desk.draft_order(world, lines=lines)
    desk.paper(order, world.rep)
    people = {name: world.again(name) for name in ("rep", "support", "finance", "lead")}
    for name in people:
        people[name].has_perm("orders.view_salesorder")

    def cost(name, verb):
        with CaptureQueriesContext(connection) as found:
            verb()
        costs[name] = len(found)

    cost("submit", lambda: desk.actions.submit_order(order, actor=people["rep"]))
    cost("standardise", lambda: desk.actions.standardise_order(order, actor=people["support"]))
    cost("decide", lambda: desk.decide(world, order, "finance"))
    for who in ("support2", "manager"):
        desk.decide(world, order, who)
    desk.confirm_back(world, order)
    desk.pay(world, order)
    cost("release", lambda: desk.actions.release_order(order, actor=people["lead"]))
    return costs


def test_verbs_cost_the_same_with_one_line_and_with_three(world):
    is_working_day(timezone.localdate())  # the calendar is read once a request
    desk.submitted_order(world, lines=(("FIRST", "1"),))  # the customer's first order opens its account
    one = verb_costs(world, (("BRG-6204", "1"),))
    three = verb_costs(world, (("BRG-6204", "1"), ("A", "1"), ("B", "1")))

    assert three == one
