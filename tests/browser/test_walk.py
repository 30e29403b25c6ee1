"""The walking order in Chromium: typed by keyboard, pasted, decided with the keys, figures at each step."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.queries import system_user
from core import invariants
from core.audit import broken_links
from core.jobs import tick
from customers.actions import block_customer
from inventory.models import ProductionOrder
from invoicing.models import Invoice, Receipt
from logistics.models import Shipment
from orders.models import SalesOrder
from tests import orders_world as desk
from tests import shipping_world
from tests.browser.desk import READ, Office
from tests.walking import PAPER, Walk, again, lines_of, money, open_quantities, shipment_again
from tests.world import PASSWORD, World

BLOCK = "BRG-6204\t30\nBRG-6204\t10\n"


@pytest.fixture
def walk() -> Walk:
    return Walk(limit=200_000, language="zh-hans", stock=100)


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path, permissions=["clipboard-read", "clipboard-write"])
    yield found
    found.close()


@pytest.fixture
def paper(tmp_path):
    """A small PDF on the rep's disk."""
    path = tmp_path / "客户订单 PO-8841.pdf"
    path.write_bytes(PAPER)
    return path


@pytest.mark.rule("R1.1", "R2.1", "R4.1", "R5.5", "R5.14", "R6.1", "R6.7", "R9.1", "R9.6")
def test_an_order_walks_through_chromium(walk, office, paper):
    order = typed(walk, office)
    submitted(office, order, paper)
    approved(walk, office, order)
    released_and_made(walk, office, order)
    first = shipped(walk, office, order, {1: "60"}, paper)
    assert walk.credit() == money("5744", "0", "1156", "0", "0")
    assert open_quantities(again(order)) == [0, 4, 30, 10]
    second = shipped(walk, office, order, {2: "4", 3: "30", 4: "10"}, paper)
    assert walk.credit() == money("0", "0", "6900", "0", "0")
    invoiced_and_paid(walk, office, order, first, second)
    left_lying(walk, office)
    assert office.complaints == []
    assert invariants.broken() == {}
    assert list(broken_links(order.thread)) == []


def typed(walk: Walk, office: Office) -> SalesOrder:
    page = office("rep", "/orders/new/")
    page.locator("#customer-q").press_sequentially("WALK")
    page.locator("button[name=customer][value=C-WALK]").click()
    page.locator("#id_channel").select_option("email")
    due = timezone.localdate() + timedelta(days=14)
    page.locator("#id_due_on").fill(due.isoformat())
    page.locator("#id_freight").fill("40")
    page.locator("#id_freight").press("Tab")
    expect(page.locator("#line-totals")).to_contain_text("40.00")

    page.locator("[name=lines-0-product]").focus()
    typed_line(page, 0, "BRG", "60")
    typed_line(page, 1, "sxyb", "4")
    expect(page.locator("[name=lines-1-product]")).to_have_value("MTR-Y2")
    expect(page.locator("#line-totals")).to_contain_text("6,156.00")
    page.evaluate("text => navigator.clipboard.writeText(text)", BLOCK)
    page.locator("[name=lines-2-product]").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("#line-totals")).to_contain_text("6,900.00")
    expect(page.locator("#draft-state")).to_have_attribute("data-state", "saved")
    office.picture(page, "line-grid")

    order = SalesOrder.objects.get()
    assert lines_of(order) == [
        ("BRG-6204", 60, Decimal("18.60")),
        ("MTR-Y2", 4, Decimal("1250.00")),
        ("BRG-6204", 30, Decimal("18.60")),
        ("BRG-6204", 10, Decimal("18.60")),
    ]
    assert (order.state, order.grand_total) == ("draft", Decimal("6900.00"))
    return order


