"""Typing like a sheet: a scanner, Tab, a column pasted into a cell, links that lead to their cell."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from customers.models import PriceAgreement
from orders import actions
from tests import orders_world as desk
from tests.browser.desk import Office
from tests.world import World

pytestmark = pytest.mark.rule("R1.3")
#: Keys as a scanner sends them: 5 ms apart by their stamps, however busy the machine; Enter behind.
SCANNER = """
(code) => {
  const cell = document.activeElement;
  let at = performance.now();
  const key = (name) => {
    const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true });
    at += 5;
    Object.defineProperty(event, "timeStamp", { value: at });
    cell.dispatchEvent(event);
  };
  for (const each of code) {
    key(each);
    if (cell.selectionStart !== cell.selectionEnd) cell.value = "";
    cell.value += each;
    cell.setSelectionRange(cell.value.length, cell.value.length);
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }
  key("Enter");
}
"""


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path, permissions=["clipboard-read", "clipboard-write"])
    yield found
    assert found.complaints == []
    found.close()


@pytest.fixture
def world():
    return World()


@pytest.fixture
def draft(world):
    """An order without lines, and two products with barcodes."""
    desk.product(world, "PRT-101", price="10", stock=100, barcode="6901234500017")
    desk.product(world, "PRT-102", price="20", stock=100, barcode="6901234500024")
    return desk.draft_order(world, lines=(), channel="email")


def scan(page: Page, code: str) -> None:
    page.evaluate(SCANNER, code)


def test_scanned_again_counts_one_more(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    page.locator("[name=lines-0-product]").focus()
    scan(page, "6901234500017")
    expect(page.locator("[name=lines-1-product]")).to_be_focused()
    expect(page.locator("[name=lines-0-product]")).to_have_value("PRT-101")  # the row was answered
    scan(page, "6901234500017")
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("2")
    scan(page, "6901234500024")
    expect(page.locator("[name=lines-2-product]")).to_be_focused()
    page.locator("[name=lines-0-quantity]").focus()
    page.locator("[name=lines-0-quantity]").select_text()
    scan(page, "6901234500024")  # the scanner was in a quantity: it stays what it was
    expect(page.locator("[name=lines-1-quantity]")).to_have_value("2")
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("2")
    expect(page.locator("#line-totals")).to_contain_text("60.00")
    assert [(line.product.code, line.quantity) for line in draft.lines.all()] == [
        ("PRT-101", 2),
        ("PRT-102", 2),
    ]


def test_tab_takes_no_more_than_was_typed(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    first = page.locator("[name=lines-0-product]")
    first.focus()
    page.keyboard.type("PRT", delay=20)
    expect(page.locator("#lookup-list [aria-selected=true]")).to_contain_text("PRT-101")
    page.keyboard.press("Tab")
    expect(first).to_have_value("PRT")
    first.focus()
    first.fill("")
    page.keyboard.type("PRT", delay=20)
    expect(page.locator("#lookup-list [aria-selected=true]")).to_contain_text("PRT-101")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(first).to_have_value("PRT-102")


@pytest.mark.rule("R1.7")
def test_a_red_row_that_is_mended_costs_what_was_agreed(office, world, draft):
    PriceAgreement.objects.create(
        customer=draft.customer,
        product=desk.product(world, "PRT-101"),
        min_quantity=1,
        price="9.80",
        valid_from=draft.ordered_on,
        entered_by=world.rep,
    )
    actions.save_lines(draft, rows=[{"product": "???", "quantity": 3}], actor=world.rep)
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    cell = page.locator("[name=lines-0-product]")
    cell.fill("")
    cell.press_sequentially("PRT-101", delay=20)
    expect(page.locator("#lookup-list")).to_contain_text("9.8")
    page.keyboard.press("Enter")
    expect(page.locator("[name=lines-0-price]")).to_have_value("9.8")
    assert draft.lines.get().price_source == "agreement"


@pytest.mark.rule("R1.13")
def test_a_column_is_pasted_from_the_cell_on(office, world, draft):
    actions.save_lines(draft, rows=[{"product": "PRT-101", "quantity": 1}] * 3, actor=world.rep)
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    page.evaluate("text => navigator.clipboard.writeText(text)", "5\n6\n")
    page.locator("[name=lines-1-quantity]").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("[name=lines-2-quantity]")).to_have_value("6")
    expect(page.locator("[name=lines-1-quantity]")).to_be_focused()
    assert [line.quantity for line in draft.lines.all()] == [1, 5, 6]


def test_what_is_missing_leads_to_its_cell_also_after_a_row_went(office, world, draft):
    rows = [{"product": "PRT-101", "quantity": 1}, {"product": "PRT-102", "quantity": 0}]
    actions.save_lines(draft, rows=rows, actor=world.rep)
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    expect(page.locator("#line-1 [data-cell=place]")).to_have_text("2")
    page.locator("[name=contact_name]").fill("")
    page.locator("[name=contact_name]").blur()
    page.locator("#live-check a", has_text="联系人").click()
    expect(page.locator("[name=contact_name]")).to_be_focused()
    page.locator("#line-0 [data-delete-row]").click()
    expect(page.locator("#line-1 [data-cell=place]")).to_have_text("1")
    expect(page.locator("#live-check")).to_contain_text("第 1 行")
    page.locator("#live-check a", has_text="第 1 行").click()
    expect(page.locator("[name=lines-1-quantity]")).to_be_focused()
    page.goto(f"{office.url}{draft.get_absolute_url()}edit/#at-{draft.lines.get().pk}-packaging")
    page.reload()
    expect(page.locator("[name=lines-0-packaging]")).to_be_focused()
