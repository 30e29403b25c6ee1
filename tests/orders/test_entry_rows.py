"""What a row of the entry tells: what is left in stock, what it costs this customer, in whatever case."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from customers.models import PartNumber, PriceAgreement
from inventory.models import PriceList
from orders import actions
from orders.actions.confirmation import confirmation_content
from orders.intake.meaning import Several, products_by_pair
from orders.line_facts import facts_of
from orders.meant import products_meant
from reports.demo import catalogue
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def looked_up(world, who="rep", **query):
    return world.client(who).get("/products/lookup/", query).json()["results"]


def picture():
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "WEBP")
    return kept.getvalue()


def agree(world, customer, product, *steps):
    since = timezone.localdate() - timedelta(days=3)
    for quantity, price in steps:
        PriceAgreement.objects.create(
            customer=customer,
            product=product,
            min_quantity=quantity,
            price=Decimal(price),
            valid_from=since,
            entered_by=world.rep,
        )


@pytest.mark.rule("R2.7")
def test_the_row_tells_what_is_left_for_it_not_what_it_takes(world):
    desk.product(world, "A", stock=761)
    order = desk.draft_order(world, lines=(("A", "6"), ("A", "0"), ("A", "800")))

    facts = facts_of(order, list(order.lines.all()))

    assert [facts[line.pk].free for line in order.lines.all()] == [761, 755, 755]
    page = world.client("rep").get(f"{order.get_absolute_url()}edit/").content.decode()
    assert page.count("<strong>755 pcs</strong>") == 2
    assert page.count("line-row__note--warn") == 1  # only the third is short


@pytest.mark.rule("R1.3")
def test_one_code_in_two_spellings_is_one_product(world):
    made = desk.product(world, "PRT-101", name="轴套")
    order = desk.draft_order(world, lines=())

    done = actions.paste_lines(order, text="PRT-101\t1\nprt-101\t2\nPrt-101\t3", actor=world.rep)

    assert done.unknown == []
    assert [line.product for line in order.lines.all()] == [made] * 3
    initials = products_meant(order.customer_id, ["ZT", "zt", made.initials.upper(), made.initials])
    assert {meant.product for meant in initials.values()} <= {made}


@pytest.mark.rule("R1.3")
def test_a_name_that_several_sizes_share_is_not_guessed_at(world):
    for code, size in (("FM-80", "DN80"), ("FM-100", "DN100")):
        desk.product(world, code, name="对夹蝶阀", specification=size)
    desk.product(world, "FM-OLD", name="球阀", active=False)
    only = desk.product(world, "FM-NEW", name="球阀")
    order = desk.draft_order(world, lines=())

    actions.paste_lines(order, text="对夹蝶阀\t1\n球阀\t2", actor=world.rep)

    assert [(line.product, line.typed) for line in order.lines.all()] == [(None, "对夹蝶阀"), (only, "")]
    page = world.client("rep").get(f"{order.get_absolute_url()}edit/").content.decode()
    assert 'data-suggestion="FM-80"' in page
    assert 'data-suggestion="FM-100"' in page
    meant = products_by_pair({(order.customer_id, "对夹蝶阀"), (order.customer_id, "球阀")})
    assert meant == {
        (order.customer_id, "对夹蝶阀"): Several(("FM-80", "FM-100")),
        (order.customer_id, "球阀"): only,
    }


@pytest.mark.rule("R1.7")
def test_the_look_up_shows_what_the_row_will_cost(world):
    customer, product = desk.customer(world), desk.product(world, "A", price="138.50")
    agree(world, customer, product, (1, "135.73"), (100, "120"))
    asked = {"q": "A", "customer": customer.code}

    assert [each["price"] for each in looked_up(world, **asked)] == ["135.73"]
    assert [each["price"] for each in looked_up(world, **asked, quantity="100")] == ["120"]
    assert [each["price"] for each in looked_up(world, **asked, quantity="1e9")] == ["135.73"]
    assert [each["price"] for each in looked_up(world, q="A")] == ["138.5"]
    assert [each["price"] for each in looked_up(world, "rep2", **asked)] == ["138.5"]  # not their customer


@pytest.mark.rule("R1.7")
def test_a_list_without_tax_is_shown_and_taken_with_it(world):
    desk.product(world, "A", price="100")
    PriceList.objects.update(tax_included=False)
    order = desk.draft_order(world, lines=(("A", "2"),))

    assert [each["price"] for each in looked_up(world, q="A")] == ["113"]
    assert (order.lines.get().price, order.lines.get().price_source) == (113, "list")


@pytest.mark.rule("R1.3")
def test_the_look_up_finds_a_part_of_the_customers_number_and_several_words(world):
    customer = desk.customer(world)
    valve = desk.product(world, "FM-DF-09", name="对夹蝶阀", specification="DN100")
    desk.product(world, "FM-DF-08", name="对夹蝶阀", specification="DN80")
    gone = desk.product(world, "FM-OLD", active=False)
    for product, number in ((valve, "KH001-1042"), (gone, "KH001-1043")):
        PartNumber.objects.create(customer=customer, product=product, number=number, key=number.lower())

    for asked in ("KH001-10", "kh001-1042", "dn100 蝶阀"):
        found = looked_up(world, q=asked, customer=customer.code)
        assert [each["code"] for each in found] == ["FM-DF-09"], asked
    assert looked_up(world, q="KH001-10") == []


@pytest.mark.rule("R1.1")
def test_a_webp_picture_is_shown_in_place(world):
    order = desk.draft_order(world)
    document = actions.attach_document(
        order, upload=SimpleUploadedFile("po.webp", picture()), actor=world.rep
    )
    shown = world.client("rep").get(f"{order.get_absolute_url()}papers/{document.pk}/shown/")

    assert shown.status_code == 200
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "attachment" not in shown.get("Content-Disposition", "")


@pytest.mark.rule("R1.3", "R5.16")
def test_the_orders_page_and_paper_tell_where_from_who_pays_the_carrier_and_why_urgent(world):
    order = desk.draft_order(world, klass="urgent", class_reason="产线停机", freight_bearer="us")

    page = world.client("rep").get(order.get_absolute_url()).content.decode()

    for words in ("产线停机", "不限仓库", "我方"):
        assert words in page
    assert confirmation_content(order, "zh-hans")["freight_bearer"] == "us"


def test_the_demo_goods_carry_barcodes_with_their_check_digit():
    codes = [good.barcode for good in catalogue.goods()]

    assert len(set(codes)) == len(codes)
    for code in codes:
        counted = sum(int(each) * (3 if place % 2 else 1) for place, each in enumerate(code))
        assert (len(code), counted % 10) == (13, 0)
