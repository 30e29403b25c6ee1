"""Entry in Chromium: twelve lines by keyboard alone; fifty pasted, three unknown, mended, submitted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from core import invariants
from orders.models import OrderLine, SalesOrder
from tests import orders_world as desk
from tests.browser.desk import Office
from tests.world import World

CODES = [f"PRT-{number:03}" for number in range(101, 113)]
UNKNOWN = {4: "PRT-1O5", 20: "PRT-l07", 41: "完全不认识的件"}


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path, permissions=["clipboard-read", "clipboard-write"])
    yield found
    found.close()


@pytest.fixture
def draft():
    """An order without lines, and twelve products to fill it with."""
    world = World()
    for place, code in enumerate(CODES):
        desk.product(world, code, price=f"{10 + place}", stock=10_000)
    order = desk.draft_order(world, lines=(), channel="email")
    desk.paper(order, world.rep)
    return order


@pytest.mark.rule("R1.1", "R1.3", "R1.6")
def test_an_order_of_twelve_lines_by_keyboard_alone(office, draft):
    """From choosing the customer to handing it in; only the file is chosen by the test."""
    page = office("rep", "/orders/new/")
    page.keyboard.type("C-1", delay=15)  # the search has the cursor
    begin = page.locator("#customers button", has_text="C-1").first
    tabbed(page, begin)
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    order = SalesOrder.objects.exclude(pk=draft.pk).get()

    due = timezone.localdate() + timedelta(days=20)
    type_header(page, due)
    tabbed(page, page.locator("[name=lines-0-product]"))
    type_lines(page)
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "saved")
    expect(page.locator("#line-totals")).to_contain_text("1,352.00")
    attach_with_its_mark(page)
    page.keyboard.press("Control+Shift+Enter")
    page.wait_for_url(f"**{order.get_absolute_url()}")

    order = desk.again(order)
    assert (order.state, order.customer_order_number, order.due_on) == ("submitted", "PO-12", due)
    lines = list(order.lines.select_related("product"))
    assert [(line.product.code, line.quantity) for line in lines] == [
        (code, place + 1) for place, code in enumerate(CODES)
    ]
    assert lines[3].packaging == "木箱"
    assert office.complaints == []


def type_header(page: Page, due: date) -> None:
    """What the customer's file does not say."""
    tabbed(page, page.locator("[name=customer_order_number]"))
    page.keyboard.type("PO-12")
    day = page.locator("[name=due_on]")
    for typed in (f"{due:%m%d%Y}", f"{due:%Y}\t{due:%m%d}"):  # as the browser writes a day
        page.locator("[name=customer_order_number]").focus()
        tabbed(page, day)
        page.keyboard.type(typed)
        if day.input_value() == due.isoformat():
            break
    choose(page, page.locator("[name=channel]"), "email")


def attach_with_its_mark(page: Page) -> None:
    """The customer's paper; choosing the file is the test's."""
    tabbed(page, page.locator("#entry-files"))
    page.locator("#entry-files").set_input_files(
        {"name": "po.pdf", "mimeType": "application/pdf", "buffer": desk.PAPER}
    )
    tabbed(page, page.locator("#beside button", has_text="上传"))
    page.keyboard.press("Enter")
    tabbed(page, page.locator("#beside summary", has_text="确认标记"))
    page.keyboard.press("Enter")
    choose(page, page.locator("#beside [name=mark]"), "seal")
    tabbed(page, page.locator("#beside form:has([name=mark]) button"))
    page.keyboard.press("Enter")
    expect(page.locator("#beside .badge")).to_contain_text("盖章")


def type_lines(page: Page) -> None:
    """Twelve lines one after the other, the fourth with its packaging."""
    for place, code in enumerate(CODES):
        page.keyboard.type(code, delay=15)
        expect(page.locator("#lookup-list [aria-selected=true]")).to_contain_text(code)
        page.keyboard.press("Enter")
        expect(page.locator(f"[name=lines-{place}-quantity]")).to_be_focused()
        page.keyboard.type(str(place + 1))
        if place == 3:
            page.keyboard.press("F2")
            expect(page.locator("[name=lines-3-tax]")).to_be_focused()
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")
            page.keyboard.type("木箱")
            page.keyboard.press("F2")
            expect(page.locator("[name=lines-3-quantity]")).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator(f"[name=lines-{place + 1}-product]")).to_be_focused()


