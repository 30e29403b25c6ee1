"""Reads the Northwind sample's CSV files: rows as text by column, bad rows reported, nothing guessed.

Two traps: some rows carry an unquoted comma in an address (a cell that begins with a space goes on from the
one before it), and an empty value is written NULL.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

HUNDRED = Decimal(100)
Row = dict[str, str]


class BadRows(Exception):
    """Rows that cannot be read, each as file, row and what is wrong; nothing was taken in (R1.13)."""

    def __init__(self, found: list[tuple[str, int, str]]):
        self.found = found
        super().__init__(f"{len(found)} bad rows")


@dataclass
class Sample:
    """What the files say: rows by their keys, lines by order."""

    customers: list[Row]
    products: list[Row]
    orders: list[Row]
    shippers: dict[str, str]
    employees: dict[str, str]
    lines: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def unshipped(self) -> int:
        """Orders without a shipped date."""
        return sum(not row["shippedDate"] for row in self.orders)

    @property
    def late(self) -> int:
        """Orders shipped after the day they were required."""
        return sum(
            bool(row["shippedDate"]) and day(row["shippedDate"]) > day(row["requiredDate"])
            for row in self.orders
        )


def read_sample(folder: Path, *, orders: int | None = None) -> Sample:
    """Read the folder; of the orders only the first ones, if a number is given. Raises BadRows."""
    bad: list[tuple[str, int, str]] = []
    tables = {
        name: _rows(folder / f"{name}.csv", bad)
        for name in ("customers", "products", "orders", "order-details", "shippers", "employees")
    }
    chosen = tables["orders"][:orders]
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in tables["order-details"]:
        lines[row["orderID"]].append(row)
    _check(tables, bad)
    if bad:
        raise BadRows(bad)
    return Sample(
        customers=tables["customers"],
        products=tables["products"],
        orders=chosen,
        shippers={row["shipperID"]: row["companyName"] for row in tables["shippers"]},
        employees={row["employeeID"]: f"{row['firstName']} {row['lastName']}" for row in tables["employees"]},
        lines={row["orderID"]: lines[row["orderID"]] for row in chosen},
    )


def day(text: str) -> date:
    """A day of the sample, which writes it with an idle time."""
    return date.fromisoformat(text[:10])


def percent(fraction: str) -> Decimal:
    """A discount, a fraction of one in the sample, in per cent."""
    return (Decimal(fraction) * HUNDRED).quantize(Decimal("0.01"))


def joined(row: Row, *names: str) -> str:
    """Some cells as one address."""
    return ", ".join(row[name] for name in names if row[name])


def whole_cells(cells: list[str]) -> list[str]:
    """The cells with the pieces of an unquoted comma put together again."""
    whole: list[str] = []
    for cell in cells:
        if cell.startswith(" ") and whole:
            whole[-1] += f",{cell}"
        else:
            whole.append(cell)
    return whole


def _rows(path: Path, bad: list[tuple[str, int, str]]) -> list[Row]:
    if not path.is_file():
        raise BadRows([(path.name, 0, "the file is missing")])
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.reader(source)
        head = next(reader, [])
        rows = []
        for number, cells in enumerate(reader, start=2):
            whole = whole_cells(cells) if len(cells) != len(head) else cells
            if len(whole) != len(head):
                bad.append((path.name, number, f"{len(cells)} columns instead of {len(head)}"))
                continue
            rows.append({name: _text(cell) for name, cell in zip(head, whole, strict=True)})
    return rows


def _text(cell: str) -> str:
    text = cell.strip()
    return "" if text == "NULL" else text


def _check(tables: dict[str, list[Row]], bad: list[tuple[str, int, str]]) -> None:
    """Figures and days can be read, and what a row names is there."""
    figures: dict[str, tuple[str, ...]] = {
        "products": ("unitPrice", "unitsInStock", "reorderLevel"),
        "orders": ("freight",),
        "order-details": ("unitPrice", "quantity", "discount"),
    }
    for name, columns in figures.items():
        for number, row in enumerate(tables[name], start=2):
            bad += [(f"{name}.csv", number, column) for column in columns if _reads(Decimal, row[column])]
    customers = {row["customerID"] for row in tables["customers"]}
    products = {row["productID"] for row in tables["products"]}
    for number, row in enumerate(tables["orders"], start=2):
        bad += [("orders.csv", number, "customerID")] if row["customerID"] not in customers else []
        days = [row[each] for each in ("orderDate", "requiredDate", "shippedDate") if row[each]]
        bad += [("orders.csv", number, each) for each in days if _reads(day, each)]
    for number, row in enumerate(tables["order-details"], start=2):
        bad += [("order-details.csv", number, "productID")] if row["productID"] not in products else []


def _reads(reader: Any, text: str) -> bool:
    """Whether reading fails."""
    try:
        reader(text)
    except (InvalidOperation, ValueError):
        return True
    return False
