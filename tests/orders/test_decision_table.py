"""The decision table through real orders: lines, prices, terms, currency → facts → steps and their reasons.

The world is built once; each row's order and matrix are rolled back.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.queries import system_user
from approvals.authority import route_order
from approvals.models import AuthorityLimit
from approvals.parameters import USUAL
from approvals.states import JOINT
from core.parameters import reset_cache
from core.rate_actions import DayRate, set_rates
from customers.actions import add_agreements, lock_credit_account, post_exposure
from customers.queries import exposure_of
from inventory.models import PriceListItem, ProductCategory
from inventory.states import Supply
from orders import actions
from orders.findings import order_facts, pre_check
from orders.queries import with_content
from tests import orders_world as desk
from tests.world import World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("R1.7", "R2.1", "R2.2", "R2.3", "R2.4", "R2.8", "R2.9", "R6.11"),
]
DAY = date(2026, 11, 2)
TEAM = {str(kind) for kind in JOINT}
#: 13 % tax included: a price of 113 is 100 without it.
GOODS = {
    "P1": {"price": "113", "cost": Decimal(50)},  # margin 50 %
    "P2": {"price": "113", "cost": Decimal(85)},  # margin 15 %
    "NOCOST": {"price": "113", "cost": None},
    "MOLD1": {"price": "1130", "cost": Decimal(500), "category": "MOLD"},
    "MOLD2": {"price": "1130", "cost": None, "category": "MOLD"},
    "MADE": {"price": "113", "cost": Decimal(50), "supply": Supply.MAKE},
    "USD1": {"price": "113", "cost": Decimal(355)},  # for 7.1 CNY each: margin 50 %
}
CUSTOMERS = {
    "CASH": {},
    "LINE": {
        "credit_line": True,
        "credit_limit": Decimal(20000),
        "payment_terms": "credit",
        "credit_days": 30,
    },
    "LATE": {
        "credit_line": True,
        "credit_limit": Decimal(900000),
        "payment_terms": "credit",
        "credit_days": 90,
    },
    "NOLINE": {"payment_terms": "credit", "credit_days": 30},
    "AGREED": {},
    "DOLLAR": {"currency": "USD"},
    "EURO": {"currency": "EUR"},
}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Goods with list prices and costs, customers of all terms, a rate of the dollar."""
    with django_db_blocker.unblock(), transaction.atomic():
        reset_cache()
        world = World()
        molds = ProductCategory.objects.create(code="MOLD", name="模具")
        for code, fields in GOODS.items():
            stock = 0 if fields.get("supply") else 100_000
            more = {"category": molds} if "category" in fields else {}
            good = desk.product(world, code, stock=stock, **{**fields, **more})
            for currency in ("USD", "EUR"):
                prices = desk.price_list(currency)
                PriceListItem.objects.create(price_list=prices, product=good, price=Decimal(fields["price"]))
        for code, fields in CUSTOMERS.items():
            desk.customer(world, code, **fields)
        row = {"product": desk.product(world, "P1"), "price": Decimal(100), "valid_from": date(2020, 1, 1)}
        add_agreements(desk.customer(world, "AGREED"), rows=[row], actor=system_user())
        account = lock_credit_account(desk.customer(world, "LINE").pk)
        post_exposure(account, "OLD", document="OLD", actor=world.finance, ordered=Decimal(15000))
        rates = [DayRate("USD", DAY, Decimal("7.1"))]
        set_rates(rows=rates, reason="People's bank", actor=world.finance)
        yield world
        transaction.set_rollback(True)
    reset_cache()


@pytest.fixture
def world(built, db):
    return built


def line(product, quantity="1", **more):
    return {
        "product": product,
        "quantity": Decimal(quantity),
        **{name: Decimal(value) for name, value in more.items()},
    }


def row(world, person=None, **more):
    figures = {
        name: Decimal(value) if isinstance(value, str) and name != "category" else value
        for name, value in more.items()
    }
    return AuthorityLimit.objects.create(**{**USUAL, **figures, "person": person and world.people[person]})


def facts(world, customer, lines, **header):
    order = actions.create_draft(
        customer=desk.customer(world, customer),
        actor=world.rep,
        ordered_on=DAY,
        due_on=timezone.localdate() + timedelta(days=14),
        **header,
    )
    actions.save_lines(order, rows=lines, actor=world.rep)
    order = with_content(desk.again(order))
    return order, order_facts(order, exposure_of(order.customer_id))


