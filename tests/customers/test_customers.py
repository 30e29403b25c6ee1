"""R3.1, R3.2: a customer's record, who changes which part of it, and its block."""

import pytest
from django.db import IntegrityError, transaction

from core import invariants
from core.models import Event
from core.rules import Blocked, Stale
from customers import actions
from customers.models import Contact, CreditAccount, Customer
from tests.orders_world import customer
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def record_of(known):
    return Customer.objects.values().get(pk=known.pk) | {"contacts": Contact.objects.count()}


def refused(known, verb, *args, **kwargs):
    """The rules by which the verb was refused, after nothing was changed."""
    before, events = record_of(known), Event.objects.count()
    with pytest.raises(Blocked) as refusal:
        verb(*args, **kwargs)
    assert (record_of(known), Event.objects.count()) == (before, events)
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R3.1")
def test_a_customer_has_team_rep_contacts_addresses_terms_and_an_empty_credit_account(world):
    made = actions.create_customer(
        name="苏州镕鑫精密",
        owner=world.rep,
        team=world.north,
        actor=world.rep,
        tax_id="91320594MA1XXXXX0X",
        contacts=[{"name": "王琳", "phone": "0512-1", "is_default": True}],
        addresses=[{"text": "苏州市星湖街 328 号"}],
    )

    assert (made.code, made.initials, made.klass) == ("C00001", "szrxjm", "C")
    assert (made.contacts.get().name, made.addresses.get().text) == ("王琳", "苏州市星湖街 328 号")
    assert CreditAccount.objects.get(customer=made).exposure == 0
    assert Event.objects.get(verb="customer.created").thread == "customer:C00001"


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize("code", ["new", "a/b", "a b", "../x"])
def test_a_code_can_stand_in_an_address(world, code):
    known = customer(world)
    fields = {"name": "镕", "owner": world.rep, "team": world.north, "actor": world.rep, "code": code}
    assert refused(known, actions.create_customer, **fields) == ["R3.1"]


@pytest.mark.rule("R3.1")
def test_a_code_is_taken_once(world):
    customer(world, "C-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.create_customer(name="又一家", code="C-1", owner=world.rep, team=world.north, actor=world.rep)
    assert Customer.objects.count() == 1


@pytest.mark.rule("R3.1")
def test_the_rep_of_another_team_cannot_own_it(world):
    known = customer(world)
    change = {"version": known.version, "owner": world.rep2, "actor": world.manager}
    assert refused(known, actions.update_customer, known, **change) == ["R3.1"]


@pytest.mark.rule("R3.2")
@pytest.mark.parametrize(
    "change",
    [
        {"klass": "A"},
        {"credit_line": True},
        {"credit_limit": 50000},
        {"payment_terms": "credit"},
        {"credit_days": 60},
        {"deposit_percent": 30},
    ],
)
def test_a_rep_changes_neither_class_nor_credit_nor_terms(world, change):
    known = customer(world)
    change |= {"version": known.version, "reason": "客户要求", "actor": world.rep}
    assert refused(known, actions.update_customer, known, **change) == ["R3.2"]


@pytest.mark.rule("R3.2")
def test_finance_changes_them_with_a_reason_and_both_values_are_kept(world):
    known = customer(world)
    change = {"credit_line": True, "credit_limit": 50000, "actor": world.finance}
    assert refused(known, actions.update_customer, known, version=known.version, **change) == ["R3.2"]

    known = actions.update_customer(known, version=known.version, reason="年度授信", **change)

    assert (known.credit_line, known.credit_limit, known.version) == (True, 50000, 2)
    event = Event.objects.get(verb="customer.updated")
    assert (event.reason, event.facts["old"]["credit_limit"], event.facts["new"]["credit_limit"]) == (
        "年度授信",
        "0.00",
        "50000",
    )


@pytest.mark.rule("R3.1")
def test_contacts_are_replaced_only_where_they_differ(world):
    known = customer(world)
    kept = known.contacts.get()
    same = [{"name": kept.name, "phone": kept.phone, "is_default": True}]
    known = actions.update_customer(known, version=1, contacts=same, actor=world.rep)
    assert known.contacts.get() == kept
    assert not Event.objects.filter(verb="customer.updated").exists()

    known = actions.update_customer(
        known, version=2, contacts=[*same, {"name": "李四"}], name="镕鑫新名", actor=world.rep
    )
    assert sorted(known.contacts.values_list("name", flat=True)) == ["李四", "王琳"]
    assert known.initials == "rxxm"


def test_an_old_page_changes_nothing(world):
    known = customer(world)
    actions.update_customer(known, version=1, name="先来的", actor=world.rep)
    with pytest.raises(Stale):
        actions.update_customer(known, version=1, name="后到的", actor=world.rep)
    assert Customer.objects.get().name == "先来的"


@pytest.mark.rule("R3.1")
def test_a_block_has_a_reason_and_stays_until_it_is_lifted(world):
    known = customer(world)
    assert refused(known, actions.block_customer, known, reason=" ", actor=world.finance) == ["R3.2"]
    assert refused(known, actions.block_customer, known, reason="欠款", actor=world.rep) == ["R10.2"]
    assert refused(known, actions.unblock_customer, known, reason="已付", actor=world.finance) == ["R3.1"]

    known = actions.block_customer(known, reason="欠款九十天", actor=world.finance)
    assert known.is_blocked
    assert refused(known, actions.block_customer, known, reason="再锁", actor=world.finance) == ["R3.1"]
    assert list(Customer.objects.blocked()) == [known]

    known = actions.unblock_customer(known, reason="已付清", actor=world.finance)
    assert (known.is_blocked, known.block_reason) == (False, "")
    verbs = ["customer.blocked", "customer.unblocked"]
    assert list(Event.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", flat=True)) == verbs
    assert invariants.broken() == {}


@pytest.mark.rule("R10.2")
def test_each_sees_the_customers_that_are_theirs(world):
    north = customer(world, "C-N")
    east = customer(world, "C-E", owner=world.rep2)
    portal = world.customer
    north.portal_users.add(portal)

    def seen(name):
        return set(Customer.objects.visible_to(world.people[name]).values_list("code", flat=True))

    assert seen("rep") == seen("manager") == {"C-N"}
    assert seen("rep2") == seen("manager2") == {"C-E"}
    assert seen("support") == seen("finance") == seen("gm") == {"C-N", "C-E"}
    assert seen("customer") == {"C-N"}
    assert seen("admin") == set()
    assert east.team == world.east
