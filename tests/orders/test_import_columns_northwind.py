"""A trading firm's orders as one flat file under its own headings: named, checked, taken in, exact."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from core import figures, invariants
from inventory.models import Product
from orders.actions import intake
from orders.management.northwind import read_sample
from orders.models import OrderLine, SalesOrder
from tests.orders.importing import as_csv, brought, worked

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13", "R1.6")]
SAMPLE = Path(__file__).parents[1] / "samples" / "northwind"
SHIP = ("shipName", "shipAddress", "shipCity", "shipRegion", "shipPostalCode", "shipCountry")
ORDER = ("orderID", "customerID", "orderDate", "requiredDate", "freight", *SHIP)
LINE = ("productName", "unitPrice", "quantity", "discount")
MEANT = {
    "orderID": "customer_order_number",
    "customerID": "customer",
    "orderDate": "ordered_on",
    "requiredDate": "due_on",
    "freight": "freight",
    "productName": "product",
    "unitPrice": "price",
    "quantity": "quantity",
    "discount": "discount_share",
} | dict.fromkeys(SHIP, "ship_to")


def flat() -> bytes:
    """Orders and their lines joined, one row a line, under the sample's own headings."""
    sample = read_sample(SAMPLE)
    names = {row["productID"]: row["productName"] for row in sample.products}
    rows = [
        [
            *(order[name] for name in ORDER),
            *((line | {"productName": names[line["productID"]]})[name] for name in LINE),
        ]
        for order in sample.orders
        for line in sample.lines[order["orderID"]]
    ]
    return as_csv([[*ORDER, *LINE], *rows])


def test_the_whole_sample_comes_in_through_named_columns_with_its_figures_exactly(world):
    call_command("import_northwind", str(SAMPLE), "--user", "rep", "--orders", "0", stdout=io.StringIO())
    Product.objects.update(active=True)  # what is discontinued today was sold then
    batch = brought(world, flat(), "northwind.csv")
    assert "product" in batch.mapping
    assert batch.mapping[:4] == ["customer_order_number", "customer", "ordered_on", "due_on"]

    intake.name_columns(batch, columns=[MEANT[each] for each in batch.headings], actor=world.rep)
    intake.check_import(batch, actor=world.rep)
    batch = worked(batch)
    assert (batch.problems, batch.row_count, batch.order_count) == ([], 2155, 830)
    intake.take_import(batch, actor=world.rep)
    batch = worked(batch)

    sums = SalesOrder.objects.aggregate(
        goods=figures.money(Sum("goods_total")),
        discount=figures.money(Sum("discount_total")),
        freight=figures.money(Sum("freight")),
        total=figures.money(Sum("grand_total")),
    )
    assert batch.state == "taken"
    assert (SalesOrder.objects.count(), OrderLine.objects.count()) == (830, 2155)
    assert OrderLine.objects.aggregate(sum=Sum("quantity"))["sum"] == 51_317
    assert sums["goods"] == Decimal("1354458.59")
    assert sums["goods"] - sums["discount"] == Decimal("1265793.29")
    assert sums["freight"] == Decimal("64942.69")
    assert Decimal(batch.totals["USD"]) == sums["total"]
    order = SalesOrder.objects.get(customer_order_number="10250")
    assert (order.goods_total, order.discount_total, order.freight) == (
        Decimal("1813.00"),
        Decimal("260.40"),
        Decimal("65.83"),
    )
    assert order.ship_to.startswith("Hanari Carnes, Rua do Paço, 67, Rio de Janeiro")
    assert invariants.broken() == {}
