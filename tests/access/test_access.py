"""Every page × every role × own, another team's and a missing object (R10.2).

What one may not see answers like what does not exist: 404, the same page. A page that the role does not
open answers 403 whether the object exists or not, so that nothing can be learned from it.
"""

import random
import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone, translation

from accounts.demo import PEOPLE
from accounts.models import Team
from core.access import PUBLIC, _patterns
from core.models import Event
from customers.actions import add_agreements, add_contract, ask_change, set_part_numbers
from invoicing.models import Invoice
from logistics.models import Shipment
from orders.actions import create_quotation, save_quotation, send_quotation, take_memo
from orders.models import Quotation, SalesOrder
from reports.demo.company import build_customers, build_goods, build_house
from reports.demo.orders import Walk
from reports.demo.ways import walk
from tests.access.fillings import address, has_object, routes
from tests.access.policy import NOTHING_THERE, PERSONAL, POLICY, TEAM_BOUND
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.rule("R10.2")]
#: One person of each role.
ROLES = tuple(name for name in PEOPLE if not name.endswith("2"))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Both teams with an order that went all the way, built once; each test's changes are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        world = World()
        build_house(world.people)
        products, customers = build_goods(world.people), build_customers(world.people)
        for customer in (customers[0], customers[31]):
            trip = Walk(world.people, customer, timezone.now() - timedelta(days=60), 25, random.Random(1))
            walk("settled", trip, products)
            quotation = create_quotation(customer=customer, actor=customer.owner)
            line = {"product": products[0], "quantity": Decimal(1)}
            save_quotation(quotation, rows=[line], actor=customer.owner)
            send_quotation(quotation, to="buyer@customer.example", language="en", actor=customer.owner)
            _papers_of(world, customer, products[0])
        yield
        transaction.set_rollback(True)


def _papers_of(world, customer, product):
    """A contract, an agreed price, a part number, a change that waits, and a memo."""
    today = timezone.localdate()
    add_contract(customer, number=f"HT-{customer.code}", valid_from=today, actor=world.support)
    agreed = {"product": product, "price": Decimal(9999), "valid_from": today}
    add_agreements(customer, rows=[agreed], actor=world.support)
    set_part_numbers(customer, rows=[(f"X-{customer.code}", product)], actor=world.support)
    ask_change(customer, changes={"credit_days": 45}, reason="longer", actor=customer.owner)
    take_memo(
        customer=customer,
        actor=customer.owner,
        channel="phone",
        caller="Wang",
        phone="1",
        said_at=timezone.now() - timedelta(hours=3),
        said="twenty more",
    )


@pytest.fixture(scope="module")
def addresses(built, django_db_blocker):
    """Every page's address, for each team's object and a missing one: filled in once."""
    with django_db_blocker.unblock():
        teams = (*Team.objects.filter(code__in=("NORTH", "EAST")), None)
        return {(name, team): address(name, team) for name in POLICY for team in teams}


@pytest.fixture
def house(built, db):
    """The people, read anew."""
    return World()


def ask(client, name, where):
    """GET where there is a page to read, POST (with a form key) where it is a verb."""
    methods = routes()[name].callback.access.methods
    if "GET" in methods:
        read = client.get(where)
        if "POST" not in methods or read.status_code != 302:
            return read
    return client.post(where, {"form_key": str(uuid.uuid4())})


def declared():
    for _route, pattern in _patterns(get_resolver(), ""):
        access = getattr(pattern.callback, "access", None)
        if access is not None:
            yield pattern, access


def test_the_policy_names_every_page_that_is_not_public():
    guarded = {name for name, each in routes().items() if PUBLIC not in each.callback.access.permissions}
    assert guarded == POLICY.keys()


@pytest.mark.parametrize("some", [ROLES[place::4] for place in range(4)], ids=" ".join)
def test_each_role_opens_its_own_pages_and_no_others(house, addresses, some):
    wrong, before = [], Event.objects.count()
    for username in some:
        client = house.client(username)
        for name, allowed in POLICY.items():
            for team in teams(house, name, username, allowed):
                with transaction.atomic():  # each asks the same company
                    status = ask(client, name, addresses[name, team]).status_code
                    silent = status not in (403, 404) or Event.objects.count() == before
                    transaction.set_rollback(True)
                if not silent or status not in expected(house, name, username, allowed, team):
                    wrong.append((username, name, team and team.code, status))
    assert not wrong, "\n".join(map(str, wrong))


