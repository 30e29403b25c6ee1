"""Products are kept by those who may, found by their initials, and taken in whole or not at all."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.models import Event
from core.pinyin import initials_of
from core.rules import Blocked
from inventory import actions, queries
from inventory.models import PriceList, PriceListItem, Product
from tests.inventory import goods
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.mark.parametrize(
    ("name", "initials"),
    [("内六角螺钉 M8×25", "nljldm825"), ("Côte de Blaye", "ctedeblaye"), ("", ""), ("重庆", "cq")],
)
def test_a_name_is_found_by_its_initials(name, initials):
    assert initials_of(name) == initials


@pytest.mark.rule("R10.2")
def test_who_may_not_keep_products_changes_none(world):
    made = goods.product(world)
    events = Event.objects.count()
    for verb, facts in (
        (actions.create_product, {"code": "P-2", "name": "垫圈"}),
        (lambda **given: actions.update_product(made, **given), {"version": 1, "name": "垫圈"}),
    ):
        with pytest.raises(Blocked) as refusal:
            verb(actor=world.rep, **facts)
        assert [reason.rule for reason in refusal.value.reasons] == ["R10.2"]
    assert Product.objects.values_list("code", "name", "version").get() == ("P-1", made.name, 1)
    assert Event.objects.count() == events


def test_a_code_is_taken_once_and_stands_in_an_address(world):
    goods.product(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        goods.product(world)
    for code in ("lookup", "a/b", ""):
        with pytest.raises(Blocked):
            goods.product(world, code)
    assert Product.objects.count() == 1


@pytest.mark.rule("R1.7")
def test_the_list_in_force_that_day_gives_the_price_the_latest_first(world):
    made = goods.product(world)
    lists = (
        ("2025", "CNY", date(2025, 1, 1), None, "10.00"),
        ("2026", "CNY", date(2026, 1, 1), date(2026, 12, 31), "12.50"),
        ("2027", "CNY", date(2027, 1, 1), None, "13.00"),
        ("USD", "USD", date(2025, 1, 1), None, "1.80"),
    )
    for name, currency, since, until, price in lists:
        kept = PriceList.objects.create(name=name, currency=currency, valid_from=since, valid_until=until)
        actions.set_price(made, price_list=kept, price=Decimal(price), actor=world.tech)

    def price(currency, on):
        return queries.prices([made.pk], currency=currency, on=on).get(made.pk)

    assert price("CNY", date(2024, 12, 31)) is None
    assert price("CNY", date(2025, 6, 1)) == 10
    assert price("CNY", date(2026, 12, 31)) == Decimal("12.5")
    assert price("CNY", date(2027, 1, 1)) == 13
    assert price("USD", date(2026, 6, 1)) == Decimal("1.8")


def test_a_price_that_stays_leaves_no_event_and_one_that_changes_shows_both(world):
    made = goods.product(world)
    kept = PriceList.objects.create(name="2026", valid_from=date(2026, 1, 1))
    for price in ("10", "10.00", "11"):
        actions.set_price(made, price_list=kept, price=Decimal(price), actor=world.tech)
    told = Event.objects.filter(verb="product.priced").order_by("pk")
    assert [event.facts["new"]["price"] for event in told] == ["10", "11"]
    with pytest.raises(Blocked):
        actions.set_price(made, price_list=kept, price=Decimal(1), actor=world.rep)
    assert PriceListItem.objects.get().price == 11


@pytest.mark.rule("R1.13")
def test_products_are_taken_in_whole_or_not_at_all_and_twice_changes_nothing(world):
    kept = PriceList.objects.create(name="2026", valid_from=date(2026, 1, 1))
    rows = [
        {"code": "1", "name": "茶", "unit": "箱", "price": Decimal("18")},
        {"code": "2", "name": "酱油", "active": False},
    ]

    bad = actions.import_products([*rows, {"code": "", "name": ""}], price_list=kept, actor=world.tech)
    assert [(place, column) for place, column, _why in bad.bad] == [(3, "code"), (3, "name")]
    assert Product.objects.count() == 0

    first = actions.import_products(rows, price_list=kept, actor=world.tech)
    events = Event.objects.count()
    again = actions.import_products(rows, price_list=kept, actor=world.tech)

    assert (first.created, again.created, again.updated) == (["1", "2"], [], [])
    assert Event.objects.count() == events
    changed = actions.import_products([rows[1] | {"name": "生抽"}], actor=world.tech)
    assert (changed.updated, Product.objects.get(code="2").initials) == (["2"], "sc")
