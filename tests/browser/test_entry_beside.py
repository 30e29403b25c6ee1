"""The customer's paper and the check stay in sight while header and grid are typed; the mark is put there."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from inventory.models import ProductCategory
from orders import actions
from tests import orders_world as desk
from tests.browser.desk import Office
from tests.world import World

pytestmark = pytest.mark.rule("R1.1", "R1.3")


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path)
    yield found
    assert found.complaints == []
    found.close()


@pytest.fixture
def draft():
    """Eleven lines of a product whose category demands a drawing."""
    world = World()
    category = ProductCategory.objects.create(code="SP", name="专用件", demanded_attachments=["图纸"])
    desk.product(world, "PRT-101", price="10", stock=100, category=category)
    return desk.draft_order(world, lines=(("PRT-101", "1"),) * 11, channel="email")


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (60, 1200), "white").save(kept, "PNG")
    return kept.getvalue()


def attach(page: Page, name: str, kind: str = "") -> None:
    summary = page.locator("#beside details", has=page.locator("#entry-files"))
    if not page.locator("#entry-files").is_visible():
        summary.locator("summary").click()
    page.locator("#entry-files").set_input_files({"name": name, "mimeType": "image/png", "buffer": picture()})
    if kind:
        page.locator("#entry-kind").select_option(kind)
    summary.locator("button").click()
    expect(page.locator("#beside [data-paper]", has_text=name)).to_be_visible()


def test_paper_and_check_are_beside_the_ninth_line(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    header, beside = page.locator("#order-header").bounding_box(), page.locator("#beside").bounding_box()
    assert header is not None
    assert beside is not None
    assert abs(beside["y"] - header["y"]) < 8  # nothing stands above the papers
    attach(page, "po.png")
    attach(page, "plan.png", "图纸")
    expect(page.locator("#live-check")).not_to_contain_text("图纸")
    page.locator("[name=lines-8-quantity]").focus()
    for place in ("#paper-view img", "#live-check .gate", "[name=lines-8-quantity]"):
        expect(page.locator(place).first).to_be_in_viewport()
    expect(page.locator("#line-facts")).to_contain_text("92 pcs")
    office.picture(page, "beside")
    page.locator("[data-paper]", has_text="plan.png").click()
    expect(page.locator("#paper-view img")).to_have_attribute("alt", "plan.png")
    page.reload()
    expect(page.locator("#paper-view img")).to_have_attribute("alt", "plan.png")

    page.locator("[data-fold-aside]").click()
    expect(page.locator("#beside")).to_be_hidden()
    page.reload()
    expect(page.locator("#beside")).to_be_hidden()
    page.locator("[data-fold-aside]").click()
    expect(page.locator("#beside")).to_be_visible()


def test_a_line_that_demands_a_drawing_offers_it_at_once(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    for line in draft.lines.all():
        actions.delete_line(draft, line_id=line.pk, actor=draft.owner)
    page.reload()
    expect(page.locator("#entry-kind")).to_be_hidden()
    page.locator("[name=lines-0-product]").fill("PRT-101")
    page.locator("[name=lines-0-quantity]").fill("1")
    page.locator("[name=lines-0-quantity]").blur()
    expect(page.locator("#live-check")).to_contain_text("图纸")
    attach(page, "plan.png", "图纸")
    expect(page.locator("#live-check")).not_to_contain_text("图纸")
    assert draft.source_documents.get().purpose == "图纸"


def test_the_mark_is_recorded_beside_the_entry(office, draft):
    page = office("rep", f"{draft.get_absolute_url()}edit/")
    attach(page, "po.png")
    mark = page.locator("#beside form", has=page.locator("[name=mark]"))
    page.locator("#beside summary", has_text="确认标记").click()
    mark.locator("[name=mark]").select_option("seal")
    mark.locator("button").click()
    expect(page).to_have_url(f"{office.url}{draft.get_absolute_url()}edit/#beside")
    expect(page.locator("#beside .badge")).to_contain_text("盖章")
    assert draft.source_documents.get().is_confirmed


def test_on_a_phone_they_stand_below(browser, live_server, tmp_path, draft):
    phone = Office(browser, live_server.url, tmp_path, viewport={"width": 390, "height": 844})
    page = phone("rep", f"{draft.get_absolute_url()}edit/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    grid, beside = page.locator("#lines").bounding_box(), page.locator("#beside").bounding_box()
    assert grid is not None
    assert beside is not None
    assert beside["y"] >= grid["y"] + grid["height"]
    phone.close()