def teams(house, name, username, allowed):
    """Whose object is asked for: who sees every team's, asks for one; closed pages are asked for once."""
    if username not in allowed or not has_object(name):
        return (house.north,)
    return (house.north, house.east, None) if username in TEAM_BOUND else (house.north, None)


def expected(house, name, username, allowed, team):
    """The statuses that the policy allows: 403 for a closed page, 404 for what is not there for them."""
    if username not in allowed:
        return {403, 404}
    if name in PERSONAL or name in NOTHING_THERE or (has_object(name) and team is None):
        return {404}
    if has_object(name) and username in TEAM_BOUND and not name.startswith("inventory:"):
        own = house.people[username].team or house.north  # the portal customer is a northern one
        if own != team:
            return {404}
    if name.startswith("inventory:production_"):
        return {200, 302, 400, 404, 409, 422}
    return {200, 302, 400, 409, 422}


def test_a_foreign_object_answers_exactly_like_a_missing_one(house):
    client = house.client("rep")
    for name in (
        "orders:order",
        "orders:quotation",
        "logistics:shipment",
        "invoicing:invoice",
        "customers:customer",
    ):
        foreign = client.get(address(name, house.east))
        missing = client.get(address(name, None))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert _body(foreign) == _body(missing)


def test_lists_search_and_exports_never_name_a_foreign_object(house):
    canaries = [
        SalesOrder.objects.get(team=house.east).number,
        Quotation.objects.get(team=house.east).number,
        Shipment.objects.get(team=house.east).number,
        Invoice.objects.get(order__team=house.east).number,
        SalesOrder.objects.get(team=house.east).customer.name,
    ]
    client = house.client("rep")
    pages = [
        "orders:orders",
        "orders:quotations",
        "logistics:shipments",
        "invoicing:invoices",
        "invoicing:receipts",
        "customers:customers",
    ]
    read = [client.get(reverse(name), query) for name in pages for query in ({}, {"export": "csv"})]
    read += [client.get(reverse("accounts:search"), {"q": canary}) for canary in canaries]
    for response in read:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = re.sub(r'value="[^"]*"', "", content.decode(errors="replace"))
        text = re.sub(r"<(title|h1)[^>]*>.*?</\1>|“[^”]*”", "", text, flags=re.S)
        assert not [canary for canary in canaries if canary in text], response.request["PATH_INFO"]


def test_nobody_who_is_not_signed_in_opens_anything_that_is_not_public(house):
    client = Client()
    for pattern, access in declared():
        if PUBLIC in access.permissions:
            continue
        match = {name: _sample(converter) for name, converter in pattern.pattern.converters.items()}
        app = next(app for app in settings.HOUSE_APPS if pattern.callback.__module__.startswith(app))
        response = client.get(reverse(f"{app}:{pattern.name}", kwargs=match))
        assert response.status_code == 302, pattern
        assert response["Location"].startswith("/accounts/login/"), pattern


def test_a_person_who_left_is_out_at_the_next_request(house):
    client = house.client("rep")
    assert client.get(reverse("orders:orders")).status_code == 200

    type(house.rep).objects.filter(pk=house.rep.pk).update(is_active=False)

    assert client.get(reverse("orders:orders")).status_code == 302


def test_a_role_taken_away_is_gone_at_the_next_request(house):
    client = house.client("support")
    assert client.get(reverse("orders:support")).status_code == 200

    house.support.groups.clear()

    assert client.get(reverse("orders:support")).status_code == 403


HOSTILE = (
    "q=%00",
    "q=%ED%A0%80",
    "after=x",
    "after=" + "A" * 5000,
    "page=999999999999999999999",
    "sort=customer__credit__ordered",
    "sort=-password",
    "state=nowhere",
    "ordered_from=9999-99-99",
    "export=exe",
)
LISTS = (
    "orders:orders",
    "orders:quotations",
    "logistics:shipments",
    "customers:customers",
    "inventory:products",
    "invoicing:receipts",
)


def test_no_list_breaks_on_a_hostile_query(house):
    client = house.client("gm")
    answers = {
        (page, query[:40]): client.get(f"{reverse(page)}?{query}").status_code
        for page in LISTS
        for query in HOSTILE
    }
    assert not {asked: status for asked, status in answers.items() if status not in (200, 400)}


def _sample(converter):
    return {"IntConverter": 1, "SlugConverter": "x"}.get(type(converter).__name__, "X")


def _body(response):
    return re.sub(r'(value|content|nonce)="[^"]*"|/[A-Z0-9-]+/', "", response.content.decode())
