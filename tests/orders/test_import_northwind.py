"""The public sample comes in through the page's own verbs, with its figures, once."""

import io
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core import invariants
from customers.models import Customer
from inventory.models import Product, Stock
from orders.management.northwind import BadRows, read_sample, whole_cells
from orders.models import OrderLine, SalesOrder

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]
SAMPLE = Path(__file__).parents[1] / "samples" / "northwind"


def imported(*args):
    out = io.StringIO()
    call_command("import_northwind", str(SAMPLE), "--user", "rep", *args, stdout=out)
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines())


def rows():
    return [each.objects.count() for each in (Customer, Product, Stock, SalesOrder, OrderLine)]


def test_the_first_orders_come_in_as_drafts_and_a_second_run_adds_nothing(world):
    told = imported("--orders", "12")

    order = SalesOrder.objects.get(external_key="northwind:10250")
    assert told["added"] == "91 customers, 77 products, 12 orders"
    assert (order.state, order.currency, order.owner, order.entered_by) == (
        "draft",
        "USD",
        world.rep,
        world.rep,
    )
    assert "Rua do Paço, 67" in order.ship_to
    assert "NULL" not in order.ship_to
    assert (order.goods_total, order.discount_total, order.tax_total) == (
        Decimal("1813.00"),
        Decimal("260.40"),
        Decimal(0),
    )
    assert order.grand_total == Decimal("1552.60") + Decimal("65.83")
    assert Stock.objects.get(product__code="NW-001").on_hand == 39
    assert invariants.broken() == {}

    before = rows()
    again = imported("--orders", "12")

    assert again["added"] == "0 customers, 0 products, 0 orders"
    assert rows() == before


def test_the_whole_sample_gives_its_figures_exactly(world):
    began = time.process_time()
    told = imported()
    took = time.process_time() - began

    assert told == {
        "added": "91 customers, 77 products, 830 orders",
        "customers": "91",
        "products": "77",
        "orders": "830",
        "lines": "2155",
        "quantity": "51,317",
        "goods before discount": "1,354,458.59",
        "goods after discount": "1,265,793.29",
        "freight": "64,942.69",
        "orders without a shipped date": "21",
        "orders shipped after the required date": "37",
    }
    before = rows()
    assert imported()["added"] == "0 customers, 0 products, 0 orders"
    assert rows() == before
    assert invariants.broken() == {}
    assert took < 60


def test_a_comma_that_was_not_quoted_is_put_back():
    assert whole_cells(["HANAR", "Rua do Paço", " 67", "RJ"]) == ["HANAR", "Rua do Paço, 67", "RJ"]


def test_bad_rows_are_named_and_nothing_is_taken_in(world, tmp_path):
    for path in SAMPLE.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    source = (tmp_path / "order-details.csv").read_text().splitlines()
    source[1], source[2] = "10248,11,much,12,0", "10248,999,9.80,10,0"
    (tmp_path / "order-details.csv").write_text("\n".join(source))

    with pytest.raises(BadRows) as bad:
        read_sample(tmp_path)
    assert bad.value.found == [
        ("order-details.csv", 2, "unitPrice"),
        ("order-details.csv", 3, "productID"),
    ]
    with pytest.raises(CommandError):
        call_command("import_northwind", str(tmp_path), stdout=io.StringIO(), stderr=io.StringIO())
    assert rows() == [0, 0, 0, 0, 0]