def choose(page: Page, field: Locator, value: str) -> None:
    """A choice, reached and made with the arrows."""
    tabbed(page, field)
    page.keyboard.press("Home")
    for _turn in range(20):
        if field.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not offered")


def tabbed(page: Page, target: Locator) -> None:
    """Tab until the cursor is there, as somebody without a mouse does."""
    target.wait_for()
    for _turn in range(120):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not lead there")


@pytest.mark.rule("R1.3")
def test_enter_takes_what_the_last_letter_found_not_what_an_earlier_one_did(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    late = []
    page.route("**/products/lookup/?q=PRT-11&**", lambda route: late.append(route))
    page.locator("[name=lines-0-product]").focus()
    page.keyboard.type("PRT-1", delay=60)
    expect(page.locator("#lookup-list [aria-selected=true]")).to_contain_text("PRT-101")
    page.keyboard.type("1", delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("[name=lines-0-product]")).to_have_value("PRT-11")
    expect(page.locator("[name=lines-0-product]")).to_be_focused()
    until(page, lambda: len(late) > 0)
    for each in late:
        each.continue_()
    expect(page.locator("[name=lines-0-product]")).to_have_value("PRT-110")
    expect(page.locator("[name=lines-0-quantity]")).to_be_focused()
    assert office.complaints == []


@pytest.mark.rule("R1.3", "R1.9", "R1.13")
def test_fifty_pasted_rows_of_which_three_are_unknown_are_mended_and_submitted(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    due = timezone.localdate() + timedelta(days=20)
    block = "\n".join(
        f"{place + 1}\t{UNKNOWN.get(place, CODES[place % 12])}\t{due.isoformat()}" for place in range(50)
    )
    page.evaluate("text => navigator.clipboard.writeText(text)", f"数量\t料号\t交期\n{block}\n")
    page.locator("[name=lines-0-product]").focus()
    page.keyboard.press("Control+V")
    expect(page.locator(".line-row--unknown")).to_have_count(3, timeout=20_000)
    office.picture(page, "pasted")

    mended_by_suggestion(page, 4, "PRT-105")
    mended_by_suggestion(page, 20, "PRT-107")
    last = page.locator("[name=lines-41-product]")
    last.focus()
    last.fill("")
    page.keyboard.type("PRT-112", delay=20)
    expect(page.locator("#lookup-list [aria-selected=true]")).to_contain_text("PRT-112")
    page.keyboard.press("Enter")
    expect(page.locator(".line-row--unknown")).to_have_count(0)
    expect(page.locator("#live-check")).to_contain_text("R2.1")
    page.locator("button[name=submit_order]").click()
    page.wait_for_url(f"**{draft.get_absolute_url()}")

    assert SalesOrder.objects.get().state == "submitted"
    assert OrderLine.objects.count() == 50
    words = dict(draft.lines.exclude(customer_words="").values_list("position", "customer_words"))
    assert words == {place + 1: text for place, text in UNKNOWN.items()}
    assert invariants.broken(("I18",)) == {}
    assert office.complaints == []


def until(page: Page, holds: Callable[[], bool]) -> None:
    """The browser goes on until this holds, ten seconds at most."""
    for _turn in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never held")


def mended_by_suggestion(page: Page, place: int, code: str) -> None:
    """The first suggestion, taken with Alt 1."""
    expect(page.locator(f"#line-{place} [data-suggestion]").first).to_contain_text(code)
    page.locator(f"[name=lines-{place}-product]").focus()
    page.keyboard.press("Alt+1")
    expect(page.locator(f"[name=lines-{place}-product]")).to_have_value(code)
    expect(page.locator(f"#line-{place}.line-row--unknown")).to_have_count(0)
