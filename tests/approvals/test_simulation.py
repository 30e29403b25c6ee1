"""Who will decide, and what another limit would have done to last month's orders (R2.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import give_delegation
from approvals.authority import route_order
from approvals.models import AuthorityLimit
from approvals.routing import routing
from approvals.simulation import simulate
from core.memo import forget_all
from tests.approvals.cases import opened, order_facts

pytestmark = pytest.mark.django_db


def names(way):
    return {each["kind"]: [person["name"] for person in each["people"]] for each in way}


@pytest.mark.rule("R2.2")
def test_who_will_decide_is_said_by_name_before_it_is_handed_over(world):
    way = routing(order_facts(world, "200000", made_to_order=True), team=world.north, reader=world.gm)
    assert {kind: people for kind, people in names(way).items() if kind != "support"} == {
        "finance": [str(world.finance)],
        "technical": [str(world.tech)],
        "manager": [str(world.manager)],
        "general": [str(world.gm)],
    }
    assert set(names(way)["support"]) == {str(world.support), str(world.support2), str(world.lead)}
    assert way[-1]["triggers"][0]["sentence"].startswith("The amount of 200,000")


@pytest.mark.rule("R2.10")
def test_who_entered_it_is_not_named_but_who_decides_in_their_place(world):
    barred = {world.manager.pk, world.support.pk, world.finance.pk}
    way = names(routing(order_facts(world), team=world.north, reader=world.gm, barred=barred))
    assert set(way["support"]) == {str(world.support2), str(world.lead)}
    assert set(way["manager"]) == {str(world.head), str(world.gm)}
    assert way["finance"] == [str(world.gm)]


@pytest.mark.rule("R2.12")
def test_who_is_away_is_named_with_who_stands_in(world):
    now = timezone.now()
    give_delegation(
        actor=world.manager,
        substitute=world.manager2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=5),
        reason="Leave",
    )
    forget_all()
    manager = next(
        each
        for each in routing(order_facts(world), team=world.north, reader=world.gm)
        if each["kind"] == "manager"
    )
    assert [(each["name"], each["substitute"]) for each in manager["people"]] == [
        (str(world.manager), str(world.manager2))
    ]
    assert manager["people"][0]["away"]


@pytest.mark.rule("R2.2", "R10.2")
def test_a_figure_that_one_may_not_see_is_left_out_and_the_step_is_not(world):
    facts = order_facts(world, margin=Decimal(3), line_margin=Decimal(3))
    for reader, shown in ((world.gm, 1), (world.rep, 0)):
        way = routing(facts, team=world.north, reader=reader)
        assert (way[-1]["kind"], len(way[-1]["triggers"])) == ("general", shown)


def month_of_orders(world, amounts):
    for number, amount in enumerate(amounts):
        route = route_order(order_facts(world, amount))
        opened(world, amount, reference=f"HB-{number}", plan=route.steps, **route.kept())


def wish(**more):
    limits = {"max_discount": 10, "max_deviation": 10, "min_margin": 10, "max_payment_days": 60}
    return AuthorityLimit(**{**limits, "max_amount": Decimal(50_000), **more})


@pytest.mark.rule("R2.2")
def test_a_simulation_names_each_order_that_would_take_another_way_and_writes_nothing(world):
    month_of_orders(world, ["40000", "60000", "90000", "200000"])
    now = timezone.now()
    span = {"since": now - timedelta(days=30), "until": now + timedelta(minutes=1)}
    lower = simulate(wish(), **span)
    assert sorted(each.reference for each in lower.more) == ["HB-1", "HB-2"]
    assert (lower.fewer, lower.examined, lower.is_cut) == ([], 4, False)
    assert "50,000" in lower.more[0].why[0]["sentence"]
    higher = simulate(wish(person=world.manager, max_amount=Decimal(900_000)), **span)
    assert ([each.reference for each in higher.fewer], higher.more) == (["HB-3"], [])
    other = simulate(wish(person=world.manager2), **span)
    assert (other.more, other.fewer) == ([], [])
    late = simulate(wish(), since=now + timedelta(days=1), until=now + timedelta(days=2))
    assert late.examined == 0
    assert not AuthorityLimit.objects.exists()


@pytest.mark.rule("R2.2")
def test_a_simulation_costs_the_same_for_one_order_and_for_twenty(world):
    def cost():
        now = timezone.now()
        with CaptureQueriesContext(connection) as asked:
            simulate(wish(), since=now - timedelta(days=30), until=now + timedelta(minutes=1))
        return len(asked)

    month_of_orders(world, ["60000"])
    one = cost()
    month_of_orders(world, [f"{60 + number}000" for number in range(20)])
    assert cost() == one <= 4
