"""`manage.py import_northwind DIR`: a trading firm's public sample, through the page's own verbs (R1.13).

Taken twice it adds nothing: customers, products and orders are known by their key in the sample.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from accounts.queries import people_with_role, system_user
from core import figures
from core.audit import acting_from
from customers.actions import create_customer
from customers.models import Customer
from inventory.actions import import_products, receive_stock
from inventory.models import PriceList, Product, Warehouse
from inventory.states import MovementKind
from orders.actions import create_draft, save_lines
from orders.management.northwind import BadRows, Row, Sample, day, joined, percent, read_sample
from orders.models import OrderLine, SalesOrder

KEY = "northwind:"
DOCUMENT = "NORTHWIND"
BEGINNING = date(1996, 1, 1)


class Command(BaseCommand):
    help = "Import the Northwind sample: customers, products with prices and stock, orders as drafts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--user", help="user name of the sales rep whose customers and orders they become"
        )
        parser.add_argument("--orders", type=int, help="take in only the first so many orders")

    def handle(self, *args: Any, **options: Any) -> None:
        rep = _rep(options["user"])
        try:
            sample = read_sample(options["folder"], orders=options["orders"])
        except BadRows as bad:
            for file, row, what in bad.found:
                self.stderr.write(f"{file}, row {row}: {what}")
            raise CommandError(f"{bad}; nothing was taken in") from bad
        with acting_from("job import_northwind"):
            added = (
                _take_customers(sample, rep),
                _take_products(sample),
                _take_orders(sample, rep),
            )
        self.stdout.write("added: {} customers, {} products, {} orders".format(*added))
        for name, figure in check_figures(sample).items():
            self.stdout.write(f"{name}: {figure}")


def check_figures(sample: Sample) -> dict[str, Any]:
    """What stands in the database of the sample, to compare with its README; the last two are the file's."""
    orders = SalesOrder.objects.filter(external_key__startswith=KEY)
    lines = OrderLine.objects.filter(order__in=orders)
    sums = orders.aggregate(
        goods=figures.money(Sum("goods_total")),
        discount=figures.money(Sum("discount_total")),
        freight=figures.money(Sum("freight")),
    )
    goods, discount, freight = (sums[name] or Decimal(0) for name in ("goods", "discount", "freight"))
    quantity = lines.aggregate(sum=Sum("quantity"))["sum"] or Decimal(0)
    return {
        "customers": Customer.objects.filter(external_key__startswith=KEY).count(),
        "products": Product.objects.filter(code__startswith="NW-").count(),
        "orders": orders.count(),
        "lines": lines.count(),
        "quantity": f"{quantity:,.0f}",
        "goods before discount": f"{goods:,.2f}",
        "goods after discount": f"{goods - discount:,.2f}",
        "freight": f"{freight:,.2f}",
        "orders without a shipped date": sample.unshipped,
        "orders shipped after the required date": sample.late,
    }


def _rep(username: str | None) -> User:
    reps = people_with_role("sales_rep").filter(team__isnull=False).select_related("team")
    rep = reps.filter(username=username).first() if username else reps.first()
    if rep is None:
        raise CommandError("there is no such sales rep with a team")
    return rep


def _take_customers(sample: Sample, rep: User) -> int:
    known = set(Customer.objects.filter(external_key__startswith=KEY).values_list("external_key", flat=True))
    fresh = [row for row in sample.customers if KEY + row["customerID"] not in known]
    for row in fresh:
        create_customer(
            code=row["customerID"],
            name=row["companyName"],
            name_en=row["companyName"],
            owner=rep,
            team=rep.team,
            currency="USD",
            language="en",
            external_key=KEY + row["customerID"],
            contacts=[
                {
                    "name": row["contactName"],
                    "title": row["contactTitle"],
                    "phone": row["phone"],
                    "is_default": True,
                }
            ],
            addresses=[
                {
                    "text": joined(row, "address", "city", "region", "postalCode", "country"),
                    "is_default": True,
                }
            ],
            actor=system_user(),
        )
    return len(fresh)


