"""The decision table: amount × discount × deviation × margin × terms × credit × class × making → these steps.

For exactly these reasons, too, and each names its rule. What comes out of real orders is in
tests/orders/test_decision_table.py.
"""

import itertools
from decimal import Decimal

import pytest

from approvals.authority import Limits, OrderFacts, choose, plan_order, route_by, usual
from approvals.models import AuthorityLimit
from approvals.parameters import USUAL
from approvals.states import JOINT, StepKind
from approvals.triggers import told
from approvals.weighing import Part, beside
from tests.approvals.cases import order_facts

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("R2.1", "R2.2", "R2.3", "R2.4", "R2.8", "R2.9", "R3.2", "R6.11"),
]
MANAGER, NORTH = 7, 3
#: What every order needs: step → (rule, reason).
ALWAYS = {
    "support": {("R2.1", "every_order")},
    "finance": {("R2.3", "terms")},
    "manager": {("R2.1", "every_order")},
}
SEQUENCE = {"manager": 2, "general": 3}
TEAM = [str(kind) for kind in JOINT]


def general(*names, rule="R2.2"):
    return {"general": {(rule, name) for name in names}}


def team(name):
    return {kind: {("R2.4", name)} for kind in TEAM}


NOTHING = {}
AMOUNTS = [
    ({"amount": "0.01"}, NOTHING),
    ({"amount": "100000"}, NOTHING),
    ({"amount": "100000.01"}, general("amount")),
    ({"amount": "500000"}, general("amount")),
    ({"amount": "500000.01"}, general("amount") | team("major")),
]
DISCOUNTS = [({"max_discount": "10"}, NOTHING), ({"max_discount": "10.01"}, general("discount"))]
DEVIATIONS = [
    ({"max_deviation": "10"}, NOTHING),
    ({"max_deviation": "10.0000001"}, general("deviation")),
    ({"max_deviation": "25", "agreed": True}, general("deviation_agreed")),
]
MARGINS = [
    ({}, NOTHING),
    ({"margin": "10", "line_margin": "10"}, NOTHING),
    ({"margin": "9.9999999", "line_margin": "9.9999999"}, general("margin")),
    ({"margin": "30", "line_margin": "-465"}, general("line_margin")),
    ({"margin": "9", "line_margin": "8"}, general("margin", "line_margin")),
    ({"margin": "30", "line_margin": "30", "unknown_costs": (2,)}, {"manager": {("R6.11", "cost_unknown")}}),
    (
        {"unknown_costs": (1, 2)},
        {"manager": {("R6.11", "cost_unknown")}} | general("no_margin", rule="R6.11"),
    ),
]
TERMS_AND_CREDIT = [
    ({"payment_days": 60}, NOTHING),
    ({"payment_days": 61}, general("payment_days")),
    ({"credit_exceeded_by": "0.01", "payment_days": 30}, general("credit")),
    ({"has_credit": False}, NOTHING),
    ({"has_credit": False, "payment_days": 1}, general("no_credit")),
    ({"has_credit": False, "payment_days": 90}, general("no_credit", "payment_days")),
    (
        {"terms_eased": {"production": {"now": "0", "agreed": "30"}, "days": {"now": "60", "agreed": "0"}}},
        general("terms_production", "terms_days", rule="R3.2"),
    ),
]
CLASSES = [
    ({"klass": "normal"}, NOTHING),
    ({"klass": "urgent"}, NOTHING),
    ({"klass": "special", "special": True}, general("special") | team("joint_special")),
]
MAKING = [
    ({}, NOTHING),
    ({"made_to_order": True}, {"technical": {("R2.8", "made_to_order")}}),
    ({"promise_needed": True}, {"production": {("R2.9", "promise_needed")}}),
]
HEADS = [*itertools.product(AMOUNTS, CLASSES)]
#: Currency, amount, what it comes to → what that makes of it.
CURRENCIES = [
    ("R2.2", {"currency": "USD", "amount": "14000", "amount_company": "99400", "rate": "7.1"}, NOTHING),
    (
        "R2.2",
        {"currency": "USD", "amount": "99990", "amount_company": "709929", "rate": "7.1"},
        general("amount"),
    ),
    (
        "R2.4",
        {"currency": "USD", "amount": "99990", "amount_company": "709929", "rate": "7.1"},
        team("major"),
    ),
    ("R2.2", {"currency": "JPY", "amount": "120000", "amount_company": "5800", "rate": "0.048335"}, NOTHING),
    ("R2.2", {"currency": "USD", "amount": "0.01"}, general("no_rate")),
    ("R2.4", {"currency": "USD", "amount": "0.01"}, team("no_rate")),
]


