"""Deciding by keyboard: a letter that is text never decides, and nobody decides what they have not seen."""

import pytest
from playwright.sync_api import expect

from tests import orders_world as desk
from tests.browser.desk import READ, Office
from tests.shipping_world import credit_customer
from tests.world import World

pytestmark = pytest.mark.rule("R2.11", "R2.13")


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path)
    yield found
    found.close()


@pytest.fixture
def waiting():
    """Two orders that wait for business support's second person."""
    world = World()
    desk.product(world, "BRG-6204", stock=10_000)
    return [
        desk.order_in_review(
            world, of=credit_customer(world, 9_000_000, code=f"C-{n}"), lines=(("BRG-6204", str(10 + n)),)
        )
        for n in range(2)
    ]


def said(order):
    """What business support has said of it."""
    order = desk.again(order)
    return order.case.steps.get(kind="support", round=order.case.round).state


def test_what_is_typed_after_r_is_the_reason_and_approves_nothing(office, waiting):
    page = office("support2", "/approvals/")
    page.wait_for_timeout(READ)
    page.keyboard.press("r")
    page.keyboard.type("amount is above what we agreed")

    reason = page.locator("textarea[name=reason]").first
    expect(reason).to_be_focused()
    expect(reason).to_have_value("amount is above what we agreed")
    assert [said(order) for order in waiting] == ["open", "open"]

    reason.blur()
    page.keyboard.type("aaa")  # the fold is open: A is no command
    page.wait_for_timeout(300)
    assert [said(order) for order in waiting] == ["open", "open"]
    assert office.complaints == []


def test_the_cursor_goes_into_what_a_click_opens(office, waiting):
    page = office("support2", "/approvals/")
    page.locator("summary[data-key=r]").click()
    expect(page.locator("textarea[name=reason]").first).to_be_focused()


def test_a_key_that_is_held_or_modified_decides_nothing(office, waiting):
    page = office("support2", "/approvals/")
    page.wait_for_timeout(READ)
    for chord in ("Shift+a", "Control+a", "Alt+a", "Meta+a"):
        page.keyboard.press(chord)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', repeat: true, bubbles: true}))"
    )
    page.wait_for_timeout(300)
    assert [said(order) for order in waiting] == ["open", "open"]


def test_a_approves_the_one_that_was_read_and_not_the_next_one_at_once(office, waiting):
    page = office("support2", "/approvals/")
    page.wait_for_timeout(READ)
    page.keyboard.press("a")
    expect(page.locator("[role=status]")).to_contain_text(waiting[0].number)
    for _press in range(3):
        page.keyboard.press("a")  # still meant for the one before
    page.wait_for_timeout(300)
    assert [said(order) for order in waiting] == ["approved", "open"]

    page.wait_for_timeout(READ)
    page.keyboard.press("a")
    expect(page.locator("[role=status]")).to_contain_text(waiting[1].number)
    assert [said(order) for order in waiting] == ["approved", "approved"]