def typed_line(page: Page, place: int, text: str, quantity: str) -> None:
    """Product out of the look-up, quantity, then Enter through the cells into the next line."""
    page.keyboard.type(text, delay=60)
    expect(page.locator("#lookup-list [aria-selected=true]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(f"[name=lines-{place}-quantity]")).to_be_focused()
    page.keyboard.type(quantity, delay=60)
    for _cell in ("price", "discount", "due", "next line"):
        page.keyboard.press("Enter")
    expect(page.locator(f"[name=lines-{place + 1}-product]")).to_be_focused()


def submitted(office: Office, order: SalesOrder, paper) -> None:
    page = office("rep", order.get_absolute_url())
    expect(page.locator("#why")).to_contain_text("R1.1")
    page.locator("#paper-file").set_input_files(paper)
    page.locator("form[action$='/attach/'] button[type=submit]").click()
    page.locator("#papers summary").click()
    page.locator("form[action$='/mark/'] select[name=mark]").select_option("seal")
    page.locator("form[action$='/mark/'] button[type=submit]").click()
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator("h1 + *, .page-header").first).to_be_visible()
    assert again(order).state == "submitted"

    page = office("support", f"{order.get_absolute_url()}standardise/")
    for box in page.locator("#checklist input[type=checkbox]").all():
        box.check()
    page.locator(".button--primary[form=standard]").click()
    expect(page.locator("#review")).to_be_visible()
    assert again(order).state == "in_review"
    office.picture(page, "in-review")


def approved(walk: Walk, office: Office, order: SalesOrder) -> None:
    decided_with_keys(office, "support2", order.number)
    decided_with_keys(office, "finance", order.number)
    page = office("production", f"{order.get_absolute_url()}promise/")  # the motor is not in stock (R2.9)
    page.locator("form[action$='/promise/sign/'] button[type=submit]").click()
    expect(page.locator("#review")).to_be_visible()
    page = office("manager", "/approvals/")
    office.picture(page, "decision", keep=True)
    page.wait_for_timeout(READ)
    page.keyboard.press("r")
    expect(page.locator("textarea[id^=reason-]")).to_be_visible()
    page.locator(".decide__refuse:has(textarea[id^=reason-]) summary").click()
    decided_with_keys(office, "manager", order.number)
    assert again(order).state == "approved"
    assert walk.credit() == money("6900", "0", "0", "0", "0")


def decided_with_keys(office: Office, who: str, number: str) -> None:
    page = office(who, "/approvals/")
    expect(page.locator(f"form[action$='/{number}/decide/']").first).to_be_visible()
    page.wait_for_timeout(READ)
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(f"form[action$='/{number}/decide/']")).to_have_count(0)


def released_and_made(walk: Walk, office: Office, order: SalesOrder) -> None:
    page = office("lead", order.get_absolute_url())
    expect(page.locator("#confirmation .files a")).to_have_count(1)
    page.locator("#confirmation summary").first.click()
    page.locator("#confirmation select[name=answer]").select_option("right")
    page.locator("#confirmation select[name=mark]").select_option("call")
    page.locator("#confirmation form[action$='/record-answer/'] button").click()
    expect(page.locator("#confirmation .files")).to_contain_text("王琳")
    page.locator("#release button[type=submit]").click()
    expect(page.locator("#release")).to_have_count(0)
    assert again(order).state == "released"
    assert walk.stock(walk.bearing) == (100, 100)
    made = ProductionOrder.objects.get()
    assert (made.product.code, made.quantity) == ("MTR-Y2", 4)

    page = office("production", f"/production/{made.number}/")
    page.locator("form[action$='/accept/'] button[type=submit]").click()
    page.locator("form[action$='/report/'] button[type=submit]").click()
    expect(page.locator("form[action$='/report/']")).to_have_count(0)
    page = office("quality", f"/production/{made.number}/")
    for box in page.locator("form[action$='/inspect/'] input[type=checkbox]").all():
        box.check()
    page.locator("form[action$='/inspect/'] button[type=submit]").click()
    expect(page.locator("form[action$='/inspect/']")).to_have_count(0)
    assert walk.stock(walk.motor) == (4, 4)


def shipped(walk: Walk, office: Office, order: SalesOrder, quantities: dict[int, str], paper) -> Shipment:
    page = office("rep", f"{order.get_absolute_url()}ship/")
    for line in order.lines.all():
        field = page.locator(f"[name=quantity-{line.pk}]")
        if field.count():
            field.fill(quantities.get(line.position, ""))
    page.locator("form:has([name=wanted_on]) button[type=submit]").click()
    page.wait_for_url(re.compile("/shipments/"))
    shipment = Shipment.objects.latest("pk")
    for who in ("finance", "support2", "manager", "head"):
        decided_with_keys(office, who, shipment.number)
    page = office("support", shipment.get_absolute_url())
    page.locator("form[action$='/release/'] button").click()
    expect(page.locator("form[action$='/release/']")).to_have_count(0)

    page = office("warehouse", "/warehouse/")
    page.locator(f"form[action$='/{shipment.number}/pick/'] button").click()
    page.locator(f"form[action$='/{shipment.number}/pack/'] [name=packages]").fill("3")
    page.locator(f"form[action$='/{shipment.number}/pack/'] button").click()
    expect(page.locator(f"form[action$='/{shipment.number}/pack/']")).to_have_count(0)
    page.goto(office.url + shipment.get_absolute_url())
    page.locator("[name=carrier]").select_option(str(walk.carrier.pk))
    page.locator("[name=waybill]").fill("SF1234567890")
    page.locator("#next-step button[type=submit]").click()
    page.locator("[name=received_by]").fill("王琳")
    page.locator("[name=receipt]").set_input_files(paper)
    page.locator("#next-step button[type=submit]").click()
    expect(page.locator("#next-step")).to_have_count(0)
    office.picture(page, "shipment")
    shipment = shipment_again(shipment)
    assert (shipment.state, shipment.packages) == ("delivered", 3)
    return shipment


