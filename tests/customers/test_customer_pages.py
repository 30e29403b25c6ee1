"""The pages of customers: whose they are, what of the credit they show to whom, and their forms."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import actions
from customers.models import Customer
from tests.orders_world import customer
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
    fields = {"name": "苏州镕鑫精密", "team": world.north.pk, "owner": world.rep.pk, "channel": "email"}
    return fields | {"language": "zh-hans"} | NO_ROWS | changes


CREDIT_FIELDS = {
    "klass": "B",
    "currency": "CNY",
    "payment_terms": "credit",
    "deposit_percent": "0",
    "credit_days": "30",
    "credit_line": "on",
    "credit_limit": "50000",
}


@pytest.mark.rule("R10.2")
def test_limit_and_exposure_are_there_for_nobody_without_the_right_in_any_format(world, known):
    actions.update_customer(known, version=1, credit_limit=LIMIT + 1, reason="年度授信", actor=world.finance)
    for url in ("/customers/", "/customers/C-1/", "/customers/C-1/edit/", "/customers/?export=csv"):
        answer = world.client("rep").get(url)
        body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert answer.status_code == 200
        assert not any(secret in body.replace(",", "") for secret in ("87654", "87655", "4321.09")), url
    page = world.client("finance").get("/customers/C-1/").content.decode()
    assert "87,655.32" in page
    assert "4,321.09" in page


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
def test_a_rep_who_sends_credit_fields_changes_nothing_of_them(world):
    post(world.client("rep"), "new", **fields_of(world, **CREDIT_FIELDS))
    made = Customer.objects.get()
    assert (made.credit_line, made.credit_limit, made.klass) == (False, 0, "C")


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"owner": "999999"},
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


@pytest.mark.rule("R3.2")
def test_finance_changes_the_limit_on_the_page_with_a_reason(world, known):
    client = world.client("finance")
    fields = fields_of(world, version=1, **CREDIT_FIELDS)

    refused = post(client, "edit", "C-1", **fields)
    assert refused.status_code == 409
    assert refused.context["form"].has_error("reason")
    assert Customer.objects.get().credit_limit == LIMIT

    assert post(client, "edit", "C-1", **fields, reason="年度授信").status_code == 302
    assert Customer.objects.get().credit_limit == 50000


def test_an_old_form_answers_409_with_both_versions(world, known):
    actions.update_customer(known, version=1, name="先来的", actor=world.rep)
    answer = post(world.client("rep"), "edit", "C-1", **fields_of(world, version=1, name="后到的"))

    assert answer.status_code == 409
    assert ("先来的", "后到的") in [(row["old"], row["new"]) for row in answer.context["diff"]]
    assert "后到的" in answer.content.decode()
    assert Customer.objects.get().name == "先来的"


@pytest.mark.rule("R3.1")
def test_a_customer_is_blocked_and_unblocked_and_stays_on_the_list(world, known):
    client = world.client("finance")
    assert post(client, "block", "C-1", version=1, reason="").status_code == 422
    assert post(world.client("rep"), "block", "C-1", version=1, reason="欠款").status_code == 403
    assert not Customer.objects.get().is_blocked

    assert post(client, "block", "C-1", version=1, reason="欠款九十天").status_code == 302
    listed = world.client("rep").get("/customers/")
    assert [row.is_blocked for row in listed.context["rows"]] == [True]
    assert "欠款九十天" in listed.content.decode()
    assert post(client, "block", "C-1", version=2, reason="再锁").status_code == 409
    assert post(client, "unblock", "C-1", version=2, reason="已付清").status_code == 302
    assert not Customer.objects.get().is_blocked


def test_customers_are_found_by_code_name_and_initials(world, known):
    customer(world, "C-2", name="上海明光")
    client = world.client("rep")
    for text, code in (("C-2", "C-2"), ("明光", "C-2"), ("shmg", "C-2"), ("szrx", "C-1")):
        assert [row.code for row in client.get("/customers/", {"q": text}).context["rows"]] == [code], text


def test_a_customer_takes_no_more_queries_with_a_long_account(world, known):
    client, counts = world.client("finance"), []
    for _round in range(2):
        client.get(known.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            assert client.get(known.get_absolute_url()).status_code == 200
        counts.append(len(asked))
        for place in range(3):
            account = actions.lock_credit_account(known.pk)
            facts = {"document": f"SH-{place}", "actor": world.finance}
            actions.post_exposure(account, f"HB-{place}", shipped=Decimal(10), **facts)
    assert counts[0] == counts[1] <= 25
