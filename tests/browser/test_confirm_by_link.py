"""The customer answers our confirmation by the link in its mail, on the phone, without an account (R1.10)."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from core.jobs import tick
from orders.models import OrderConfirmation
from tests import orders_world as desk
from tests.world import World

pytestmark = pytest.mark.rule("R1.8", "R1.10")


@pytest.fixture
def open_link(browser, live_server):
    """Opens the link that the mail about this order carries, in a window where nobody is signed in."""
    windows = []

    def opened(order):
        tick()
        letter = next(
            each for each in mail.outbox if "/confirm/" in each.body and order.number in each.subject
        )
        context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
        windows.append(context)
        page = context.new_page()
        page.goto(live_server.url + re.search(r"/confirm/\S+/", letter.body)[0])
        return page

    yield opened
    for each in windows:
        each.close()


def test_one_customer_confirms(open_link):
    page = open_link(desk.approved_order(World()))
    expect(page.locator("main")).to_contain_text("186.00")
    page.locator("#right-by").fill("王琳")
    page.locator("#answer-right button[type=submit]").click()
    expect(page.locator("[role=status]")).to_contain_text("王琳")
    expect(page.locator("#answer")).to_have_count(0)
    assert OrderConfirmation.objects.get().state == "confirmed"


def test_another_says_that_it_is_not_right(open_link):
    page = open_link(desk.approved_order(World()))
    page.locator("#answer summary").click()
    page.locator("#wrong-by").fill("王琳")
    page.locator("#wrong-words").fill("第一行数量应为 12")
    page.locator("#answer-wrong button[type=submit]").click()
    expect(page.locator("[role=status]")).to_contain_text("第一行数量应为 12")
    assert OrderConfirmation.objects.get().state == "disputed"
