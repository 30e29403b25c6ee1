"""Entry like a sheet: whose price, whose words, what the panel says, papers beside the form, nothing lost."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.rules import Blocked
from customers.models import Address, Contact, PartNumber, PriceAgreement
from orders import actions
from orders.content import deviation
from orders.models import OrderLine
from tests import orders_world as desk
from tests import shipping_world

pytestmark = pytest.mark.django_db


def url(order, name):
    return f"{order.get_absolute_url()}{name}/"


def cells(index=0, **typed):
    return {"row": index} | {f"lines-{index}-{name}": value for name, value in typed.items()}


@pytest.fixture
def agreed(world):
    """A customer with 15.00 agreed from 1 on and 12.00 from 100 on, list price 18.60; part number ZX-9."""
    customer, product = desk.customer(world), desk.product(world, "BRG-6204", stock=12)
    since = timezone.localdate() - timedelta(days=3)
    for quantity, price in ((1, "15"), (100, "12")):
        PriceAgreement.objects.create(
            customer=customer,
            product=product,
            min_quantity=quantity,
            price=Decimal(price),
            valid_from=since,
            entered_by=world.rep,
        )
    PartNumber.objects.create(customer=customer, product=product, number="ZX-9", key="zx-9")
    return customer


@pytest.mark.rule("R1.7", "R3.1")
def test_a_price_that_was_not_typed_moves_with_the_step_of_the_agreement(world, agreed):
    order = desk.draft_order(world, of=agreed, lines=(("BRG-6204", "10"),))
    line = order.lines.get()
    assert (line.price, line.price_source, line.list_price) == (15, "agreement", Decimal("18.60"))

    shown = {"line_id": line.pk, "price": line.price, "actor": world.rep}
    actions.save_line(order, quantity=Decimal(120), **shown)
    assert (order.lines.get().price, deviation(order.lines.get())) == (12, 0)

    actions.save_line(order, line_id=line.pk, price=Decimal("11.40"), actor=world.rep)
    actions.save_line(order, line_id=line.pk, quantity=Decimal(5), price=Decimal("11.40"), actor=world.rep)
    line = order.lines.get()
    assert (line.price, line.price_source, deviation(line)) == (Decimal("11.40"), "typed", 24)


@pytest.mark.rule("R1.9", "R1.3")
def test_the_customers_words_stay_beside_our_code(world, agreed):
    order = desk.draft_order(world, of=agreed, lines=())
    by_number = actions.save_line(order, product="zx-9", quantity=Decimal(1), actor=world.rep)
    by_code = actions.save_line(order, product="brg-6204", quantity=Decimal(1), actor=world.rep)
    red = actions.save_line(order, product="轴承大号", quantity=Decimal(1), actor=world.rep)
    halfway = actions.save_line(order, product="BR", typing=True, quantity=Decimal(1), actor=world.rep)
    for line in (red, halfway):
        actions.save_line(order, line_id=line.pk, product="BRG-6204", actor=world.rep)

    lines = {line.pk: line for line in order.lines.all()}
    assert {line.product.code for line in lines.values()} == {"BRG-6204"}
    assert [lines[each.pk].customer_words for each in (by_number, by_code, red, halfway)] == [
        "zx-9",
        "",
        "轴承大号",
        "",
    ]


@pytest.mark.rule("R1.3")
def test_the_look_up_knows_the_customers_own_part_number(world, agreed):
    found = world.client("rep").get("/products/lookup/", {"q": "ZX-9", "customer": agreed.code}).json()
    other = world.client("rep").get("/products/lookup/", {"q": "ZX-9"}).json()

    assert [each["code"] for each in found["results"]] == ["BRG-6204"]
    assert other["results"] == []


@pytest.mark.rule("R1.3", "R1.6")
def test_the_second_row_is_saved_and_left_alone_when_it_was_not_sent(world):
    order = desk.draft_order(world)
    line, client = order.lines.get(), world.client("rep")
    base = {
        "id": line.pk,
        "product": "BRG-6204",
        "quantity": "10",
        "price": "18.60",
        "discount": "",
        "due": "",
    }

    more = {"tax": "9", "specification": "20×47", "packaging": "木箱", "tolerance": "±0.01"}
    assert client.post(url(order, "edit/row"), cells(**base, **more)).status_code == 200
    assert client.post(url(order, "edit/row"), cells(**base)).status_code == 200

    line = order.lines.get()
    assert (line.tax_rate, line.packaging, line.tolerance) == (9, "木箱", "±0.01")
    assert line.tax == Decimal("15.36")
    bad = client.post(url(order, "edit/row"), cells(**base, **(more | {"tax": "130"})))
    assert bad.status_code == 422
    assert order.lines.get().tax_rate == 9


@pytest.mark.rule("R1.7", "R2.7")
def test_a_row_tells_prices_paid_agreed_listed_and_what_is_free(world, agreed):
    paid = desk.approved_order(world, of=agreed, lines=(("BRG-6204", "10"),))
    order = desk.draft_order(world, of=agreed, lines=(("BRG-6204", "20"),))

    page = world.client("rep").get(url(order, "edit")).content.decode()

    day = f"{paid.ordered_on:%m-%d}"
    for words in (f"15 ({day})", "<strong>18.6</strong>", "<strong>15</strong>", "R2.7"):
        assert words in page


def row_cost(world, count):
    desk.product(world, "BRG-6204")
    order = desk.draft_order(world, lines=(("BRG-6204", "1"),) * count)
    line, client = order.lines.order_by("-position")[0], world.client("rep")
    sent = cells(id=line.pk, product="BRG-6204", quantity="1", price="18.60", discount="", due="")
    client.post(url(order, "edit/row"), sent)
    with CaptureQueriesContext(connection) as posting:
        assert client.post(url(order, "edit/row"), sent | {"lines-0-quantity": "2"}).status_code == 200
    with CaptureQueriesContext(connection) as checking:
        assert client.get(url(order, "edit/check")).status_code == 200
    return len(posting), len(checking)


@pytest.mark.rule("R1.3")
def test_posting_one_row_costs_the_same_with_three_lines_and_with_three_hundred(world):
    few, many = row_cost(world, 3), row_cost(world, 300)

    assert many == few
    assert few[0] <= 27, few


@pytest.mark.rule("R1.13", "R1.3")
def test_a_block_with_headings_comes_in_any_order(world):
    desk.product(world, "A", price="5")
    order = desk.draft_order(world, lines=())
    heading = "序号\t数量\t包装\t物料编码\t交货日期\t税率\n"
    text = heading + "1\t1,200\t木箱\tA\t2026年12月5日\t9%\n2\t3\t\t大号轴承\t\t\n"

    done = actions.paste_lines(order, text=text, actor=world.rep)

    first, second = order.lines.all()
    assert (first.product.code, first.quantity, first.packaging, first.tax_rate) == ("A", 1200, "木箱", 9)
    assert str(first.due_on) == "2026-12-05"
    assert (second.typed, second.customer_words) == ("大号轴承", "大号轴承")
    assert done.unknown == [second]
    with pytest.raises(Blocked) as refusal:
        actions.paste_lines(order, text="Qty,Code\nmany,A\n1,A\n-2,A", actor=world.rep)
    assert [(each.rule, each.facts["row"]) for each in refusal.value.reasons] == [("R1.13", 2), ("R1.13", 4)]
    assert OrderLine.objects.count() == 2


@pytest.mark.rule("R1.3")
def test_a_red_row_offers_what_may_have_been_meant(world):
    desk.product(world, "BRG-6204")
    desk.product(world, "MTR-Y2", name="三相异步电机")
    order = desk.draft_order(world, lines=())
    actions.paste_lines(order, text="BRG-62O4\t1\n三相电机\t2\nqqq\t3", actor=world.rep)

    page = world.client("rep").get(url(order, "edit")).content.decode()

    assert re.findall(r'data-suggestion="([^"]+)"', page) == ["BRG-6204", "MTR-Y2"]


@pytest.mark.rule("R2.2", "R2.1", "R1.7")
def test_the_panel_says_what_is_flagged_and_who_will_approve_and_keeps_credit_to_those_who_may_see_it(world):
    customer = shipping_world.credit_customer(world, 50, "C-9")
    order = desk.draft_order(world, of=customer, lines=(("BRG-6204", "10"),))
    line = order.lines.get()
    actions.save_line(order, line_id=line.pk, price=Decimal("9.30"), actor=world.rep)

    answer = world.client("manager").get(url(order, "edit/check"))

    assert answer.status_code == 200
    flagged = {each["rule"] for each in answer.context["flagged"]}
    assert {"R1.7", "R2.7"} <= flagged
    labels = [str(each["label"]) for each in answer.context["route"]]
    assert len(labels) >= 3
    for who in ("rep", "support", "manager"):
        page = world.client(who).get(url(order, "edit/check"))
        sees = world.again(who).has_perm("customers.view_credit")
        assert ("R2.6" in {each["rule"] for each in page.context["flagged"]}) == sees


@pytest.mark.rule("R5.16")
def test_freight_borne_by_us_is_not_charged(world):
    order = desk.draft_order(world, freight=Decimal(40), freight_bearer="us")
    desk.paper(order, world.rep)

    with pytest.raises(Blocked) as refusal:
        actions.submit_order(order, actor=world.rep)

    assert [each.rule for each in refusal.value.reasons] == ["R5.16"]
    assert desk.again(order).state == "draft"
    actions.save_header(order, actor=world.rep, version=None, freight=Decimal(0))
    assert actions.submit_order(order, actor=world.rep).state == "submitted"


@pytest.mark.rule("R1.3")
def test_the_header_offers_contacts_and_addresses_and_keeps_a_frozen_copy(world):
    order = desk.draft_order(world)
    Contact.objects.create(customer=order.customer, name="李工", phone="139-1")
    Address.objects.create(customer=order.customer, text="昆山市前进路 9 号")
    client = world.client("rep")
    page = client.get(url(order, "edit")).content.decode()
    assert '<option value="李工">' in page
    assert '<option value="昆山市前进路 9 号">' in page

    actions.save_header(
        order, actor=world.rep, version=None, contact_name="李工", ship_to="昆山市前进路 9 号"
    )
    Address.objects.filter(customer=order.customer).update(text="moved")

    order = desk.again(order)
    assert (order.contact_phone, order.ship_to) == ("139-1", "昆山市前进路 9 号")


def test_a_refusal_is_shown_once(world):
    order = desk.draft_order(world)
    typed = {"form_key": str(uuid.uuid4()), "version": order.version, "klass": "normal", "submit_order": "1"}

    answer = world.client("rep").post(url(order, "edit"), typed)

    assert answer.status_code == 409
    assert answer.content.decode().count(str(answer.context["refused"]["reasons"][0]["sentence"])) == 1


MAIL = (
    b"From: buyer@customer.example\r\nTo: rep@house.example\r\nSubject: PO 8841\r\n"
    b"Date: Mon, 2 Nov 2026 10:00:00 +0800\r\n"
    b'Content-Type: text/html; charset="utf-8"\r\n\r\n<p>200 bearings</p><script>alert(1)</script>'
)


@pytest.mark.rule("R1.1", "R10.2")
def test_papers_are_attached_several_at_once_and_shown_beside_the_form(world):
    order, client = desk.draft_order(world), world.client("rep")
    files = [
        SimpleUploadedFile("po.pdf", desk.PAPER),
        SimpleUploadedFile("mail.eml", MAIL),
        SimpleUploadedFile("rows.csv", "编码,数量\nA,<b>2</b>\n".encode()),
    ]
    sent = client.post(url(order, "edit/papers"), {"files": files, "form_key": str(uuid.uuid4())})
    assert sent.status_code == 302
    pdf, mail, sheet = order.source_documents.order_by("pk")

    assert "<iframe" in client.get(url(order, f"papers/{pdf.pk}/view")).content.decode()
    inline = client.get(url(order, f"papers/{pdf.pk}/shown"))
    assert inline["Content-Type"] == "application/pdf"
    assert "frame-ancestors 'self'" in inline["Content-Security-Policy"]
    assert inline["X-Frame-Options"] == "SAMEORIGIN"
    shown = client.get(url(order, f"papers/{mail.pk}/view")).content.decode()
    assert "200 bearings" in shown
    assert "<script" not in shown
    assert "&lt;b&gt;2&lt;/b&gt;" in client.get(url(order, f"papers/{sheet.pk}/view")).content.decode()
    assert client.get(url(order, f"papers/{sheet.pk}/shown")).status_code == 404
    for page in ("view", "shown"):
        assert world.client("rep2").get(url(order, f"papers/{pdf.pk}/{page}")).status_code == 404


@pytest.mark.rule("R1.1")
def test_of_several_papers_one_bad_one_leaves_none(world):
    order, client = desk.draft_order(world), world.client("rep")
    files = [SimpleUploadedFile("po.pdf", desk.PAPER), SimpleUploadedFile("x.exe", b"MZ\x00\x01")]

    answer = client.post(url(order, "edit/papers"), {"files": files, "form_key": str(uuid.uuid4())})

    assert answer.url == url(order, "edit")  # to the head of the page, where it is told
    assert "x.exe" in client.get(answer.url).content.decode()
    assert not order.source_documents.exists()


def test_a_draft_survives_a_killed_session(world):
    order, client = desk.draft_order(world, lines=()), world.client("rep")
    desk.product(world, "A", price="5")
    halfway = cells(product="A", quantity="7", price="", discount="", due="", typing="on")
    assert client.post(url(order, "edit/row"), halfway).status_code == 200
    client.session.flush()

    lost = client.post(
        url(order, "edit/row"), cells(product="A", quantity="8", price="", discount="", due="")
    )
    assert lost.status_code == 302
    assert "/login/" in lost.url
    page = world.client("rep").get(url(order, "edit")).content.decode()
    assert 'name="lines-0-quantity" value="7"' in page
    assert OrderLine.objects.get().quantity == 7
