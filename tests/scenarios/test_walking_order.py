"""One order from the customer's paper to the settled invoice, walked through its pages by its people.

A second one, beyond the manager's authority, is left lying: some of it shipped and not invoiced, the rest
finished and not shipped. The clock moves on, the ticks tell of it once, and the weekly report lists it.
"""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Notice
from core import invariants
from core.audit import broken_links
from core.jobs import tick
from core.models import Event
from inventory.models import ProductionOrder, StockMovement
from invoicing.models import Invoice, Receipt
from logistics.models import Shipment
from orders.models import SalesOrder
from tests.walking import (
    Walk,
    again,
    lines_of,
    money,
    open_quantities,
    shipment_again,
)

pytestmark = pytest.mark.django_db

ROWS = [{"product": "BRG-6204", "quantity": "100"}, {"product": "三相异步", "quantity": "4"}]
LIMIT = 200_000


@pytest.mark.rule(
    "R1.1", "R1.3", "R1.4", "R1.6", "R1.8", "R1.9", "R2.1", "R2.2", "R2.3", "R4.1", "R4.2", "R4.4", "R4.5",
    "R4.7", "R4.11", "R5.4", "R5.5", "R5.9", "R5.11", "R5.13", "R5.14", "R6.1", "R6.3", "R6.7", "R6.10",
    "R6.12", "R9.6", "R10.1",
)  # fmt: skip
def test_an_order_walks_from_the_customers_paper_to_the_settled_invoice():
    walk = Walk(limit=LIMIT)
    order = entered_and_approved(walk)
    confirmed_and_released(walk, order)
    first = first_shipment(walk, order)
    made(walk, order)
    second = second_shipment(walk, order)
    invoiced(walk, order, first, second)
    paid_and_settled(walk, order)
    beyond = beyond_the_managers_authority(walk)
    left_lying(walk, beyond)
    nothing_is_broken(order, beyond)


def entered_and_approved(walk: Walk) -> SalesOrder:
    order = walk.enter(ROWS, freight="40")
    assert order.number.startswith("HB-")
    assert (order.state, order.goods_total, order.freight) == ("draft", Decimal("6860.00"), Decimal("40.00"))
    assert order.grand_total == Decimal("6900.00")
    assert lines_of(order) == [("BRG-6204", 100, Decimal("18.60")), ("MTR-Y2", 4, Decimal("1250.00"))]
    assert walk.attach(order).status == 200
    assert walk.submit(order).status == 200
    assert again(order).state == "submitted"
    assert walk.standardise(order).status == 200
    assert again(order).state == "in_review"
    walk.approve(order, "support2", "finance")
    assert (again(order).state, walk.credit()) == ("in_review", money("0", "0", "0", "0", "0"))
    assert "王建国" in walk.page("rep", order).text  # whose turn it is
    walk.approve(order, "manager")
    assert again(order).state == "approved"
    assert walk.credit() == money("6900", "0", "0", "0", "0")
    return again(order)


def confirmed_and_released(walk: Walk, order: SalesOrder) -> None:
    tick()
    assert walk.confirm(order, "en").status == 200
    tick()
    sent = [
        each for each in mail.outbox if each.to == ["buyer@customer.example"] and order.number in each.subject
    ]
    papers = [paper for each in sent for paper in each.attachments]
    assert [each[0] for each in papers] == [
        f"order_confirmation-{order.number}-v1-zh-hans.pdf",
        f"order_confirmation-{order.number}-v2-en.pdf",
    ]
    assert "陆仟玖佰元整" in text_of(papers[0][1])
    assert walk("rep").open(f"{order.get_absolute_url()}confirmations/1/").content == papers[0][1]

    assert walk.release(order).status == 200
    assert again(order).state == "released"
    assert walk.stock(walk.bearing) == (60, 60)
    assert walk.stock(walk.motor) == (0, 0)
    ordered = ProductionOrder.objects.order_by("pk").values_list("product__code", "quantity")
    assert list(ordered) == [("BRG-6204", 40), ("MTR-Y2", 4)]
    assert walk.credit() == money("6900", "0", "0", "0", "0")


def first_shipment(walk: Walk, order: SalesOrder) -> Shipment:
    assert walk.ask(order, {1: "60"}).status == 200
    shipment = Shipment.objects.get()
    assert (shipment.goods_value, shipment.billable) == (Decimal("1116.00"), Decimal("1156.00"))
    walk.sign(shipment, "finance", "support2", "manager", "head")
    assert walk.credit() == money("6900", "0", "0", "0", "0")
    assert walk.let_go(shipment).status == 200
    assert walk.credit() == money("6900", "1156", "0", "0", "0")
    assert walk.pick(shipment).status == 200
    assert walk.pack(shipment).status == 200
    assert walk.stock(walk.bearing) == (60, 60)
    assert walk.dispatch(shipment).status == 200
    assert walk.stock(walk.bearing) == (0, 0)
    assert walk.credit() == money("5744", "0", "1156", "0", "0")
    assert open_quantities(order) == [40, 4]
    assert walk.deliver(shipment).status == 200
    tick()
    shipment = shipment_again(shipment)
    note = walk("rep").open(f"{shipment.get_absolute_url()}delivery-note/").content
    assert shipment.delivery_note_number in text_of(note)
    told = [each for each in mail.outbox if each.to == [walk.customer.email] and "SF1234567890" in each.body]
    assert [len(each.attachments) for each in told] == [1]
    return shipment