def invoiced_and_paid(walk: Walk, office: Office, order: SalesOrder, *shipments: Shipment) -> None:
    for shipment in shipments:
        page = office("support", shipment.get_absolute_url())
        page.locator("#revenue form button[type=submit]").click()
        expect(page.locator(f"form[action$='/{shipment.number}/invoice/']")).to_have_count(0)
        page = office("finance", Invoice.objects.latest("pk").get_absolute_url())
        page.locator("form[action$='/issue/'] button").click()
        expect(page.locator("form[action$='/issue/']")).to_have_count(0)
    assert [each.amount for each in Invoice.objects.order_by("pk")] == [
        Decimal("1156.00"),
        Decimal("5744.00"),
    ]
    assert walk.credit() == money("0", "0", "0", "6900", "0")
    office.picture(page, "invoice")

    page.goto(f"{office.url}/receipts/new/")
    page.locator("[name=customer]").select_option(str(walk.customer.pk))
    page.locator("[name=amount]").fill("6900.00")
    page.locator("[name=method]").select_option("transfer")
    page.locator("[name=payer]").fill(walk.customer.name)
    page.locator("form:has([name=payer]) button[type=submit]").click()
    page.wait_for_url(re.compile(r"/receipts/(?!new)"))
    page.locator(f"form:has([name=order][value='{order.number}']) button").click()
    expect(page.locator("form[action$='/allocate/']")).to_have_count(0)
    assert Receipt.objects.get().unallocated == 0
    assert walk.credit() == money("0", "0", "0", "0", "0")

    page = office("rep", order.get_absolute_url())
    assert again(order).state == "settled"
    for figure in ("6,900.00", "VS-2026-000001", "VS-2026-000002"):
        expect(page.locator("main")).to_contain_text(figure)
    office.picture(page, "settled-order", keep=True)


def left_lying(walk: Walk, office: Office) -> None:
    """Another order, brought by the actions to where it is forgotten: half shipped, half on the shelf."""
    order = shipping_world.order_to_ship(walk.world, of=walk.customer, lines=(("LIE-1", "10"),))
    shipment = shipping_world.dispatched_shipment(walk.world, order=order, quantities={1: Decimal(4)})
    with time_machine.travel(timezone.now() + timedelta(days=33), tick=True):
        tick()
        office.windows.pop("gm", None)
        page = office("gm", "/reports/weekly/")
        for figure in (order.number, "111.60", shipment.number, "74.40"):
            expect(page.locator("main")).to_contain_text(figure)
        page.locator("form[action$='/freeze/'] button").click()
        tick()
        page.reload()
        link = page.locator("a[href$='/pdf/']").get_attribute("href")
        answer = page.request.get(office.url + link)
        assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
        office.picture(page, "weekly")


@pytest.mark.rule("R9.6", "R6.8", "R2.5")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_blocked_order_says_why_and_who_can_free_it(office, language):
    world = World()
    customer = desk.customer(
        world, "C-118", name="苏州镕鑫精密机械有限公司", payment_terms="deposit", deposit_percent=Decimal(30)
    )
    desk.product(world, "BRG-6204-2RS", name="深沟球轴承", specification="20×47×14", unit="件", stock=400)
    desk.product(world, "GBX-R47", name="斜齿轮减速机", price="2380", specification="i=24.77 M1", unit="台")
    order = desk.approved_order(world, of=customer, lines=(("BRG-6204-2RS", "200"), ("GBX-R47", "6")))
    block_customer(customer, reason="货款逾期 47 天", actor=system_user())
    type(world.lead).objects.filter(pk=world.lead.pk).update(language=language)

    page = office("lead", order.get_absolute_url())
    why = page.locator("#why")
    for words in ("R6.8", "5,400.00", "R2.5", "货款逾期 47 天", "朱静"):
        expect(why).to_contain_text(words)
    expect(page.locator("#release button[type=submit]")).to_have_count(0)
    page.set_viewport_size({"width": 1360, "height": 820})
    office.picture(page, f"blocked-order-{language}", keep=True)
    assert again(order).state == "approved"


def test_the_rep_signs_in_and_finds_the_days_work(walk, office, browser, live_server):
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill("rep")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page).to_have_url(f"{live_server.url}/")
    expect(page.locator("h1")).to_be_visible()
    page.context.close()
