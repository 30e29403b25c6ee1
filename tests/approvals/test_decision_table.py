"""The decision table: the facts of an order and exactly the steps it then needs; each row names its rule."""

from decimal import Decimal

import pytest
from django.utils import timezone

from approvals.authority import OrderFacts, plan_order, route_order
from approvals.models import AuthorityLimit
from approvals.states import JOINT, StepKind
from inventory.models import ProductCategory
from tests.approvals.cases import order_facts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.1", "R2.2", "R2.3", "R2.4", "R2.8", "R2.9")]
ALWAYS = {"support", "finance", "manager"}
TEAM = {str(kind) for kind in JOINT}
GENERAL = {"general"}
#: rule, amount, other facts, what comes besides the three steps of every order
TABLE = [
    ("R2.1", "0.01", {}, set()),
    ("R2.2", "100000", {}, set()),
    ("R2.2", "100000.01", {}, GENERAL),
    ("R2.2", "1", {"max_discount": "10"}, set()),
    ("R2.2", "1", {"max_discount": "10.01"}, GENERAL),
    ("R2.2", "1", {"max_deviation": "10.01"}, GENERAL),
    ("R2.2", "1", {"margin": "10"}, set()),
    ("R2.2", "1", {"margin": "9.99"}, GENERAL),
    ("R6.11", "1", {"margin": None}, set()),
    ("R2.2", "1", {"payment_days": 60}, set()),
    ("R2.2", "1", {"payment_days": 61}, GENERAL),
    ("R2.2", "1", {"credit_exceeded_by": "0.01"}, GENERAL),
    ("R2.2", "1", {"has_credit": False}, set()),
    ("R2.2", "1", {"has_credit": False, "payment_days": 1}, GENERAL),
    ("R1.5", "1", {"klass": "urgent"}, set()),
    ("R2.4", "1", {"special": True}, TEAM | GENERAL),
    ("R2.2", "500000", {}, GENERAL),
    ("R2.4", "500000.01", {}, TEAM | GENERAL),
    ("R2.8", "1", {"made_to_order": True}, {"technical"}),
    ("R2.9", "1", {"promise_needed": True}, {"production"}),
    ("R2.9", "1", {"made_to_order": True, "promise_needed": True}, {"technical", "production"}),
    (
        "R2.4",
        "600000",
        {"made_to_order": True, "promise_needed": True, "special": True, "max_discount": "50"},
        TEAM | GENERAL | {"technical", "production"},
    ),
    ("R2.2", "20000", {"currency": "USD", "amount_company": "142000"}, GENERAL),
    ("R2.2", "120000", {"currency": "JPY", "amount_company": "6000"}, set()),
    ("R2.4", "80000", {"currency": "USD", "amount_company": "568000"}, TEAM | GENERAL),
]
#: The same, where the manager's team has this row of the matrix.
WIDER = [
    ("R2.2", {"max_amount": "900000"}, "400000", {}, set()),
    ("R2.4", {"max_amount": "900000"}, "600000", {}, TEAM),
    ("R2.2", {"may_special": True}, "1", {"special": True}, TEAM),
    ("R2.2", {"may_exceed_credit": True}, "1", {"credit_exceeded_by": "9", "has_credit": False}, set()),
    ("R2.2", {"min_margin": "0"}, "1", {"margin": "0.5"}, set()),
    ("R2.2", {"category": "MOLD", "max_amount": "10"}, "50", {"categories": {"MOLD": "10"}}, set()),
    ("R2.2", {"category": "MOLD", "max_amount": "10"}, "50", {"categories": {"MOLD": "10.01"}}, GENERAL),
    ("R2.2", {"category": "MOLD", "max_amount": "10"}, "50", {"categories": {"BOLT": "50"}}, set()),
    (
        "R2.2",
        {"category": "MOLD", "max_amount": "300000"},
        "380000",
        {"categories": {"MOLD": "290000", "BOLT": "90000"}},
        set(),
    ),
    (
        "R2.2",
        {"category": "MOLD", "max_amount": "300000"},
        "400000",
        {"categories": {"MOLD": "290000", "BOLT": "110000"}},
        GENERAL,
    ),
]
LIMITS = {
    "max_amount": Decimal(100_000),
    "max_discount": Decimal(10),
    "max_deviation": Decimal(10),
    "min_margin": Decimal(10),
    "max_payment_days": 60,
}


def figures(more):
    numbers = {
        name: Decimal(value) if isinstance(value, str) and value.replace(".", "").isdigit() else value
        for name, value in more.items()
    }
    if "categories" in numbers:
        numbers["categories"] = {code: Decimal(each) for code, each in numbers["categories"].items()}
    return numbers


