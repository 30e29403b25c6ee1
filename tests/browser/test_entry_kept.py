"""A draft never loses a keystroke: left at once, signed out, half of it wrong, open in two windows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from orders import actions
from tests import orders_world as desk
from tests.browser.desk import Office, session
from tests.world import World

pytestmark = pytest.mark.rule("R1.3")


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path)
    yield found
    found.close()


@pytest.fixture
def draft():
    """An order without lines, and a product to fill it with."""
    world = World()
    desk.product(world, "PRT-101", price="10", stock=100)
    return desk.draft_order(world, lines=(), channel="email", ship_to="苏州")


def test_leaving_at_once_loses_nothing(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    page.locator("[name=internal_note]").press_sequentially("打木箱", delay=5)
    page.locator("[name=lines-0-product]").press_sequentially("PRT-101", delay=5)
    page.goto(f"{office.url}/orders/")
    until(page, lambda: desk.again(draft).internal_note == "打木箱" and draft.lines.count() == 1)


def test_a_killed_session_loses_neither_header_nor_lines(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    page.locator("[name=internal_note]").press_sequentially("一", delay=5)
    page.locator("[name=lines-0-product]").fill("PRT-101")
    page.locator("[name=lines-0-quantity]").fill("7")
    expect(page.locator("#line-totals")).to_contain_text("70.00")  # a pause is enough
    Session.objects.all().delete()

    page.locator("[name=internal_note]").press_sequentially("二", delay=5)
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "failed")
    expect(page.locator("#draft-state a")).to_have_attribute("href", "/accounts/login/")
    page.locator("[name=lines-0-quantity]").fill("8")
    turned_away = []
    page.on("response", lambda answer: turned_away.append(answer.url) if "login" in answer.url else None)
    page.locator(
        "button[form=order-form]", has_text="保存"
    ).first.click()  # nothing is sent into the sign-in page
    until(page, lambda: any(each.endswith("edit/row/") for each in turned_away))
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "failed")
    expect(page.locator("[name=internal_note]")).to_have_value("一二")
    assert (desk.again(draft).internal_note, draft.lines.get().quantity) == ("一", 7)

    key = session("rep")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": office.url}])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#line-totals")).to_contain_text("80.00")
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.locator("[name=internal_note]")).to_have_value("一二")
    expect(page.locator("[name=lines-0-product]")).to_have_value("PRT-101")
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("8")


def test_a_wrong_field_says_so_and_keeps_the_others(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    page.locator("[name=freight]").fill("abc")
    page.locator("[name=message]").fill("急用")
    page.locator("[name=message]").blur()
    expect(page.locator("#id_freight_error")).to_be_visible()
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "failed")
    expect(page.locator("#live-check")).to_contain_text("abc")
    page.locator("[name=lines-0-product]").fill("PRT-101")
    page.locator("[name=lines-0-quantity]").fill("1")
    expect(page.locator("#line-totals")).to_contain_text("10.00")
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "failed")  # not all of it is saved
    page.reload()
    expect(page.locator("[name=freight]")).to_have_value("abc")
    expect(page.locator("[name=message]")).to_have_value("急用")

    page.locator("[name=freight]").fill("25")
    page.locator("[name=freight]").blur()
    expect(page.locator("#id_freight_error")).to_have_count(0)
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "saved")
    expect(page.locator("#line-totals")).to_contain_text("35.00")


@pytest.mark.rule("R2.13")
def test_of_two_windows_the_older_one_shows_both(office, draft):
    old = office("rep", f"{draft.get_absolute_url()}edit/")
    new = old.context.new_page()
    new.goto(old.url)
    for page, place, note in ((new, "昆山", ""), (old, "无锡", "小心轻放")):
        page.locator("[name=internal_note]").fill(note)
        page.locator("[name=ship_to]").fill(place)
        page.locator("[name=ship_to]").blur()
        if page is new:
            expect(page.locator("#draft-state")).to_have_attribute("data-state", "saved")
            until(page, lambda: desk.again(draft).ship_to == "昆山")

    expect(old.locator("#edit-notice")).to_contain_text("昆山")
    expect(old.locator("#edit-notice")).to_contain_text("无锡")
    until(old, lambda: desk.again(draft).internal_note == "小心轻放")
    expect(old.locator("#draft-state")).to_have_attribute("data-state", "failed")
    expect(old.locator("#edit-notice")).to_contain_text("昆山")  # still told: it was not answered yet
    assert desk.again(draft).ship_to == "昆山"
    expect(old.locator("[name=ship_to]")).to_have_value("无锡")
    old.locator("[name=ship_to]").press("End")
    old.locator("[name=ship_to]").press_sequentially("市")
    until(old, lambda: desk.again(draft).ship_to == "无锡市")


@pytest.mark.rule("R2.13", "R1.6")
def test_of_a_line_in_two_windows_nothing_is_put_back_and_both_are_shown(office, draft):
    actions.save_line(draft, product="PRT-101", quantity=5, actor=draft.owner)
    old = office("rep", f"{draft.get_absolute_url()}edit/")
    new = old.context.new_page()
    new.goto(old.url)
    new.locator("[name=lines-0-quantity]").fill("7")
    new.locator("[name=lines-0-quantity]").blur()
    until(new, lambda: draft.lines.get().quantity == 7)

    old.locator("[name=lines-0-price]").fill("9")
    old.locator("[name=lines-0-price]").blur()
    expect(old.locator("[name=lines-0-quantity]")).to_have_value("7")  # not put back to 5
    until(old, lambda: draft.lines.get().total == 63)

    new.locator("[name=lines-0-price]").fill("8")
    new.locator("[name=lines-0-price]").blur()
    expect(new.locator("#line-0 [data-cell=name]")).to_contain_text("“9”")
    expect(new.locator("[name=lines-0-price]")).to_have_value("8")
    new.locator("button[name=submit_order]").first.click()
    expect(new.locator("#edit-notice")).to_contain_text("9")
    assert (draft.lines.get().price, desk.again(draft).state) == (9, "draft")
    new.locator("[name=lines-0-price]").fill("8.5")
    new.locator("[name=lines-0-price]").blur()
    until(new, lambda: draft.lines.get().total == Decimal("59.50"))


def test_the_panel_follows_the_header(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    expect(page.locator("#live-check")).not_to_contain_text("联系人")
    page.locator("[name=contact_name]").fill("")
    page.locator("[name=contact_name]").blur()
    expect(page.locator("#live-check")).to_contain_text("联系人")
    page.locator("[name=klass]").select_option("special")
    expect(page.locator("#live-check")).to_contain_text("R1.5")


def until(page: Page, holds: Callable[[], bool]) -> None:
    """The browser goes on until this holds, ten seconds at most."""
    for _turn in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never held")
