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
from core.access import PUBLIC, _patterns
from core.models import Event
from customers.models import Customer
from inventory.models import Product, ProductionOrder
from invoicing.models import Invoice, Receipt
from logistics.models import Shipment
from orders.actions import create_quotation, save_quotation, send_quotation
from orders.models import Quotation, SalesOrder
from reports.demo.company import build_customers, build_goods, build_house
from reports.demo.orders import Walk
from reports.demo.ways import walk
from tests.access.policy import PERSONAL, POLICY, TEAM_BOUND
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R10.2")]
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
        yield
        transaction.set_rollback(True)


@pytest.fixture
def house(built, db):
    """The people, read anew."""
    return World()


def address(name, team):
    """The page's address for this team's object, or for one that is not there."""
    return reverse(name, kwargs=_filling(name, team))


def _filling(name, team):
    if name in ("orders:quotations", "orders:quotation_new"):
        return {}
    if name.startswith("orders:quotation"):
        return {"number": Quotation.objects.get(team=team).number if team else "NOTHING", "issue": 1}
    return _other_filling(name, team)


def _other_filling(name, team):
    if name in ("customers:customer", "customers:edit", "customers:block"):
        return {"code": Customer.objects.filter(team=team).earliest("pk").code if team else "NOBODY"}
    if name in ("inventory:product", "inventory:product_edit"):
        return {"code": Product.objects.earliest("pk").code if team else "NOTHING"}
    if name.startswith("inventory:production_"):
        made = ProductionOrder.objects.filter(requirement__team=team).first() if team else None
        return {"number": made.number if made else "NOTHING"}
    if name in PERSONAL:
        return {"pk": 0}
    if name in ("orders:imports", "orders:import_template"):
        return {}
    app, _, page = name.partition(":")
    if app == "orders" and page not in ("orders", "new", "support") or name == "logistics:request":
        return {"number": SalesOrder.objects.get(team=team).number if team else "NOTHING"}
    if app == "logistics" and page not in ("shipments", "warehouse") or name == "invoicing:confirm":
        return {"number": Shipment.objects.get(team=team).number if team else "NOTHING"}
    if name in ("invoicing:receipt", "invoicing:allocate"):
        return {
            "number": Receipt.objects.filter(customer__team=team).earliest("pk").number if team else "NOTHING"
        }
    if name in ("invoicing:invoice", "invoicing:withdraw", "invoicing:issue"):
        return {"number": Invoice.objects.get(order__team=team).request_number if team else "NOTHING"}
    return {}


def has_object(name):
    return bool(_filling(name, None))


def ask(client, name, where):
    """GET where there is a page to read, POST (with a form key) where it is a verb."""
    if "GET" in METHODS[name]:
        read = client.get(where)
        if "POST" not in METHODS[name] or read.status_code != 302:
            return read
    return client.post(where, {"form_key": str(uuid.uuid4())})


def declared():
    for _route, pattern in _patterns(get_resolver(), ""):
        access = getattr(pattern.callback, "access", None)
        if access is not None:
            yield pattern, access


METHODS = {}


@pytest.fixture(autouse=True)
def _methods():
    for app in settings.HOUSE_APPS:
        resolver = next(
            (each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == app), None
        )
        for pattern in resolver.url_patterns if resolver else ():
            METHODS[f"{app}:{pattern.name}"] = pattern.callback.access.methods


def test_each_role_opens_its_own_pages_and_no_others(house):
    wrong, before = [], Event.objects.count()
    for username in ROLES:
        client = house.client(username)
        for name, allowed in POLICY.items():
            teams = (
                (house.north, house.east, None)
                if has_object(name) and username in allowed
                else (house.north,)
            )
            for team in teams:
                status = ask(client, name, address(name, team)).status_code
                if status not in expected(house, name, username, allowed, team):
                    wrong.append((username, name, team and team.code, status))
    assert not wrong, "\n".join(map(str, wrong))
    assert Event.objects.count() == before


def expected(house, name, username, allowed, team):
    """The statuses that the policy allows: 403 for a closed page, 404 for what is not there for them."""
    if username not in allowed:
        return {403, 404}
    if name in PERSONAL or (has_object(name) and team is None):
        return {404}
    if has_object(name) and username in TEAM_BOUND and not name.startswith("inventory:product"):
        own = house.people[username].team or house.north  # the portal customer is a northern one
        if own != team and not name.startswith("inventory:production"):
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
