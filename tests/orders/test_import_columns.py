"""What a file's columns mean, and what people write in their cells (R1.13)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.models import StoredFile
from core.rules import Blocked
from orders.actions import intake
from orders.models import ColumnMapping, ImportBatch, SalesOrder
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
    taken(world, as_csv([["某某公司订单"], [], HEAD, *rows], encoding="gb18030", sign=";"))

    first = SalesOrder.objects.get(customer_order_number="1")
    assert (first.ordered_on, first.due_on) == (date(2026, 11, 2), date(2026, 12, 3))
    found = first.lines.get()
    assert (found.quantity, found.price, found.discount_percent) == (1200, Decimal("18.5"), 5)
    assert SalesOrder.objects.get(customer_order_number="2").ordered_on == date(2026, 11, 2)


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