@transaction.atomic
def _take_products(sample: Sample) -> int:
    prices, _made = PriceList.objects.get_or_create(
        name="Northwind", defaults={"currency": "USD", "valid_from": BEGINNING}
    )
    rows = [
        {
            "code": _code(row),
            "name": row["productName"],
            "name_en": row["productName"],
            "specification": row["quantityPerUnit"],
            "tax_rate": Decimal(0),
            "minimum_stock": Decimal(row["reorderLevel"]),
            "active": row["discontinued"] == "0",
            "price": Decimal(row["unitPrice"]),
        }
        for row in sample.products
    ]
    known = set(Product.objects.filter(code__startswith="NW-").values_list("code", flat=True))
    fresh = [row for row in rows if row["code"] not in known]
    import_products(fresh, price_list=prices, actor=system_user())
    _open_stock([row for row in sample.products if _code(row) not in known])
    return len(fresh)


def _open_stock(rows: list[Row]) -> None:
    """What the sample says is in stock becomes the opening entry of its product."""
    products = {each.code: each for each in Product.objects.filter(code__startswith="NW-")}
    warehouse = Warehouse.objects.order_by("pk").first() or Warehouse.objects.create(code="W1", name="W1")
    for row in rows:
        quantity = Decimal(row["unitsInStock"])
        if quantity:
            receive_stock(
                product=products[_code(row)],
                warehouse=warehouse,
                quantity=quantity,
                document=DOCUMENT,
                kind=MovementKind.OPENING,
                actor=system_user(),
            )


def _take_orders(sample: Sample, rep: User) -> int:
    known = set(
        SalesOrder.objects.filter(external_key__startswith=KEY).values_list("external_key", flat=True)
    )
    customers = {
        each.external_key: each
        for each in Customer.objects.filter(external_key__startswith=KEY).select_related("team", "owner")
    }
    products = {each.code: each for each in Product.objects.filter(code__startswith="NW-")}
    fresh = [row for row in sample.orders if KEY + row["orderID"] not in known]
    for row in fresh:
        _take_order(row, sample, customers[KEY + row["customerID"]], products, rep)
    return len(fresh)


@transaction.atomic
def _take_order(
    row: Row, sample: Sample, customer: Customer, products: dict[str, Product], rep: User
) -> SalesOrder:
    required = day(row["requiredDate"])
    order = create_draft(
        customer=customer,
        actor=rep,
        owner=rep,
        external_key=KEY + row["orderID"],
        ordered_on=day(row["orderDate"]),
        due_on=required,
        freight=Decimal(row["freight"]).quantize(Decimal("0.01")),
        ship_to=joined(
            row, "shipName", "shipAddress", "shipCity", "shipRegion", "shipPostalCode", "shipCountry"
        ),
        channel_reference=row["orderID"],
        internal_note=_note(row, sample),
    )
    rows = [
        {
            "product": products[_code(line)],
            "quantity": Decimal(line["quantity"]),
            "price": Decimal(line["unitPrice"]),
            "discount_percent": percent(line["discount"]),
            "tax_rate": Decimal(0),
            "due_on": required,
        }
        for line in sample.lines[row["orderID"]]
    ]
    save_lines(order, rows=rows, actor=rep)
    return order


def _note(row: Row, sample: Sample) -> str:
    """What the sample knows beyond a draft: who took the order, who carried it, when it left."""
    shipped = f"shipped {row['shippedDate'][:10]}" if row["shippedDate"] else "not shipped"
    carrier, taken = sample.shippers.get(row["shipVia"], "–"), sample.employees.get(row["employeeID"], "–")
    return f"Northwind {row['orderID']}: taken by {taken}; {shipped}; {carrier}"


def _code(row: Row) -> str:
    return f"NW-{int(row['productID']):03}"