def reasons(world, customer, lines, matrix=(), **header):
    """Step → the names of its reasons."""
    for each in matrix:
        row(world, **each)
    _order, found = facts(world, customer, lines, **header)
    return {str(step.kind): [each["name"] for each in step.triggers] for step in route_order(found).steps}


SPECIAL = {"klass": "special", "class_reason": "展会"}
#: rule, customer, lines, matrix, header → the general manager's reasons; what others are told besides
TABLE = [
    ("R2.1", "CASH", [line("P1", "10")], [], {}, [], {}),
    ("R2.2", "CASH", [line("P1", "885")], [], {}, ["amount"], {}),  # 100,005
    ("R2.2", "CASH", [line("P1", "10", discount_percent="12")], [], {}, ["discount", "deviation"], {}),
    ("R1.7", "CASH", [line("P1", "10", price="101.66")], [], {}, ["deviation"], {}),  # 10.04 % under
    ("R1.7", "CASH", [line("P1", "10", price="101.7")], [], {}, [], {}),  # 10 % under, exactly
    ("R1.7", "AGREED", [line("P1", "10", price="100")], [], {}, [], {}),  # 11.5 % under the list
    ("R1.7", "AGREED", [line("P1", "10", price="85")], [], {}, ["deviation_agreed"], {}),
    ("R6.11", "CASH", [line("P2", "10", price="105")], [], {}, ["margin"], {}),  # 8.5 % left
    ("R6.11", "CASH", [line("P1", "90"), line("P2", "1", price="105")], [], {}, ["line_margin"], {}),
    (
        "R6.11",
        "CASH",
        [line("P1", "80", price="10"), line("NOCOST", "1")],
        [],
        {},
        ["deviation", "margin", "cost_unknown"],
        {"manager": ["cost_unknown"]},
    ),
    ("R6.11", "CASH", [line("P1"), line("NOCOST")], [], {}, [], {"manager": ["cost_unknown"]}),
    (
        "R6.11",
        "CASH",
        [line("NOCOST")],
        [],
        {},
        ["no_margin", "cost_unknown"],
        {"manager": ["cost_unknown"]},
    ),
    ("R6.11", "CASH", [line("NOCOST")], [{"min_margin": "0"}], {}, [], {"manager": ["cost_unknown"]}),
    ("R2.3", "LATE", [line("P1")], [], {}, ["payment_days"], {}),
    ("R2.6", "LINE", [line("P1", "44")], [], {}, [], {}),  # 15,000 + 4,972
    ("R2.6", "LINE", [line("P1", "45")], [], {}, ["credit"], {}),
    ("R2.6", "LINE", [line("P1", "45")], [{"may_exceed_credit": True}], {}, [], {}),
    ("R2.6", "NOLINE", [line("P1")], [], {}, ["no_credit"], {}),
    (
        "R2.4",
        "CASH",
        [line("P1", "10", discount_percent="20")],
        [],
        SPECIAL,
        ["discount", "deviation", "special"],
        dict.fromkeys(TEAM, ["joint_special"]),
    ),
    ("R2.4", "CASH", [line("P1", "4430")], [], {}, ["amount"], dict.fromkeys(TEAM, ["major"])),
    (
        "R2.8",
        "LATE",
        [line("MADE", "10"), line("P1", "900")],
        [],
        {},
        ["amount", "payment_days"],
        {"technical": ["made_to_order"], "production": ["promise_needed"]},
    ),
    # other currencies
    ("R2.2", "DOLLAR", [line("USD1", "100")], [], {}, [], {"manager": ["converted"]}),  # 80,230 CNY
    ("R2.2", "DOLLAR", [line("USD1", "125")], [], {}, ["amount", "converted"], {"manager": ["converted"]}),
    (
        "R2.4",
        "DOLLAR",
        [line("USD1", "884")],  # 99,892 USD
        [],
        {},
        ["amount", "converted"],
        {"manager": ["converted"], **dict.fromkeys(TEAM, ["major"])},
    ),
    (
        "R6.11",
        "DOLLAR",
        [line("USD1", "10", price="62")],  # 54.87 without tax, 50.00 cost
        [],
        {},
        ["deviation", "margin", "converted"],
        {"manager": ["converted"]},
    ),
    ("R2.4", "EURO", [line("USD1", "1")], [], {}, ["no_rate"], dict.fromkeys(TEAM, ["no_rate"])),
    (
        "R2.2",
        "EURO",
        [line("USD1", "1", discount_percent="15")],
        [],
        {},
        ["no_rate", "discount", "deviation"],
        dict.fromkeys(TEAM, ["no_rate"]),
    ),
    # categories
    (
        "R2.2",
        "CASH",
        [line("MOLD1", "250"), line("P1", "800")],  # 282,500 and 90,400
        [{"category": "MOLD", "max_amount": "300000"}],
        {},
        [],
        {},
    ),
    (
        "R2.2",
        "CASH",
        [line("MOLD1", "270"), line("P1", "10")],
        [{"category": "MOLD", "max_amount": "300000"}],
        {},
        ["category_amount"],
        {},
    ),
    (
        "R2.2",
        "CASH",
        [line("MOLD1", "1", discount_percent="9"), line("P1", "1", discount_percent="9")],
        [{"category": "MOLD", "max_discount": "0", "min_margin": "50"}],
        {},
        ["category_discount", "category_margin"],
        {},
    ),
    (
        "R2.2",
        "CASH",
        [line("MOLD1", "256")],  # 289,280
        [{"category": "MOLD", "max_amount": "300000"}, {"person": "manager", "max_amount": "10000"}],
        {},
        ["amount"],
        {},
    ),
    (
        "R6.11",
        "CASH",
        [line("MOLD2", "1"), line("P1", "1")],
        [{"category": "MOLD", "min_margin": "60"}],
        {},
        [],
        {"manager": ["cost_unknown"]},
    ),
]