def decimals(more):
    text = {
        name for name, value in more.items() if isinstance(value, str) and name not in ("currency", "klass")
    }
    return {name: Decimal(value) if name in text else value for name, value in more.items()}


def facts_of(*more, **parts):
    known = {"amount": Decimal(1), "currency": "CNY", "team_manager_id": MANAGER, "team_id": NORTH}
    for each in more:
        known |= decimals(each)
    return OrderFacts(**known, parts=parts)


def reasons(steps):
    """Step → its reasons, as (rule, name)."""
    return {str(step.kind): {(each["rule"], each["name"]) for each in step.triggers} for step in steps}


def expected(*wanted):
    found = {step: set(why) for step, why in ALWAYS.items()}
    for each in wanted:
        for step, why in each.items():
            found.setdefault(step, set()).update(why)
    if "general" in found:  # who decides last is told what the manager was told
        found["general"] |= found["manager"] - ALWAYS["manager"]
    return found


@pytest.mark.parametrize(("amount", "klass"), HEADS, ids=lambda row: "-".join(map(str, row[0].values())))
def test_these_facts_need_exactly_these_steps_for_exactly_these_reasons(amount, klass):
    limits, rows = Limits(usual()), 0
    for more in itertools.product(DISCOUNTS, DEVIATIONS, MARGINS, TERMS_AND_CREDIT, MAKING):
        row = (amount, klass, *more)
        steps = route_by(facts_of(*(each[0] for each in row)), limits).steps
        assert reasons(steps) == expected(*(each[1] for each in row)), [each[0] for each in row]
        assert {str(step.kind): step.sequence for step in steps} == {
            kind: SEQUENCE.get(kind, 1) for kind in reasons(steps)
        }
        assert len(steps) == len(reasons(steps))
        rows += 1
    assert rows == 2 * 3 * 7 * 7 * 3


@pytest.mark.parametrize(("rule", "more", "besides"), CURRENCIES)
def test_an_amount_counts_by_its_rate_and_without_one_it_is_beyond_every_limit(rule, more, besides):
    found = reasons(route_by(facts_of(more), Limits(usual())).steps)
    converted = {("R2.2", "converted")} if "rate" in more else set()
    assert found["manager"] - ALWAYS["manager"] == converted
    for step, why in besides.items():
        assert why <= found[step]
        assert rule in {each for each, _name in found[step]}
    if not besides:
        assert found.keys() == ALWAYS.keys()


def row(**more):
    """A row of the matrix as wide as the usual limits, but for what is said."""
    return AuthorityLimit(**{**USUAL, **decimals_of_row(more)})


def decimals_of_row(more):
    return {
        name: Decimal(value) if isinstance(value, str) and name[:4] in ("max_", "min_") else value
        for name, value in more.items()
    }


def mold(**more):
    return Part(name="模具", **decimals(more))