def facts_of(world, amount, more):
    known = {"currency": "CNY", "team_manager_id": world.manager.pk, "team_id": world.north.pk}
    return OrderFacts(**{**known, "amount": Decimal(amount), **figures(more)})


@pytest.mark.parametrize(("rule", "amount", "more", "besides"), TABLE)
def test_these_facts_need_exactly_these_steps(world, rule, amount, more, besides):
    plan = plan_order(facts_of(world, amount, more))
    assert {str(step.kind) for step in plan} == ALWAYS | besides
    assert len(plan) == len(ALWAYS | besides)
    assert {str(step.kind): step.sequence for step in plan} == dict.fromkeys(
        (ALWAYS | besides) - {"manager", "general"}, 1
    ) | {"manager": 2} | dict.fromkeys(besides & GENERAL, 3)
    for step in plan:
        assert step.triggers, step.kind
    if besides and rule in ("R2.2", "R2.4", "R2.8", "R2.9"):
        assert rule in {each["rule"] for step in plan for each in step.triggers}


@pytest.mark.parametrize(("rule", "row", "amount", "more", "besides"), WIDER)
def test_a_row_of_the_matrix_moves_exactly_what_it_says(world, rule, row, amount, more, besides):
    AuthorityLimit.objects.create(**{**LIMITS, "person": world.manager, **figures(row)})
    plan = plan_order(facts_of(world, amount, more))
    assert {str(step.kind) for step in plan} == ALWAYS | besides
    elsewhere = OrderFacts(
        **{
            **{"currency": "CNY", "amount": Decimal(amount), **figures(more)},
            **{"team_manager_id": world.manager2.pk, "team_id": world.east.pk},
        }
    )
    if not besides & GENERAL and "category" not in row:
        assert {str(step.kind) for step in plan_order(elsewhere)} >= GENERAL


@pytest.mark.rule("R2.2")
def test_the_most_specific_row_wins_whatever_the_order_they_were_written_in(world):
    rows = [
        {"max_amount": 1},
        {"role": "sales_manager", "max_amount": 2},
        {"role": "sales_manager", "team": world.north, "max_amount": 3},
        {"person": world.manager, "max_amount": 4},
        {"person": world.manager, "team": world.north, "max_amount": 5},
    ]
    facts = facts_of(world, "1", {})
    for row in rows:
        AuthorityLimit.objects.create(**{**LIMITS, **row})
        assert route_order(facts).limits.base.max_amount == row["max_amount"]
    assert route_order(facts_of(world, "1", {"team_id": world.east.pk})).limits.base.max_amount == 4


@pytest.mark.rule("R2.2")
def test_a_row_that_has_ended_gives_way_to_the_next(world):
    today = timezone.localdate()
    past = today.replace(day=1)
    AuthorityLimit.objects.create(**{**LIMITS, "max_amount": 7, "effective_from": past})
    AuthorityLimit.objects.create(
        **{
            **LIMITS,
            "max_amount": 9,
            "person": world.manager,
            "effective_from": past,
            "effective_until": past,
        }
    )
    facts = facts_of(world, "1", {})
    assert route_order(facts, on=past).limits.base.max_amount == 9
    if today != past:
        assert route_order(facts, on=today).limits.base.max_amount == 7


@pytest.mark.rule("R2.2")
def test_without_a_rate_the_amount_is_compared_as_it_is_and_the_step_says_so(world):
    plan = {str(step.kind): step for step in plan_order(facts_of(world, "100001", {"currency": "USD"}))}
    assert "no_rate" in [each["name"] for each in plan["manager"].triggers]
    assert [each["name"] for each in plan["general"].triggers] == ["amount", "no_rate"]
    known = plan_order(facts_of(world, "10", {"currency": "USD", "amount_company": "71"}))
    assert "no_rate" not in [each["name"] for step in known for each in step.triggers]


@pytest.mark.rule("R2.2")
def test_facts_come_back_from_the_case_as_they_were_kept(world):
    facts = facts_of(world, "20.50", {"margin": "8", "categories": {"MOLD": "3"}, "special": True})
    assert OrderFacts.from_kept(facts.kept()) == facts
    assert OrderFacts.from_kept(order_facts(world).kept()) == order_facts(world)
    assert not ProductCategory.objects.filter(code="MOLD").exists()  # the matrix keeps codes, not products


def test_every_kind_of_step_is_planned_by_some_row_or_by_a_shipment():
    planned = ALWAYS.union(*(row[-1] for row in TABLE))
    assert {str(kind) for kind in StepKind} - planned == {"head"}  # shipments: R5.5
