"""The pages of customers: whose they are, what of the credit they show to whom, and their forms."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.queries import system_user
from core.audit import record
from customers import actions
from customers.models import Customer
from inventory.actions.products import update_product
from orders.models import OrderLine, SalesOrder
from tests.orders_world import customer, draft_order, product
from tests.world import World

pytestmark = pytest.mark.django_db
LIMIT = Decimal("87654.32")
NO_ROWS = {
    f"{prefix}-{count}_FORMS": "0" for prefix in ("contacts", "addresses") for count in ("TOTAL", "INITIAL")
}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def known(world):
    """A customer with a credit line, of which something is owed."""
    made = customer(world, credit_line=True, credit_limit=LIMIT)
    account = actions.lock_credit_account(made.pk)
    actions.post_exposure(account, "HB-1", document="SH-1", actor=world.finance, shipped=Decimal("4321.09"))
    return made


def post(client, name, /, *args, **fields):
    """The form as a browser sends it, once."""
    return client.post(reverse(f"customers:{name}", args=args), {"form_key": uuid.uuid4(), **fields})


def fields_of(world, **changes):
    """What the form of a new customer sends."""
    fields = {"name": "苏州镕鑫精密", "country": "CN", "channel": "email"}
    fields |= {"team": world.north.pk, "owner": world.rep.pk}
    return fields | {"language": "zh-hans"} | NO_ROWS | changes


CREDIT_FIELDS = {
    "klass": "B",
    "currency": "CNY",
    "payment_terms": "credit",
    "deposit_percent": "0",
    "credit_days": "30",
    "credit_line": "yes",
    "credit_limit": "50000",
}


@pytest.mark.rule("R10.2")
def test_limit_and_exposure_are_there_for_nobody_without_the_right_in_any_format(world, known):
    change = actions.ask_change(
        known, changes={"credit_limit": LIMIT + 1}, reason="年度授信", actor=world.finance
    )
    pages = ("/customers/", "/customers/C-1/edit/", "/customers/?export=csv", change.get_absolute_url())
    tabs = [
        f"/customers/C-1/?tab={name}" for name in ("overview", "credit", "agreements", "changes", "money")
    ]
    for url in (*pages, "/customers/C-1/changes/new/", *tabs):
        answer = world.client("rep").get(url)
        body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert answer.status_code == 200, url
        assert not any(secret in body.replace(",", "") for secret in ("87654", "87655", "4321.09")), url
    page = world.client("finance").get("/customers/C-1/?tab=credit").content.decode()
    assert "87,654.32" in page
    assert "4,321.09" in page
    assert "87,655.32" in world.client("finance").get(change.get_absolute_url()).content.decode()


@pytest.mark.rule("R10.2")
def test_the_audit_page_tells_that_the_limit_changed_and_its_figures_to_who_sees_credit(world, known):
    thread = known.thread
    with transaction.atomic():
        record(
            "customer.change_applied",
            thread=thread,
            actor=world.finance,
            subject=known.name,
            number=1,
            old={"credit_limit": "87654.32", "credit_days": "30"},
            new={"credit_limit": "99999.11", "credit_days": "45"},
        )
    pages = {
        name: world.client(name).get(f"/settings/audit/?q={thread}").content.decode()
        for name in ("admin", "gm")
    }
    for page in pages.values():
        assert "credit_limit" in page
        assert "<ins>45</ins>" in page
    assert "<ins>99999.11</ins>" in pages["gm"]
    assert "87654.32" not in pages["admin"]
    assert "99999.11" not in pages["admin"]


@pytest.mark.rule("R10.2")
def test_costs_in_the_audit_are_for_who_sees_costs(world):
    made = product(world)
    update_product(made, version=made.version, actor=world.tech, cost=Decimal("7.77"))
    for name, sees in (("admin", False), ("gm", True)):
        page = world.client(name).get(f"/settings/audit/?q={made.thread}").content.decode()
        assert "cost" in page, name
        assert ("7.77" in page) is sees, name


@pytest.mark.rule("R10.2")
def test_another_teams_customer_does_not_exist(world, known):
    client = world.client("rep2")
    for url in (known.get_absolute_url(), reverse("customers:edit", args=["C-1"])):
        assert client.get(url).status_code == 404
    assert client.get("/customers/").context["rows"] == []
    assert post(client, "edit", "C-1", **fields_of(world, version=1)).status_code == 404
    assert Customer.objects.get().version == 1


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(world, known):
    client = world.client("finance")
    counts = []
    for codes in ((), ("C-2", "C-3")):
        for code in codes:
            customer(world, code)
        client.get("/customers/")
        with CaptureQueriesContext(connection) as asked:
            rows = client.get("/customers/").context["rows"]
        assert len(rows) == (3 if codes else 1)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


@pytest.mark.rule("R3.1")
def test_a_rep_adds_a_customer_with_contacts_and_an_address(world):
    rows = {
        "contacts-TOTAL_FORMS": "2",
        "contacts-0-name": "王琳",
        "contacts-0-phone": "0512-1",
        "addresses-TOTAL_FORMS": "1",
        "addresses-0-text": "苏州市星湖街 328 号",
    }
    answer = post(world.client("rep"), "new", **fields_of(world, **rows))

    made = Customer.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, made.get_absolute_url())
    assert (made.code, made.owner, made.klass) == ("C00001", world.rep, "C")
    assert (made.contacts.get().name, made.addresses.count()) == ("王琳", 1)


@pytest.mark.rule("R3.2")
def test_terms_given_with_a_new_customer_are_asked_for_at_once(world):
    client = world.client("rep")
    refused = post(client, "new", **fields_of(world, **CREDIT_FIELDS))
    assert refused.status_code == 409
    assert refused.context["terms"].has_error("reason")
    assert Customer.objects.count() == 0

    assert post(client, "new", **fields_of(world, **CREDIT_FIELDS), reason="年采购额").status_code == 302
    made = Customer.objects.get()
    assert (made.credit_line, made.credit_limit, made.klass) == (False, 0, "C")
    change = made.changes.get()
    assert change.changes["credit_limit"] == {"old": "0", "new": "50000"}
    assert (change.state, change.asked_by) == ("open", world.rep)


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"owner": "999999"},
        {"country": "中国"},
        {"tax_id": "91350100M000100Y44"},
        {"email": "nobody"},
        {"name": "镕\x00"},
        {"contacts-TOTAL_FORMS": "1", "contacts-0-phone": "0512"},
        {"contacts-TOTAL_FORMS": "-1"},
    ],
)
def test_wrong_input_answers_422_at_the_field_and_writes_nothing(world, change):
    answer = post(world.client("rep"), "new", **fields_of(world, **change))
    assert answer.status_code == 422
    assert Customer.objects.count() == 0


@pytest.mark.rule("R3.1")
def test_another_customer_of_the_same_tax_identity_is_told_to_who_may_see_it(world, known):
    Customer.objects.filter(pk=known.pk).update(tax_id="91350100M000100Y43")
    for who, told in (("rep", True), ("rep2", False)):
        person = world.people[who]
        typed = fields_of(world, tax_id="91350100M000100Y43", owner=person.pk, team=person.team_id)
        client = world.client(who)
        page = client.get(post(client, "new", **typed)["Location"]).content.decode()
        assert (f"C-1 {known.name}" in page) is told


def test_an_old_form_answers_409_with_both_versions(world, known):
    actions.update_customer(known, version=1, name="先来的", actor=world.rep)
    answer = post(world.client("rep"), "edit", "C-1", **fields_of(world, version=1, name="后到的"))

    assert answer.status_code == 409
    assert ("先来的", "后到的") in [(row["old"], row["new"]) for row in answer.context["diff"]]
    assert "后到的" in answer.content.decode()
    assert Customer.objects.get().name == "先来的"


@pytest.mark.rule("R3.1")
def test_a_blocked_customer_stays_on_the_list(world, known):
    actions.block_customer(known, reason="欠款九十天", actor=system_user())
    listed = world.client("rep").get("/customers/")
    assert [row.is_blocked for row in listed.context["rows"]] == [True]
    assert "欠款九十天" in listed.content.decode()


def test_customers_are_found_by_code_name_and_initials(world, known):
    customer(world, "C-2", name="上海明光")
    client = world.client("rep")
    for text, code in (("C-2", "C-2"), ("明光", "C-2"), ("shmg", "C-2"), ("szrx", "C-1")):
        assert [row.code for row in client.get("/customers/", {"q": text}).context["rows"]] == [code], text


@pytest.mark.rule("R3.4")
def test_a_long_account_takes_no_more_queries(world, known):
    client, counts = world.client("finance"), []
    for _round in range(2):
        client.get("/customers/C-1/?tab=credit")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/customers/C-1/?tab=credit").status_code == 200
        counts.append(len(asked))
        for place in range(3):
            account = actions.lock_credit_account(known.pk)
            facts = {"document": f"SH-{place}", "actor": world.finance}
            actions.post_exposure(account, f"HB-{place}", shipped=Decimal(10), **facts)
    assert counts[0] == counts[1] <= 25


@pytest.mark.rule("R3.4", "R1.7")
def test_prices_paid_are_those_of_the_lines_to_the_last_decimal(world, known):
    """A price of four decimals, and a total that is a whole number: 18.60 x 10 is 186."""
    product(world, "P-FINE", price="0.0456")
    lines = (("BRG-6204", "10"), ("P-FINE", "1000"))
    order = draft_order(world, of=known, lines=lines)
    SalesOrder._base_manager.filter(pk=order.pk).update(state="approved", approved_at=timezone.now())
    OrderLine.objects.filter(order=order, position=1).update(discount_percent=Decimal("2.5"))

    client = world.client("rep")
    page = client.get(f"{known.get_absolute_url()}?tab=prices").content.decode()

    for price in ("18.135", "0.0456"):
        assert page.count(price) == 2, price  # the last, and the lowest
    assert "0.0456" in client.get(order.get_absolute_url()).content.decode()
