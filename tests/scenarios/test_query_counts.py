"""How often each page of the walk asks the database: never often, and the same for one row and for three."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from core.access import _patterns
from tests.furnished import PAGES, address, furnish
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOST = 25
#: Pages that show a whole case at once: content, pre-check or review, stock and promises line by line, what
#: the second person reads, the customer's record, every door.
WORKBENCHES = {"approvals:inbox": 36, "orders:edit": 28, "orders:order": 27}
LIST = 8
PERSON = 5  # session, person, two for what they may, roles: the same on every page
LISTS = {
    "orders:orders",
    "logistics:shipments",
    "inventory:products",
    "inventory:stock",
    "inventory:overdue",
    "inventory:production",
    "customers:customers",
    "invoicing:invoices",
    "invoicing:receipts",
}
#: Pages of the house that nobody reads in a browser, or on which no order walks.
ELSEWHERE = {
    "health",
    "styleguide",
    "lookup",
    "parameter",
    "calendar_year",
    "calendar_day",
    "paper",
    "confirmation",
    "contract_file",
    "delivery_note",
    "weekly_pdf",
    "preview",
    "shown",
    "answer_file",
    "quotation_paper",
    "import_template",
    "import_file",
    "import_report",
    "import_batch",  # orders that come from files: tests/orders/test_import_pages.py
    "link",  # the customer without an account: tests/browser/test_confirm_by_link.py
    "link_paper",
}
#: Addresses of verbs that show the noun's page when they are opened.
VERBS = {
    "decide",
    "release",
    "pick",
    "pack",
    "dispatch",
    "deliver",
    "cancel",
    "request_again",
    "receipt",
    "issue",
    "withdraw",
    "confirm",
    "allocate",
    "freeze",
}


def test_a_page_of_the_walk_asks_seldom_and_for_three_rows_as_often_as_for_one():
    few, many = counted(1), counted(3)
    for page in PAGES:
        print(f"{few[page]:3} {many[page]:3}  {' '.join(page)}")  # noqa: T201 - shown with pytest -s
    assert {page: count for page, count in many.items() if count > WORKBENCHES.get(page[0], MOST)} == {}
    assert {page: count for page, count in many.items() if page[0] in LISTS and count > LIST + PERSON} == {}
    assert {page: (few[page], many[page]) for page in PAGES if many[page] > few[page]} == {}


def test_the_table_names_every_page_of_the_house():
    """A page that a person can open stands in the table, or beside it as one on which no order walks."""
    opened = {name.partition(":")[2] for name, _who, _thing in PAGES}
    shown = {
        pattern.name
        for _route, pattern in _patterns(get_resolver(), "")
        if getattr(pattern.callback, "access", None) and pattern.callback.access.methods[0] == "GET"
    }
    assert opened - shown == set()
    assert shown - opened - VERBS == ELSEWHERE


def counted(rows: int) -> dict[tuple[str, str, str], int]:
    """The queries of every page, in a company with so many of everything, which is gone afterwards."""
    before = transaction.savepoint()
    things = furnish(World(), rows)
    clients: dict[str, Client] = {}
    found = {}
    for name, who, thing in PAGES:
        if who not in clients:
            clients[who] = Client()
            person = get_user_model().objects.get(username=who)
            clients[who].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        url = address(name, getattr(things, thing) if thing else None)
        found[name, who, thing] = queries(clients[who], url)
    transaction.savepoint_rollback(before)
    return found


def queries(client: Client, url: str) -> int:
    """How many queries the page makes once it is warm."""
    assert client.get(url).status_code == 200, url
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)
