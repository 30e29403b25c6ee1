"""On the phone: a manager decides three orders, one with a no; the rep mends it; what it touches reopens."""

import re

import pytest
from playwright.sync_api import expect

from approvals.models import Step
from core import invariants
from tests import orders_world as desk
from tests.browser.desk import Office
from tests.shipping_world import credit_customer
from tests.world import World

pytestmark = pytest.mark.rule("R2.1", "R2.11")
PHONE = {"width": 390, "height": 844}
REASON = "单价低于协议，请与客户重谈"


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path, viewport=PHONE)
    yield found
    found.close()


@pytest.fixture
def waiting():
    """Three orders that wait for the manager; business support and finance have said yes."""
    world, found = World(), []
    desk.product(world, "BRG-6204", stock=10_000)
    for place in range(3):
        buyer = credit_customer(world, 9_000_000, code=f"C-{place}")
        order = desk.order_in_review(world, of=buyer, lines=(("BRG-6204", str(10 + place)),))
        for who in ("support2", "finance"):
            desk.decide(world, order, who)
        found.append(desk.again(order))
    return world, found


def steps(order):
    order = desk.again(order)
    return {step.kind: step for step in order.case.steps.filter(round=order.case.round)}


def fits(page):
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def decide_three(office, orders):
    """Yes, no with a reason, yes, one after the other."""
    page = office("manager", "/approvals/")
    expect(page.locator(".decide__list .duty")).to_have_count(3)
    fits(page)
    office.picture(page, "inbox")
    page.locator(".decide__list .duty").first.click()
    for order, yes in zip(orders, (True, False, True), strict=True):
        decision = page.locator("#decision")
        expect(decision.locator("h2").first).to_contain_text(order.number)
        expect(page.locator(".decide__list")).to_be_hidden()
        fits(page)
        if yes:
            decision.locator("button[data-key=a]").click()
        else:
            decision.locator("summary[data-key=r]").click()
            decision.locator("textarea[id^=reason-]").fill(REASON)
            office.picture(page, "refusal")
            decision.locator(".decide__doors .decide__refuse button[type=submit]").click()
        expect(page.locator("[role=status]")).to_contain_text(order.number)
    expect(page.locator(".decide__list .duty")).to_have_count(0)


def mend(office, order):
    """The rep reads why, takes another price and submits it again."""
    page = office("rep", order.get_absolute_url())
    expect(page.locator("main")).to_contain_text(REASON)
    page.goto(f"{office.url}{order.get_absolute_url()}edit/")
    page.locator("[name=lines-0-price]").fill("17.90")
    page.locator("[name=lines-0-price]").press("Tab")
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "saved")
    page.locator("[name=submit_order]").click()
    page.wait_for_url(re.compile(rf"{order.number}/$"))
    office.picture(page, "mended")


def decide_again(office, order, who, *, still=None):
    """The changed price is shown, and who signed what it does not touch; then yes."""
    page = office(who, "/approvals/")
    page.locator(".decide__list .duty").first.click()
    decision = page.locator("#decision")
    expect(decision).to_contain_text("17.9")
    if still:
        expect(decision).to_contain_text("18.6")  # what it was when they last said yes
        kept = decision.locator("li.duty", has_text=str(still))
        expect(kept).to_contain_text("第 1 轮")
        expect(kept.locator("time")).to_be_visible()
    fits(page)
    office.picture(page, f"{who}-again")
    decision.locator("button[data-key=a]").click()
    expect(page.locator("[role=status]")).to_contain_text(order.number)


def test_three_decided_on_the_phone_and_the_mended_one_reopens_what_it_touches(office, waiting):
    world, orders = waiting
    decide_three(office, orders)
    assert [desk.again(order).state for order in orders] == ["approved", "refused", "approved"]

    mended, before = orders[1], steps(orders[1])
    mend(office, mended)
    now = steps(mended)
    assert {kind: step.state for kind, step in now.items()} == {
        "support": "approved",
        "finance": "open",
        "manager": "waiting",
    }
    assert now["support"].carried_from == before["support"]
    for name in ("decided_by", "decided_at", "signed_digest"):
        assert getattr(now["support"], name) == getattr(before["support"], name)

    decide_again(office, mended, "finance", still=world.support2)
    decide_again(office, mended, "manager")
    assert desk.again(mended).state == "approved"
    assert Step.objects.filter(case__reference=mended.number, kind="support", carried_from=None).count() == 1
    assert office.complaints == []
    assert invariants.broken() == {}