@pytest.mark.parametrize(("rule", "customer", "lines", "matrix", "header", "general", "others"), TABLE)
def test_this_order_needs_exactly_these_steps_for_these_reasons(
    world, rule, customer, lines, matrix, header, general, others
):
    wanted = {"support": ["every_order"], "finance": ["terms"], "manager": ["every_order"]}
    for step, why in others.items():
        wanted[step] = wanted.get(step, []) + why
    if general:
        wanted["general"] = general
    assert reasons(world, customer, lines, matrix, **header) == wanted


def test_every_reason_names_its_rule(world):
    _order, found = facts(world, "EURO", [line("NOCOST", "9", discount_percent="50")], **SPECIAL)
    told = {(each["rule"], each["name"]) for step in route_order(found).steps for each in step.triggers}
    assert told == {
        ("R2.1", "every_order"),
        ("R2.3", "terms"),
        ("R2.2", "no_rate"),
        ("R2.4", "no_rate"),
        ("R2.4", "joint_special"),
        ("R2.2", "discount"),
        ("R2.2", "deviation"),
        ("R2.2", "special"),
    }


def test_what_cannot_be_measured_is_found_before_anybody_decides(world):
    order, _facts = facts(world, "EURO", [line("P1")])
    found = {each["name"]: each for each in pre_check(order, exposure_of(order.customer_id))}
    assert found["order_no_rate"]["facts"] == {"code": "EUR", "day": "2026-11-02"}
    assert "order_cost_unknown" not in found
    order, _facts = facts(world, "CASH", [line("P1"), line("NOCOST"), line("MOLD2")])
    found = {each["name"]: each for each in pre_check(order, exposure_of(order.customer_id))}
    assert (found["order_cost_unknown"]["rule"], found["order_cost_unknown"]["facts"]["lines"]) == (
        "R6.11",
        "2, 3",
    )
    assert "order_no_rate" not in found


def test_a_rate_counts_from_its_day_on_and_later_ones_change_no_earlier_order(world):
    later = [DayRate("USD", DAY + timedelta(days=1), Decimal(9))]
    set_rates(rows=later, reason="People's bank", actor=world.finance)
    order, found = facts(world, "DOLLAR", [line("USD1", "100")])
    assert (found.amount, found.amount_company, found.rate) == (11300, 80230, Decimal("7.1"))
    order.ordered_on = DAY - timedelta(days=1)
    assert order_facts(order, exposure_of(order.customer_id)).lacks_rate