#: Rows of the matrix, facts, parts → what the general manager decides on, by rule.
MATRIX = [
    ("R2.2", [{"max_amount": "900000"}], {"amount": "400000"}, {}, set()),
    ("R2.2", [{"may_special": True}], {"special": True}, {}, set()),
    ("R2.2", [{"may_exceed_credit": True}], {"credit_exceeded_by": "9", "has_credit": False}, {}, set()),
    ("R2.2", [{"min_margin": "0"}], {"margin": "0.5", "line_margin": "0.5"}, {}, set()),
    ("R6.11", [{"min_margin": "0"}], {"unknown_costs": (1,)}, {}, set()),
    ("R2.2", [{"min_margin": "0"}], {"margin": "5", "line_margin": "-0.1"}, {}, {"line_margin"}),
    # a category's row measures that category's lines, by every figure that it holds
    ("R2.2", [{"category": "MOLD", "max_amount": "10"}], {"amount": "50"}, {"MOLD": {"amount": "10"}}, set()),
    (
        "R2.2",
        [{"category": "MOLD", "max_amount": "10"}],
        {"amount": "50"},
        {"MOLD": {"amount": "10.01"}},
        {"category_amount"},
    ),
    ("R2.2", [{"category": "MOLD", "max_amount": "10"}], {"amount": "50"}, {"BOLT": {"amount": "50"}}, set()),
    (
        "R2.2",
        [{"category": "MOLD", "max_discount": "0", "min_margin": "50"}],
        {"amount": "50", "max_discount": "9", "margin": "11", "line_margin": "11"},
        {"MOLD": {"amount": "50", "discount": "9", "margin": "11", "line_margin": "11"}},
        {"category_discount", "category_margin"},
    ),
    (
        "R2.2",
        [{"category": "MOLD", "max_discount": "30", "max_deviation": "30", "min_margin": "0"}],
        {"max_discount": "20", "max_deviation": "20", "margin": "5", "line_margin": "5"},
        {"MOLD": {"discount": "20", "deviation": "20", "margin": "5", "line_margin": "5"}, "BOLT": {}},
        set(),
    ),
    (
        "R2.2",
        [{"category": "MOLD", "max_discount": "30", "max_deviation": "30"}],
        {"max_discount": "20", "max_deviation": "20"},
        {"MOLD": {"discount": "5"}, "BOLT": {"discount": "20", "deviation": "20"}},
        {"discount", "deviation"},
    ),
    (
        "R2.2",
        [{"category": "MOLD", "max_deviation": "1"}],
        {"max_deviation": "5"},
        {"MOLD": {"deviation": "5", "agreed": True}},
        {"category_deviation_agreed"},
    ),
    (
        "R2.2",
        [{"category": "MOLD", "min_margin": "20"}],
        {"margin": "40", "line_margin": "12"},
        {"MOLD": {"margin": "30", "line_margin": "12"}},
        {"category_line_margin"},
    ),
    (
        "R2.2",
        [{"category": "MOLD", "max_amount": "300000"}],
        {"amount": "380000"},
        {"MOLD": {"amount": "290000"}, "BOLT": {"amount": "90000"}},
        set(),
    ),
    (
        "R2.2",
        [{"category": "MOLD", "max_amount": "300000"}],
        {"amount": "400000"},
        {"MOLD": {"amount": "290000"}, "BOLT": {"amount": "110000"}},
        {"amount"},
    ),
    (  # both categories at once
        "R2.2",
        [{"category": "MOLD", "max_amount": "10"}, {"category": "BOLT", "max_amount": "20"}],
        {"amount": "33"},
        {"MOLD": {"amount": "11"}, "BOLT": {"amount": "22"}},
        {"category_amount"},
    ),
    (  # one's own row before a general category's
        "R2.2",
        [{"person_id": MANAGER, "max_amount": "10000"}, {"category": "MOLD", "max_amount": "300000"}],
        {"amount": "290000"},
        {"MOLD": {"amount": "290000"}},
        {"amount"},
    ),
    (
        "R2.2",
        [{"role": "sales_manager", "max_amount": "10000"}, {"category": "MOLD", "max_amount": "300000"}],
        {"amount": "290000"},
        {"MOLD": {"amount": "290000"}},
        {"amount"},
    ),
    (  # one's own category row before one's own row, in whatever team
        "R2.2",
        [
            {"person_id": MANAGER, "team_id": NORTH, "max_amount": "10000"},
            {"person_id": MANAGER, "category": "MOLD", "max_amount": "300000"},
        ],
        {"amount": "290000"},
        {"MOLD": {"amount": "290000"}},
        set(),
    ),
    (  # another manager's rows are nobody else's
        "R2.2",
        [{"person_id": 99, "max_amount": "900000"}, {"team_id": 99, "max_amount": "900000"}],
        {"amount": "100001"},
        {},
        {"amount"},
    ),
    (  # days, credit and class are the whole order's
        "R2.2",
        [{"category": "MOLD", "max_payment_days": 0, "may_special": True, "may_exceed_credit": True}],
        {"amount": "5", "payment_days": 60, "special": True, "credit_exceeded_by": "1"},
        {"MOLD": {"amount": "5"}},
        {"special", "credit"},
    ),
]


