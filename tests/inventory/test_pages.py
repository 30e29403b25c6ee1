"""The pages of goods: who sees what, what the forms do, and how many queries a list takes."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import Product, ProductionOrder, Stock
from inventory.states import ProductionState
from tests.inventory import goods
from tests.orders_world import price_list
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def post(client, name, /, *args, **fields):
    """The form as a browser sends it, once."""
    return client.post(reverse(f"inventory:{name}", args=args), {"form_key": uuid.uuid4(), **fields})


def steps(order, **fields):
    return {"version": goods.reread(order).version, **fields}


LISTS = {
    "products": "tech",
    "stock": "warehouse",
    "production": "production",
    "quality": "quality",
    "overdue": "rep",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(world, name):
    client = world.client(LISTS[name])
    counts = []
    for rows in (1, 2):
        for place in range(rows):
            code = f"P-{rows}{place}"
            order = goods.issued(world, "2", of=goods.product(world, code, stock="3"))
            goods.lying(world, "1", due_on=timezone.localdate() - timedelta(days=9), code=code)
            goods.actions.accept_production(order, promised_on=timezone.localdate(), actor=world.production)
            goods.actions.report_production(order, quantity=Decimal(2), actor=world.production)
        client.get(reverse(f"inventory:{name}"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(reverse(f"inventory:{name}"))
        assert answer.status_code == 200
        assert len(answer.context["rows"]) == (1 if rows == 1 else 3)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def test_the_lookup_finds_by_code_name_initials_and_barcode_with_price_and_what_is_free(world):
    of = goods.product(world, "BRG-1", name="深沟球轴承", barcode="6901234", stock="7")
    goods.product(world, "OLD-1", name="旧球轴承", active=False)
    goods.actions.set_price(of, price_list=price_list(), price=Decimal("18.6"), actor=world.tech)
    client = world.client("rep")

    for text in ("BRG-1", "球轴承", "sgqzc", "6901234"):
        found = client.get(reverse("inventory:lookup"), {"q": text}).json()["results"]
        assert [each["code"] for each in found] == ["BRG-1"], text
    assert found[0] == {
        "code": "BRG-1",
        "name": "深沟球轴承",
        "unit": "pcs",
        "specification": "",
        "price": "18.6",
        "currency": "CNY",
        "available": "7",
    }
    assert client.get(reverse("inventory:lookup"), {"q": "\x00"}).json() == {"results": []}


@pytest.mark.rule("R10.2")
def test_cost_is_there_for_nobody_without_the_right_in_any_format(world):
    goods.product(world, "P-1", stock="1", cost=Decimal("3.1415"))
    for name in ("rep", "warehouse", "production", "tech"):
        client = world.client(name)
        for url in ("/products/", "/products/P-1/", "/products/?export=csv"):
            answer = client.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert b"3.14" not in body, (name, url)
    assert b"3.14" in world.client("manager").get("/products/P-1/").content


@pytest.mark.rule("R10.2")
def test_another_teams_production_does_not_exist_for_a_rep(world):
    order = goods.issued(world)
    assert world.client("rep").get(order.get_absolute_url()).status_code == 200
    assert world.client("rep2").get(order.get_absolute_url()).status_code == 404
    assert world.client("rep2").get("/production/").context["rows"] == []
    assert post(world.client("rep"), "production_accept", order.number).status_code == 403
    assert goods.reread(order).state == ProductionState.ISSUED


@pytest.mark.rule("R4.2", "R4.3", "R4.4")
def test_an_order_is_accepted_made_and_passed_on_its_page(world):
    order, today = goods.issued(world), timezone.localdate().isoformat()
    production, quality = world.client("production"), world.client("quality")
    number = order.number

    answer = post(production, "production_accept", number, **steps(order, promised_on=today))
    assert (answer.status_code, answer.headers["Location"]) == (302, order.get_absolute_url())
    assert post(production, "production_report", number, **steps(order, quantity="10")).status_code == 302
    verdict = dict.fromkeys(goods.FOUR_CHECKS, "on") | {"warehouse": goods.warehouse().pk, "rejected": "0"}
    assert (
        post(quality, "production_inspect", number, **steps(order, passed="10", **verdict)).status_code == 302
    )

    assert goods.reread(order).state == ProductionState.CLOSED
    assert Stock.objects.get().reserved == 10
    page = quality.get(order.get_absolute_url())
    assert page.context["verified"] is True
    assert [event["actor"] for event in page.context["events"]] == ["沈洁", "蒋勇", "蒋勇", "孙丽"]


@pytest.mark.rule("R4.3")
def test_a_refused_report_answers_409_with_the_figures_and_keeps_what_was_typed(world):
    order = goods.accepted(world)
    before = goods.figures()

    answer = post(
        world.client("production"), "production_report", order.number, **steps(order, quantity="11")
    )

    assert answer.status_code == 409
    assert [reason["rule"] for reason in answer.context["panel"]["reasons"]] == ["R4.3"]
    assert 'value="11"' in answer.content.decode()
    assert goods.figures() == before


@pytest.mark.rule("R4.4")
def test_a_rejection_without_a_reason_answers_409_at_the_field(world):
    order = goods.made(world)
    before = goods.figures()
    fields = {"passed": "8", "rejected": "2", "warehouse": goods.warehouse().pk}
    fields |= dict.fromkeys(goods.FOUR_CHECKS, "on")

    answer = post(world.client("quality"), "production_inspect", order.number, **steps(order, **fields))

    assert answer.status_code == 409
    assert answer.context["inspect_form"].has_error("reason")
    assert goods.figures() == before


def test_the_same_form_sent_twice_reports_once(world):
    order, client = goods.accepted(world), world.client("production")
    fields = steps(order, quantity="3", form_key=uuid.uuid4())
    url = reverse("inventory:production_report", args=[order.number])

    answers = [client.post(url, fields) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert goods.reread(order).made == 3


def test_an_old_page_answers_409_and_nothing_is_made(world):
    order = goods.accepted(world)
    old = steps(order, quantity="3")
    goods.actions.report_production(order, quantity=Decimal(1), actor=world.production)
    assert post(world.client("production"), "production_report", order.number, **old).status_code == 409
    assert goods.reread(order).made == 1


@pytest.mark.rule("R9.6")
def test_the_page_says_why_a_step_is_shut_and_who_opens_it(world):
    order = goods.issued(world)
    panel = world.client("rep").get(order.get_absolute_url()).context["gates"]["accept"]
    assert panel["open"] is False
    assert [opener["name"] for reason in panel["reasons"] for opener in reason["openers"]] == ["蒋勇"]


@pytest.mark.rule("R4.5")
def test_the_warehouse_receives_goods_and_writes_counter_entries(world):
    of, place = goods.product(world, barcode="690"), goods.warehouse()
    client = world.client("warehouse")
    entry = {"product": "690", "warehouse": place.pk, "document": "GR-1"}

    assert post(client, "receive", **entry, quantity="12", kind="receipt").status_code == 302
    assert post(client, "correct", **entry, quantity="-2", reason="盘点少两件").status_code == 302
    before = goods.figures()
    refused = post(client, "correct", **entry, quantity="-11", reason="盘点")
    unknown = post(client, "receive", **entry | {"product": "?"}, quantity="1", kind="receipt")
    wrong = post(client, "receive", **entry, quantity="１２", kind="receipt")

    assert [each.status_code for each in (refused, unknown, wrong)] == [409, 422, 422]
    assert refused.context["form"].has_error("quantity")
    assert goods.figures() == before
    assert Stock.objects.get(product=of).on_hand == 10
    assert post(world.client("rep"), "receive", **entry, quantity="1", kind="receipt").status_code == 403


def test_a_product_is_added_edited_and_an_old_edit_shows_both_versions(world):
    client = world.client("tech")
    fields = {"name": "深沟球轴承", "unit": "pcs", "quantity_step": "1", "tax_rate": "13", "supply": "stock"}
    fields |= {"minimum_stock": "5", "active": "on"}
    assert post(client, "product_new", code="BRG-1", **fields).status_code == 302
    made = Product.objects.get()
    assert (made.initials, made.version) == ("sgqzc", 1)
    assert post(client, "product_new", code="BRG-1", **fields).status_code == 422

    edited = fields | {"name": "圆锥滚子轴承", "version": 1}
    assert post(client, "product_edit", "BRG-1", **edited).status_code == 302
    old = post(client, "product_edit", "BRG-1", **edited | {"name": "调心球轴承"})

    assert old.status_code == 409
    assert {row["label"]: (row["old"], row["new"]) for row in old.context["diff"] if row["changed"]} == {
        old.context["form"].fields["name"].label: ("圆锥滚子轴承", "调心球轴承")
    }
    assert (Product.objects.get().name, Product.objects.get().initials) == ("圆锥滚子轴承", "yzgzzc")
    assert ProductionOrder.objects.count() == 0


def test_lists_stand_what_no_database_takes(world):
    client = world.client("support")
    for name in LISTS:
        if name == "quality":
            continue
        for query in ("q=%00", "after=x", "sort=password", "state=x", "page=99999999999999999999", "team=x"):
            assert client.get(f"{reverse(f'inventory:{name}')}?{query}").status_code == 200, (name, query)


@pytest.mark.parametrize("name", ["production", "quality", "support", "rep"])
def test_an_object_takes_no_more_queries_with_a_long_history(world, name):
    client, counts = world.client(name), []
    order = goods.made(world, "2")
    for _round in range(2):
        for url in (order.get_absolute_url(), order.product.get_absolute_url()):
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))
        for _again in range(3):
            goods.inspect(world, order, "1", "1", reason="表面划伤")
            goods.actions.report_production(order, quantity=Decimal(2), actor=world.production)
            goods.receive(world, order.product, "5")
    assert counts[:2] == counts[2:]
    assert max(counts) <= 25
