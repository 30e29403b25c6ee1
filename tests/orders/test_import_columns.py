"""What a file's columns mean, and what people write in their cells (R1.13)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.models import StoredFile
from core.rules import Blocked
from orders.actions import intake
from orders.models import ColumnMapping, ImportBatch, OrderLine, SalesOrder
from tests import orders_world as desk
from tests.orders.importing import (
    HEAD,
    again,
    as_csv,
    brought,
    cells,
    checked,
    goods,
    line,
    taken,
    upload,
    worked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]


def keys(refusal):
    return [reason.key for reason in refusal.value.reasons]


def test_columns_are_recognised_in_both_languages_and_remembered_for_the_customer(world):
    goods(world)
    customer = desk.customer(world)
    head = ["PO Number", "Our Ref", "Qty", "Unit Price", "Delivery"]
    batch = brought(world, as_csv([head, ["1", "BRG-6204", "5", "18", "2027-01-02"]]), customer=customer)
    assert batch.mapping == ["customer_order_number", "", "quantity", "price", ""]
    with pytest.raises(Blocked) as refusal:
        intake.check_import(batch, actor=world.rep)
    assert keys(refusal) == ["columns_are_named"]

    named = ["customer_order_number", "product", "quantity", "price", "line_due_on"]
    intake.name_columns(batch, columns=named, actor=world.rep)
    later = brought(world, as_csv([head, ["2", "BRG-6204", "6", "", ""]]), customer=customer)

    assert later.mapping == named
    assert ColumnMapping.objects.get().customer == customer
    intake.check_import(later, actor=world.rep)
    assert worked(later).order_count == 1


def test_a_column_named_twice_is_refused(world):
    goods(world)
    batch = brought(world, as_csv([HEAD, line()]))
    columns = ["product" if each == "quantity" else each for each in batch.mapping]

    with pytest.raises(Blocked) as refusal:
        intake.name_columns(batch, columns=columns, actor=world.rep)
    assert keys(refusal) == ["column_is_named_once"]
    assert again(batch).mapping == batch.mapping


def test_a_customers_own_part_number_finds_our_product(world):
    goods(world)
    customer, product = desk.customer(world), desk.product(world)
    desk.product(world, "AMBIGUOUS")
    for number in ("YT-77", "AMBIGUOUS"):
        customer.part_numbers.create(number=number, key=number.lower(), product=product)
    batch = checked(world, as_csv([HEAD, line("1", product="yt-77"), line("2", product="AMBIGUOUS")]))

    assert cells(batch) == [(3, "product")]
    assert "AMBIGUOUS, BRG-6204" in batch.problems[0]["words"]["en"]


def test_what_people_write_in_sheets_is_read(world):
    goods(world)
    rows = [
        line("1", ordered="2026/11/2", due="2026年12月3日", quantity="1,200", price="¥18.50", discount="5%"),
        line("2", ordered="20261102", due="2026.12.3", customer="苏州镕鑫精密 C-1"),
    ]
    taken(world, as_csv([["某某公司订单"], [], HEAD, *rows], encoding="gb18030", sign="\t"))

    first = SalesOrder.objects.get(customer_order_number="1")
    assert (first.ordered_on, first.due_on) == (date(2026, 11, 2), date(2026, 12, 3))
    found = first.lines.get()
    assert (found.quantity, found.price, found.discount_percent) == (1200, Decimal("18.5"), 5)
    assert SalesOrder.objects.get(customer_order_number="2").ordered_on == date(2026, 11, 2)


@pytest.mark.parametrize("day", ["2026-11-20 14:30", "2026/11/20 9:05:00", "2026-11-20T14:30:15.5"])
def test_the_time_of_a_day_does_not_matter(world, day):
    goods(world)
    taken(world, as_csv([HEAD, line("1", ordered=day)]))
    assert SalesOrder.objects.get().ordered_on == date(2026, 11, 20)


def test_headings_that_may_mean_an_amount_are_not_taken_for_a_quantity_or_a_rate(world):
    goods(world)
    batch = brought(world, as_csv([["Order No", "Customer", "Item", "Qty", "Amount", "Tax"], ["1"] * 6]))
    assert batch.mapping == ["customer_order_number", "customer", "product", "quantity", "", ""]


def test_commas_in_addresses_are_no_columns(world):
    goods(world)
    head = "客户订单号;客户代码;产品代码;数量;收货地址"
    rows = [f"{number};C-1;BRG-6204;5;苏州, 园区, 星湖街, 328, 号, {number}" for number in range(1, 4)]
    batch = taken(world, "\n".join([head, *rows]).encode())
    assert (batch.state, batch.order_count) == ("taken", 3)
    assert SalesOrder.objects.first().ship_to.startswith("苏州, 园区")


def test_between_semicolons_a_comma_is_a_decimal_point_where_that_is_clear(world):
    goods(world)
    rows = [line("1", price="18,60"), line("2", price="1.234,5"), line("3", price="18,600")]
    batch = checked(world, as_csv([HEAD, *rows], sign=";"))
    assert cells(batch) == [(4, "price")]
    assert "18600 or 18.600" in batch.problems[0]["words"]["en"]

    intake.correct_import(batch, cells={(4, "price"): "18.600"}, actor=world.rep)
    intake.take_import(worked(batch), actor=world.rep)
    worked(batch)

    prices = OrderLine.objects.order_by("order__customer_order_number").values_list("price", flat=True)
    assert list(prices) == [Decimal("18.6"), Decimal("1234.5"), Decimal("18.6")]


@pytest.mark.rule("R1.6")
@pytest.mark.parametrize(("rate", "good"), [("13", True), ("0%", True), ("7", False), ("99.99", False)])
def test_only_rates_that_an_invoice_can_carry_are_taken(world, rate, good):
    goods(world)
    batch = checked(world, as_csv([[*HEAD, "税率"], [*line(), rate]]))
    assert cells(batch) == ([] if good else [(2, "tax_rate")])
    if not good:
        assert batch.problems[0]["words"]["en"] == "Write one of: 13, 9, 6, 3, 0."


@pytest.mark.rule("R1.3")
def test_a_unit_is_known_by_many_names_and_never_converted(world):
    goods(world)
    batch = checked(world, as_csv([[*HEAD, "单位"], *([*line(unit), unit] for unit in ("件", "PCS", "箱"))]))
    assert cells(batch) == [(4, "unit")]


def test_choices_are_known_by_many_names_and_offered_in_the_readers_language(world):
    goods(world)
    rows = [[*line("1"), "特急", "邮件"], [*line("2"), "紧急", "微信"], [*line("3"), "sofort", "fax"]]
    batch = checked(world, as_csv([[*HEAD, "订单类别", "渠道"], *rows]))
    assert cells(batch) == [(4, "klass")]
    words = batch.problems[0]["words"]
    assert (words["en"], words["zh-hans"]) == (
        "Write one of: Normal, Special, Urgent.",
        "可填写：普通, 特殊, 加急。",
    )

    intake.correct_import(batch, cells={(4, "klass"): "Normal"}, actor=world.rep)
    intake.take_import(worked(batch), actor=world.rep)
    worked(batch)

    found = SalesOrder.objects.order_by("customer_order_number").values_list("klass", "channel")
    assert list(found) == [("urgent", "email"), ("urgent", "rep"), ("normal", "fax")]


def test_a_stored_file_that_is_gone_fails_in_words(world, monkeypatch):
    goods(world)
    batch = brought(world, as_csv([HEAD, line()]))
    monkeypatch.setattr("orders.intake.reading.read_stored", lambda _file: (_ for _ in ()).throw(OSError))
    intake.check_import(batch, actor=world.rep)

    assert worked(batch).failure["en"].startswith("The stored file cannot be read")


def test_a_file_that_cannot_be_read_leaves_nothing_behind(world):
    goods(world)
    with pytest.raises(ValidationError):
        intake.upload_orders(upload=upload(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls"), actor=world.rep)
    assert not StoredFile.objects.exists()
    assert not ImportBatch.objects.exists()