@pytest.mark.parametrize(("rule", "rows", "more", "parts", "besides"), MATRIX)
def test_rows_of_the_matrix_move_exactly_what_they_say(rule, rows, more, parts, besides):
    facts = facts_of(more, **{code: mold(**each) for code, each in parts.items()})
    limits = choose([row(**each) for each in rows], facts, roles={"sales_manager"})
    found = reasons(route_by(facts, limits).steps).get("general", set())
    assert {name for _rule, name in found} == besides
    assert not besides or rule in {each for each, _name in found}


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        ("12.04", "10", "12.0"),
        ("10.04", "10", "10.04"),
        ("10.0000004", "10", "10.0000004"),
        ("9.95", "10", "9.95"),
        ("9.94", "10", "9.9"),
        ("-465.31", "10", "-465.3"),
        ("10", "10", "10.0"),
    ],
)
def test_a_figure_is_shown_as_finely_as_it_takes_to_tell_it_from_its_limit(value, limit, shown):
    assert str(beside(Decimal(value), Decimal(limit))) == shown


def test_a_price_a_hair_beyond_the_limit_is_beyond_and_is_shown_so():
    steps = route_by(
        facts_of({"max_deviation": "10.04", "margin": "9.95", "line_margin": "9.95"}), Limits(usual())
    )
    assert [each["sentence"] for each in told(steps.steps[-1].triggers)] == [
        "The price is 10.04 % below the list, 0.04 points beyond the limit of 10 %.",
        "The margin of 9.95 % is 0.05 points under the floor of 10 %.",
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_the_most_specific_row_wins_whatever_the_order_they_were_written_in(order):
    rows = [
        {"max_amount": 1},
        {"role": "sales_manager", "max_amount": 2},
        {"role": "sales_manager", "team_id": NORTH, "max_amount": 3},
        {"person_id": MANAGER, "max_amount": 4},
        {"person_id": MANAGER, "team_id": NORTH, "max_amount": 5},
    ]
    facts, elsewhere = facts_of({}), facts_of({"team_id": NORTH + 1})
    for count in range(1, 6):
        kept = [row(**each) for each in rows[:count]][::order]
        assert choose(kept, facts, roles={"sales_manager"}).base.max_amount == count
    assert choose([row(**each) for each in rows], elsewhere, roles={"sales_manager"}).base.max_amount == 4
    assert choose([row(**each) for each in rows[:3]], elsewhere, roles={"sales_head"}).base.max_amount == 1


def test_facts_come_back_from_the_case_as_they_were_kept(world):
    part = mold(amount="3", deviation="1.5", margin="8", line_margin="8")
    more = {"margin": "8", "line_margin": "8", "rate": "7.1", "unknown_costs": (1, 4)}
    facts = facts_of({"amount": "20.50", "special": True, **more}, MOLD=part)
    assert OrderFacts.from_kept(facts.kept()) == facts
    assert OrderFacts.from_kept(order_facts(world).kept()) == order_facts(world)


def test_facts_of_before_the_parts_still_know_their_categories():
    facts = OrderFacts.from_kept(
        {"amount": "9", "currency": "CNY", "team_manager_id": 1, "margin": None, "categories": {"MOLD": "3"}}
    )
    assert (facts.categories, facts.parts["MOLD"].amount, facts.margin) == (["MOLD"], 3, None)


def test_every_kind_of_step_is_planned_by_some_row_or_by_a_shipment(world):
    every = order_facts(world, "600000", made_to_order=True, promise_needed=True)
    planned = {str(step.kind) for step in plan_order(every)}
    assert {str(kind) for kind in StepKind} - planned == {"head"}  # shipments: R5.5
