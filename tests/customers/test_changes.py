"""R3.2: class, credit, terms and block change when finance and the sales manager both say yes."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import give_delegation
from core import invariants
from core.models import Event
from core.rules import Blocked, Stale
from customers import actions
from customers.models import Customer, CustomerChange
from tests.orders_world import customer
from tests.world import World

pytestmark = pytest.mark.django_db
TERMS = {
    "klass": "B",
    "credit_line": True,
    "credit_limit": 50000,
    "payment_terms": "credit",
    "credit_days": 30,
}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def known(world):
    return customer(world)


def ask(world, known, who="rep", **how):
    how = {"changes": TERMS, "reason": "年度授信"} | how
    return actions.ask_change(known, actor=world.people[who], **how)


def step_of(change, kind):
    return change.case.steps.get(kind=kind, round=change.case.round)


def decide(world, change, kind, who, *, approve=True, **how):
    change = CustomerChange.objects.select_related("case").get(pk=change.pk)
    how = {"digest": change.case.digest, "reason": "" if approve else "超出预算"} | how
    return actions.decide_change(
        change, step_id=step_of(change, kind).pk, approve=approve, actor=world.people[who], **how
    )


def agreed(world, change):
    decide(world, change, "finance", "finance")
    return decide(world, change, "manager", "manager")


def all_of():
    return (
        list(Customer.objects.order_by("pk").values()),
        list(CustomerChange.objects.order_by("pk").values()),
        Event.objects.count(),
    )


def refused(verb, *args, **kwargs):
    """The rules by which the verb was refused, after nothing was changed."""
    before = all_of()
    with pytest.raises(Blocked) as refusal:
        verb(*args, **kwargs)
    assert all_of() == before
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R3.2")
def test_terms_hold_when_both_have_said_yes_and_old_and_new_are_kept(world, known):
    change = ask(world, known)
    assert sorted(step.kind for step in change.case.steps.open()) == ["finance", "manager"]
    decide(world, change, "manager", "manager")
    assert Customer.objects.get().credit_limit == 0

    change = decide(world, change, "finance", "finance")

    now = Customer.objects.get()
    assert (now.klass, now.credit_line, now.credit_limit, now.payment_terms, now.credit_days) == (
        "B",
        True,
        50000,
        "credit",
        30,
    )
    assert (change.state, change.number, now.version) == ("applied", 1, known.version + 1)
    event = Event.objects.get(verb="customer.change_applied")
    assert (event.reason, event.facts["old"]["credit_limit"], event.facts["new"]["credit_limit"]) == (
        "年度授信",
        "0",
        "50000",
    )
    assert invariants.broken() == {}


@pytest.mark.rule("R3.2")
def test_a_no_changes_nothing_and_goes_back_with_its_reason(world, known):
    change = ask(world, known)
    assert refused(decide, world, change, "finance", "finance", approve=False, reason=" ") == ["R2.11"]

    change = decide(world, change, "finance", "finance", approve=False)

    assert (change.state, Customer.objects.get().klass) == ("refused", "C")
    assert world.rep.notices.filter(kind="customer_change_refused").count() == 1
    assert refused(decide, world, change, "manager", "manager")
    assert ask(world, known).number == 2


@pytest.mark.rule("R3.2")
@pytest.mark.parametrize(
    ("how", "rules"),
    [
        ({"reason": " "}, ["R3.2"]),
        ({"changes": {"klass": "C"}}, ["R3.2"]),
        ({"changes": {"credit_limit": -1}}, ["R3.2"]),
        ({"changes": {"deposit_percent": 101}}, ["R3.2"]),
        ({"who": "warehouse"}, ["R10.2"]),
        ({"who": "aftersales"}, ["R10.2"]),
        ({"kind": "unblock"}, ["R3.1"]),
    ],
)
def test_what_cannot_be_asked_changes_nothing(world, known, how, rules):
    assert refused(ask, world, known, **how) == rules


@pytest.mark.rule("R3.2")
def test_one_change_of_a_kind_waits_at_a_time(world, known):
    change = ask(world, known)
    assert refused(ask, world, known, changes={"klass": "A"}) == ["R3.2"]
    assert ask(world, known, kind="block", reason="欠款").number == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerChange.objects.create(
            customer=known, number=9, kind="terms", reason="x", asked_by=world.rep, changes={}
        )
    actions.withdraw_change(change, actor=world.rep)
    assert ask(world, known, changes={"klass": "A"}).number == 3


@pytest.mark.rule("R3.2", "R2.10")
@pytest.mark.parametrize(("who", "kind"), [("manager", "manager"), ("finance", "finance")])
def test_nobody_decides_on_what_they_asked_for(world, known, who, kind):
    change = ask(world, known, who=who)
    assert "R2.10" in refused(decide, world, change, kind, who)

    if kind == "manager":  # somebody in the manager's place
        decide(world, change, "manager", "gm")
        change = decide(world, change, "finance", "finance")
        assert change.state == "applied"


@pytest.mark.rule("R3.2")
def test_finance_and_sales_manager_are_two_people(world, known):
    world.manager.groups.add(Group.objects.get(name="finance"))
    world.again("manager")
    change = ask(world, known)
    decide(world, change, "finance", "manager")
    assert refused(decide, world, change, "manager", "manager") == ["R3.2"]
    assert Customer.objects.get().klass == "C"


@pytest.mark.rule("R3.2", "R2.12")
def test_a_substitute_signs_once(world, known):
    now = timezone.now()
    give_delegation(
        actor=world.finance,
        substitute=world.manager,
        starts_at=now,
        ends_at=now + timedelta(days=2),
        reason="出差",
    )
    change = ask(world, known)
    decide(world, change, "finance", "manager")
    assert refused(decide, world, change, "manager", "manager") == ["R3.2"]


@pytest.mark.rule("R3.2")
def test_a_change_on_values_that_moved_is_not_put_in_force(world, known):
    change = ask(world, known, changes={"klass": "A"})
    decide(world, change, "finance", "finance")
    Customer.objects.update(klass="B")
    assert refused(decide, world, change, "manager", "manager") == ["R3.2"]
    assert Customer.objects.get().klass == "B"


@pytest.mark.rule("R3.2", "R2.13")
def test_a_page_that_showed_another_content_decides_nothing(world, known):
    change = ask(world, known)
    before = all_of()
    with pytest.raises(Stale):
        decide(world, change, "finance", "finance", digest="0" * 64)
    assert all_of() == before


@pytest.mark.rule("R3.2")
def test_only_who_asked_takes_it_back(world, known):
    change = ask(world, known)
    assert refused(actions.withdraw_change, change, actor=world.manager) == ["R3.2"]
    change = actions.withdraw_change(change, actor=world.rep)
    assert (change.state, change.case.steps.open().count()) == ("withdrawn", 0)
    assert refused(actions.withdraw_change, change, actor=world.rep) == ["R3.2"]


@pytest.mark.rule("R3.2")
def test_the_currency_stays_while_something_is_open(world, known):
    account = actions.lock_credit_account(known.pk)
    actions.post_exposure(account, "HB-1", document="SH-1", actor=world.finance, shipped=10)
    assert refused(ask, world, known, changes={"currency": "USD"}) == ["R5.7"]


@pytest.mark.rule("R3.2", "R3.1")
def test_a_block_and_its_end_are_decided_by_both(world, known):
    change = ask(world, known, who="finance", kind="block", reason="欠款九十天")
    assert not Customer.objects.get().is_blocked
    decide(world, change, "manager", "manager")
    finance = world.people["support"]
    finance.groups.add(Group.objects.get(name="finance"))
    world.again("support")
    decide(world, change, "finance", "support")
    blocked = Customer.objects.get()
    assert (blocked.is_blocked, blocked.block_reason) == (True, "欠款九十天")

    agreed(world, ask(world, known, kind="unblock", reason="已付清"))
    assert not Customer.objects.get().is_blocked
    assert Event.objects.filter(verb__in=("customer.blocked", "customer.unblocked")).count() == 2


def post(client, name, *args, **fields):
    return client.post(reverse(f"customers:{name}", args=args), {"form_key": uuid.uuid4(), **fields})


FORM = {"klass": "B", "credit_grade": "AA", "payment_terms": "credit", "deposit_percent": "0"}
FORM |= {"credit_days": "30", "currency": "CNY", "credit_line": "yes", "credit_limit": "50000"}


@pytest.mark.rule("R3.2")
def test_terms_are_asked_for_and_decided_on_their_page_and_from_the_inbox(world, known):
    rep = world.client("rep")
    assert post(rep, "ask", "C-1", **FORM).status_code == 422
    answer = post(rep, "ask", "C-1", **FORM, reason="年度授信")
    change = CustomerChange.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, change.get_absolute_url())
    assert post(rep, "ask", "C-1", **FORM, reason="年度授信").status_code == 409

    answer = world.client("finance").get("/approvals/")
    inbox = answer.content.decode()
    assert change.case.decide_url in inbox
    assert "50,000" in inbox
    assert answer.context["record"]["customer"] == known
    for who, kind in (("finance", "finance"), ("manager", "manager")):
        client = world.client(who)
        page = client.get(change.get_absolute_url())
        assert page.status_code == 200
        fields = {"step_id": step_of(change, kind).pk, "digest": change.case.digest, "next": "/approvals/"}
        assert post(client, "decide", "C-1", 1, **fields).status_code == 422
        done = post(client, "decide", "C-1", 1, **fields, decision="approve")
        assert (done.status_code, done.headers["Location"]) == (302, "/approvals/")
        assert post(client, "decide", "C-1", 1, **fields, decision="approve").status_code == 409
    now = Customer.objects.get()
    assert (now.klass, now.credit_grade, now.credit_limit) == ("B", "AA", 50000)


@pytest.mark.rule("R3.2")
def test_a_block_is_asked_for_on_the_customers_page(world, known):
    client = world.client("finance")
    assert post(client, "block", "C-1", kind="block", reason="").status_code == 422
    assert post(client, "block", "C-1", kind="unblock", reason="x").status_code == 409
    assert post(world.client("aftersales"), "block", "C-1", kind="block", reason="欠款").status_code == 403
    assert post(client, "block", "C-1", kind="block", reason="欠款").status_code == 302
    change = CustomerChange.objects.get()
    assert not Customer.objects.get().is_blocked
    assert change.get_absolute_url() in client.get("/customers/C-1/").content.decode()
    assert post(client, "withdraw", "C-1", 1).status_code == 302
    assert CustomerChange.objects.get().state == "withdrawn"


@pytest.mark.rule("R10.2")
def test_another_teams_change_does_not_exist(world, known):
    change = ask(world, known)
    rep2 = world.client("rep2")
    assert rep2.get(change.get_absolute_url()).status_code == 404
    assert post(rep2, "ask", "C-1", **FORM, reason="x").status_code == 404
    manager2 = world.client("manager2")
    fields = {"step_id": step_of(change, "manager").pk, "digest": change.case.digest, "decision": "approve"}
    assert post(manager2, "decide", "C-1", 1, **fields).status_code == 404
    assert CustomerChange.objects.get().state == "open"


@pytest.mark.rule("R2.12")
def test_a_substitute_of_another_team_reaches_the_change_through_its_step(world, known):
    now = timezone.now()
    give_delegation(
        actor=world.manager,
        substitute=world.manager2,
        starts_at=now,
        ends_at=now + timedelta(days=2),
        reason="出差",
    )
    change = ask(world, known, changes={"klass": "A"})
    fields = {"step_id": step_of(change, "manager").pk, "digest": change.case.digest, "decision": "approve"}
    post(world.client("manager2"), "decide", "C-1", 1, **fields)
    assert step_of(change, "manager").decided_by == world.manager2


@pytest.mark.rule("R9.6", "R3.2", "R2.10")
def test_a_change_that_the_manager_asked_for_waits_for_those_in_their_place(world, known):
    change = ask(world, known, who="manager", changes={"klass": "A"})
    page = world.client("finance").get(change.get_absolute_url())
    in_place = {str(world.head), str(world.gm)}
    step = step_of(change, "manager")
    assert {each["name"] for each in page.context["missing"][step.pk]} == in_place
    (shut,) = [each["approve"] for each in page.context["decisions"] if each["step"] == step]
    assert {each["name"] for row in shut["reasons"] for each in row["openers"]} == in_place


@pytest.mark.rule("R3.4")
def test_many_changes_take_no_more_queries(world, known):
    client, counts = world.client("finance"), []
    for _round in range(2):
        for page in ("/customers/C-1/?tab=changes", "/customers/C-1/changes/1/"):
            if _round == 0:
                break
            client.get(page)
        for number in range(1 + 2 * _round):
            actions.withdraw_change(ask(world, known, changes={"klass": "AB"[number % 2]}), actor=world.rep)
        client.get("/customers/C-1/?tab=changes")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/customers/C-1/?tab=changes").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25


@pytest.mark.rule("R3.2", "R2.12")
def test_a_substitute_is_no_second_person_for_who_said_yes_as_finance(world, known):
    world.manager.groups.add(Group.objects.get(name="finance"))
    world.people["manager"] = world.again("manager")
    change = ask(world, known)
    decide(world, change, "finance", "manager")
    now = timezone.now()
    give_delegation(
        actor=world.people["manager"],
        substitute=world.manager2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=9),
        reason="on leave",
    )

    assert "R3.2" in refused(decide, world, change, "manager", "manager2")
