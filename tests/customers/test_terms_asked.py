"""R3.2, R5.7: terms that are asked for make sense, and the currency stays while anything stands in it."""

import pytest

from core.rules import Blocked
from customers.models import Customer
from orders.actions import cancel_order, lose_quotation
from tests.customers.test_changes import all_of, ask, decide, refused
from tests.orders_world import customer, draft_order, sent_quotation
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def known(world):
    return customer(world)


@pytest.mark.rule("R3.2")
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"payment_terms": "deposit"}, ["deposit_percent"]),
        ({"payment_terms": "credit"}, ["credit_days"]),
        ({"credit_days": 90}, ["credit_days"]),
        ({"deposit_percent": 30}, ["deposit_percent"]),
        ({"credit_line": True}, ["credit_limit"]),
        ({"credit_limit": 500}, ["credit_limit"]),
        (
            {"payment_terms": "deposit", "credit_days": 5, "credit_line": True},
            ["deposit_percent", "credit_days", "credit_limit"],
        ),
    ],
)
def test_terms_that_contradict_themselves_are_not_asked_for(world, known, changes, fields):
    before = all_of()
    with pytest.raises(Blocked) as refusal:
        ask(world, known, changes=changes)
    assert all_of() == before
    assert [(each.rule, each.field_name) for each in refusal.value.reasons] == [
        ("R3.2", name) for name in fields
    ]


@pytest.mark.rule("R3.2")
def test_what_contradicted_itself_before_keeps_no_other_change_back(world, known):
    Customer.objects.update(credit_limit=500, payment_terms="credit")

    assert ask(world, known, changes={"klass": "B"}).number == 1


@pytest.mark.rule("R5.7")
def test_the_currency_stays_while_an_order_or_a_quotation_stands_in_it(world, known):
    order, quotation = draft_order(world, of=known), sent_quotation(world, of=known)
    to_dollars = {"changes": {"currency": "USD"}}

    with pytest.raises(Blocked) as refusal:
        ask(world, known, **to_dollars)
    assert [each.key for each in refusal.value.reasons] == ["nothing_stands_in_the_old_currency"]
    for paper in (order.number, str(quotation)):
        assert paper in refusal.value.reasons[0].sentence

    cancel_order(order, reason="改币种", actor=world.rep)
    lose_quotation(quotation, reason="改币种", actor=world.rep)
    change = ask(world, known, **to_dollars)
    draft_order(world, of=known)
    decide(world, change, "finance", "finance")
    assert refused(decide, world, change, "manager", "manager") == ["R5.7"]
    assert Customer.objects.get().currency == "CNY"