def made(walk: Walk, order: SalesOrder) -> None:
    for each in ProductionOrder.objects.order_by("pk"):
        walk.make(each)
    assert walk.stock(walk.bearing) == (40, 40)
    assert walk.stock(walk.motor) == (4, 4)
    assert [each.state for each in ProductionOrder.objects.all()] == ["closed", "closed"]
    assert StockMovement.objects.filter(stock__product=walk.motor).count() == 1
    assert open_quantities(order) == [40, 4]


def second_shipment(walk: Walk, order: SalesOrder) -> Shipment:
    shipment = walk.to_dispatched(order, {1: "40", 2: "4"})
    assert (shipment.state, shipment.billable) == ("dispatched", Decimal("5744.00"))
    assert open_quantities(order) == [0, 0]
    assert walk.stock(walk.bearing) == walk.stock(walk.motor) == (0, 0)
    assert walk.credit() == money("0", "0", "6900", "0", "0")
    assert walk.deliver(shipment).status == 200
    return shipment_again(shipment)


def invoiced(walk: Walk, order: SalesOrder, first: Shipment, second: Shipment) -> None:
    assert walk.revenue(first, kind="special").status == 200
    assert walk.revenue(second, kind="special").status == 200
    requests = list(Invoice.objects.order_by("pk"))
    assert [(each.amount, each.number) for each in requests] == [
        (Decimal("1156.00"), None),
        (Decimal("5744.00"), None),
    ]
    assert walk.credit() == money("0", "0", "6900", "0", "0")
    for each in requests:
        assert walk.issue(each).status == 200
    numbers = list(Invoice.objects.order_by("pk").values_list("number", flat=True))
    assert [each[-6:] for each in numbers] == ["000001", "000002"]
    assert walk.credit() == money("0", "0", "0", "6900", "0")
    tick()
    paper = text_of(walk("finance").open(f"{requests[0].get_absolute_url()}paper/").content)
    assert numbers[0] in paper
    assert "壹仟壹佰伍拾陆元整" in paper


def paid_and_settled(walk: Walk, order: SalesOrder) -> None:
    page = walk.receive("6900.00")
    receipt = Receipt.objects.get()
    assert (page.status, receipt.amount, receipt.unallocated) == (200, Decimal("6900.00"), Decimal("6900.00"))
    assert walk.credit() == money("0", "0", "0", "6900", "6900")
    assert walk.allocate(receipt, "6900.00", order=order.number).status == 200
    assert walk.credit() == money("0", "0", "0", "0", "0")
    order = again(order)
    assert (order.state, order.paid_total, order.invoiced_total) == ("settled", 6900, 6900)
    assert [each.state for each in Invoice.objects.all()] == ["paid", "paid"]


def beyond_the_managers_authority(walk: Walk) -> SalesOrder:
    """6,000 bearings for 111,600: 11,600 more than the manager may approve."""
    order = walk.to_approved([{"product": "BRG-6204", "quantity": "6000"}], "support2", "finance", "manager")
    assert order.state == "in_review"
    page = walk("gm").open("/approvals/")
    assert "R2.2" in page.html
    assert "11,600" in page.text
    walk.approve(order, "gm")
    assert again(order).state == "approved"
    assert walk.release(order).status == 200
    walk.make(ProductionOrder.objects.latest("pk"))
    walk.to_dispatched(order, {1: "500"})
    assert walk.credit() == money("102300", "0", "9300", "0", "0")
    assert walk.stock(walk.bearing) == (5500, 5500)
    return again(order)


def left_lying(walk: Walk, order: SalesOrder) -> None:
    shipment = Shipment.objects.get(order=order)
    start = timezone.now()
    at_day(walk, start, 20, told={})
    at_day(walk, start, 21, told={"stock_overdue": 1})
    at_day(walk, start, 23, told={"stock_overdue": 1})
    at_day(walk, start, 29, told={"stock_overdue": 1})
    at_day(walk, start, 32, told={"stock_overdue": 1, "shipment_uninvoiced": 1})
    at_day(walk, start, 34, told={"stock_overdue": 1, "shipment_uninvoiced": 1})
    assert Event.objects.filter(thread=order.thread, verb="stock.overdue_told").count() == 1
    assert Event.objects.filter(thread=order.thread, verb="shipment.invoice_asked").count() == 1
    with time_machine.travel(start + timedelta(days=34)):
        weekly = walk.weekly("gm")
        for figure in (order.number, "102,300.00", shipment.number, "9,300.00"):
            assert figure in weekly.text
        paper = text_of(walk.weekly_paper("gm"))
        for figure in (order.number, "102,300.00", shipment.number, "9,300.00"):
            assert figure in paper


def at_day(walk: Walk, start, days: int, *, told: dict[str, int]) -> None:
    """The tick of that day, twice: the rep has so many notices of each kind in all."""
    with time_machine.travel(start + timedelta(days=days)):
        tick()
        tick()
    kinds = ("stock_overdue", "shipment_uninvoiced")
    found = Notice.objects.filter(person=walk.world.rep, kind__in=kinds).values_list("kind", flat=True)
    assert {kind: list(found).count(kind) for kind in found} == told, f"day {days}"


def nothing_is_broken(*orders: SalesOrder) -> None:
    assert invariants.broken() == {}
    for order in orders:
        assert list(broken_links(order.thread)) == []


def text_of(pdf: bytes) -> str:
    """The text of every page, without the breaks that the layout makes."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    pages = [page.get_textpage().get_text_range() for page in document]
    return "".join(pages).replace("\r", "").replace("\n", "")
