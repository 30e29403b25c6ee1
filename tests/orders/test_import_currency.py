"""A figure in another currency than its customer's is refused at its cell, wherever the currency stands."""

import io
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS

from core.workbook_cells import currency_of
from orders.actions import intake
from orders.models import OrderLine, SalesOrder
from tests import orders_world as desk
from tests.orders.importing import HEAD, as_csv, brought, cells, checked, goods, line, taken, worked

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]


@pytest.mark.parametrize(
    "price", ["USD 18.60", "18.60 usd", "US$18.60", "$18.60", "€ 18.60", "18.60 美元", "￡5"]
)
def test_a_foreign_price_never_becomes_the_customers(world, price):
    goods(world)
    batch = checked(world, as_csv([HEAD, line(price=price.replace("￡", "£"))]))

    assert cells(batch) == [(2, "price")]
    assert batch.problems[0]["typed"] == price.replace("￡", "£")
    assert not SalesOrder.objects.exists()


def test_the_sentence_names_both_currencies(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line(price="$5", freight="€9")]))

    assert cells(batch) == [(2, "price"), (2, "freight")]
    said = [each["words"]["en"] for each in batch.problems]
    assert said[0].startswith("This is in HKD / USD, and orders of 苏州镕鑫精密 C-1 are in CNY.")
    assert said[1].startswith("This is in EUR")


@pytest.mark.parametrize("price", ["¥18.60", "18.60元", "RMB18.60", "CNY 18.60", "￥ 18.60", "人民币18.60"])
def test_the_customers_own_currency_may_stand_there(world, price):
    goods(world)
    taken(world, as_csv([HEAD, line(price=price)]))
    assert OrderLine.objects.get().price == Decimal("18.60")


def test_a_customer_in_dollars_writes_dollars(world):
    goods(world)
    desk.customer(world, "C-9", currency="USD")
    batch = checked(
        world, as_csv([HEAD, line("1", customer="C-9", price="$5"), line("2", customer="C-9", price="¥5")])
    )
    assert cells(batch) == [(3, "price")]


@pytest.mark.parametrize("heading", ["单价（美元）", "Unit price (USD)", "Price US$"])
def test_a_heading_that_names_a_currency_says_it_of_its_cells(world, heading):
    goods(world)
    head = [heading if each == "单价" else each for each in HEAD]
    content = as_csv([head, line("1", price="18.60"), line("2")])
    columns = ["customer_order_number", "customer", "ordered_on", "due_on", "product", "quantity", "price"]
    batch = intake.name_columns(
        brought(world, content), columns=[*columns, "", "freight", ""], actor=world.rep
    )
    intake.check_import(batch, actor=world.rep)
    batch = worked(batch)
    assert cells(batch) == [(2, "price")]

    intake.correct_import(batch, cells={(2, "price"): "120"}, actor=world.rep)
    assert worked(batch).problem_count == 0


@pytest.mark.parametrize(("said", "good"), [("CNY", True), ("人民币", True), ("USD", False), ("XYZ", False)])
def test_a_column_of_currencies_is_held_against_the_customers(world, said, good):
    goods(world)
    batch = checked(world, as_csv([[*HEAD, "币种"], [*line(), said]]))
    assert "currency" in batch.mapping
    assert cells(batch) == ([] if good else [(2, "currency")])


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        ('"US$"#,##0.00', True),
        ("[$$-409]#,##0.00", True),
        ("[$€-407] #,##0.00", True),
        ('#,##0.00\\ "EUR"', True),
        ('"¥"#,##0.00', False),
        ("[$¥-804]#,##0.00", False),
        ('0.00"元"', False),
        ("#,##0.00", False),
        (BUILTIN_FORMATS[44], False),  # the money of whoever opens it
    ],
)
def test_a_workbooks_number_format_says_the_currency(world, code, bad):
    goods(world)
    book = openpyxl.Workbook()
    for row in (HEAD, line(price=18.6)):
        book.active.append(row)
    book.active["G2"].number_format = code
    out = io.BytesIO()
    book.save(out)
    batch = checked(world, out.getvalue(), "o.xlsx")

    assert cells(batch) == ([(2, "price")] if bad else [])


@pytest.mark.parametrize(
    ("code", "sign"),
    [
        ("[$-804]#,##0", ""),
        ("_-* #,##0.00\\ _€_-;-* #,##0.00", ""),
        ('_-"€"* #,##0.00', "€"),
        ('0.00"kg"', ""),
        ("[Red]$0.00", "$"),
        ("0%", ""),
    ],
)
def test_what_a_format_only_spaces_by_is_no_currency(code, sign):
    assert currency_of(code) == sign
