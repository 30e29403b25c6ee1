"""A rep on the way finds an order on the phone: by its number, the customer's, a name or initials (R9.6)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import orders_world as desk
from tests.browser.desk import Office
from tests.world import World

pytestmark = pytest.mark.rule("R9.6")


@pytest.fixture
def world():
    return World()


@pytest.fixture
def orders(world):
    """The one that is looked for, another customer's beside it, and one of another team."""
    wanted = desk.draft_order(world, of=named(world, "C-SZ", "苏州镕鑫精密"), customer_order_number="PO-8841")
    desk.draft_order(world, of=named(world, "C-QD", "青岛瑞丰流体"), customer_order_number="PO-7702")
    far = named(world, "C-FAR", "苏州镕鑫远东", owner=world.rep2)
    desk.draft_order(world, of=far, customer_order_number="PO-88419", actor=world.rep2)
    return wanted


def named(world, code, name, **fields):
    return desk.customer(world, code, name=name, **fields)


@pytest.fixture
def phone(browser, live_server, tmp_path):
    office = Office(
        browser, live_server.url, tmp_path, viewport={"width": 390, "height": 844}, has_touch=True
    )
    yield office
    assert office.complaints == []
    office.close()


def test_by_its_number_it_opens_at_once(phone, orders):
    page = phone("rep", "/")
    page.locator("header input[type=search]").fill(orders.number.lower())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{orders.get_absolute_url()}$"))
    expect(page.locator("h1")).to_have_text(orders.number)
    no_sideways(page)


@pytest.mark.parametrize("asked", ["PO-8841", "苏州镕鑫", "szrx"])
def test_by_the_customers_number_name_or_initials_it_is_found(phone, orders, asked):
    page = phone("rep", "/")
    page.locator("header input[type=search]").fill(asked)
    page.keyboard.press("Enter")
    hit = page.locator("main").get_by_role("link", name=orders.number)
    expect(hit).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("远东")  # another team's
    expect(page.locator("main")).not_to_contain_text("青岛")
    no_sideways(page)
    hit.tap()
    expect(page.locator("h1")).to_have_text(orders.number)


@pytest.mark.parametrize("asked", ["PO-8841", "苏州镕鑫", "szrx", "C-SZ"])
def test_the_list_of_orders_finds_it_too(phone, orders, asked):
    page = phone("rep", "/orders/")
    page.locator("#filter-q").fill(asked)
    page.locator("#filter-q").press("Enter")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results")).to_contain_text(orders.number)
    no_sideways(page)


def test_every_filter_opens_within_the_screen(phone, orders):
    page = phone("rep", "/orders/")
    menus = page.locator(".filter-bar details.menu")
    for place in range(menus.count()):
        menu = menus.nth(place)
        menu.locator("summary").tap()
        box = menu.locator(".menu__panel").bounding_box()
        assert box is not None
        assert box["x"] >= 0, menu.inner_text()
        assert box["x"] + box["width"] <= 390, menu.inner_text()
        no_sideways(page)
        menu.locator("summary").tap()


def no_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
