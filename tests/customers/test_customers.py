"""R3.1, R3.2: a customer's record, who changes which part of it, and its block."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.queries import system_user
from core import invariants
from core.models import Event
from core.rules import Blocked, Stale
from customers import actions
from customers.models import Contact, CreditAccount, Customer
from customers.tax_identity import CHARACTERS, check_character, what_is_wrong
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
        tax_id="91350100M000100Y43",
        contacts=[{"name": "王琳", "phone": "0512-1", "is_default": True}],
        addresses=[{"text": "苏州市星湖街 328 号"}],
    )

    assert (made.code, made.initials, made.klass) == ("C00001", "szrxjm", "C")
    assert (made.contacts.get().name, made.addresses.get().text) == ("王琳", "苏州市星湖街 328 号")
    assert CreditAccount.objects.get(customer=made).exposure == 0
    assert Event.objects.get(verb="customer.created").thread == "customer:C00001"


@pytest.mark.rule("R3.1")
def test_one_contact_and_one_address_are_the_usual_ones(world):
    known = customer(world)
    before = list(known.contacts.values()), list(known.addresses.values())
    two = {"contacts": [{"name": each, "is_default": True} for each in ("王琳", "李娜")]}
    fields = {"name": "镕", "owner": world.rep, "team": world.north, "actor": world.rep, "code": "C-TWO"}
    change = {"version": known.version, "actor": world.rep}
    both = {"addresses": [{"text": each, "is_default": True} for each in ("苏州", "昆山")]}

    assert refused(known, actions.create_customer, **two, **fields) == ["R3.1"]
    assert refused(known, actions.update_customer, known, **two, **both, **change) == ["R3.1", "R3.1"]
    assert (list(known.contacts.values()), list(known.addresses.values())) == before
    assert not Customer.objects.filter(code="C-TWO").exists()


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
@pytest.mark.parametrize("who", ["rep", "manager", "finance", "gm"])
@pytest.mark.parametrize(
    "change",
    [
        {"klass": "A"},
        {"credit_grade": "AAA"},
        {"credit_line": True},
        {"credit_limit": 50000},
        {"payment_terms": "credit"},
        {"credit_days": 60},
        {"deposit_percent": 30},
        {"currency": "USD"},
    ],
)
def test_nobody_changes_class_credit_or_terms_alone(world, who, change):
    known = customer(world)
    change |= {"version": known.version, "actor": world.people[who]}
    assert "R3.2" in refused(known, actions.update_customer, known, **change)


@pytest.mark.rule("R3.2")
def test_a_person_adds_a_customer_on_the_usual_terms_only(world):
    known = customer(world)
    fields = {"name": "镕", "owner": world.rep, "team": world.north, "actor": world.manager}
    assert refused(known, actions.create_customer, klass="A", credit_line=True, **fields) == ["R3.2"]

    made = actions.create_customer(currency="USD", **fields)
    assert (made.klass, made.payment_terms, made.credit_line, made.currency) == ("C", "prepaid", False, "USD")


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize("wrong", ["91350100M000100Y4", "91350100M000100Y44", "91350100M000100YI3"])
def test_a_unified_social_credit_code_is_checked(world, wrong):
    known = customer(world)
    fields = {"name": "镕", "owner": world.rep, "team": world.north, "actor": world.rep}
    assert refused(known, actions.create_customer, tax_id=wrong, **fields) == ["R3.1"]
    change = {"version": known.version, "tax_id": wrong, "actor": world.manager}
    assert refused(known, actions.update_customer, known, **change) == ["R3.1"]

    assert actions.create_customer(tax_id=wrong, country="DE", **fields).tax_id == wrong
    assert (
        actions.update_customer(known, version=1, tax_id="91350100M000100Y43", actor=world.manager).version
        == 2
    )


@given(st.text(CHARACTERS, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(CHARACTERS))
def test_any_mistyped_character_of_a_credit_code_is_found(first, place, other):
    code = first + check_character(first)
    assert what_is_wrong("CN", code) == ""
    mistyped = code[:place] + other + code[place + 1 :]
    assert bool(what_is_wrong("CN", mistyped)) == (mistyped != code)


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


@pytest.mark.rule("R3.1", "R3.2")
def test_a_block_has_a_reason_and_stays_until_it_is_lifted(world):
    known, system = customer(world), system_user()
    assert refused(known, actions.block_customer, known, reason=" ", actor=system) == ["R3.2"]
    assert refused(known, actions.block_customer, known, reason="欠款", actor=world.finance) == ["R3.2"]
    assert refused(known, actions.unblock_customer, known, reason="已付", actor=system) == ["R3.1"]

    known = actions.block_customer(known, reason="欠款九十天", actor=system)
    assert known.is_blocked
    assert refused(known, actions.block_customer, known, reason="再锁", actor=system) == ["R3.1"]
    assert list(Customer.objects.blocked()) == [known]

    known = actions.unblock_customer(known, reason="已付清", actor=system)
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
