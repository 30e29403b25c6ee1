"""A file of orders looked through whole: every bad cell found, the good rows gathered into orders (R1.13).

Nothing is written here. The file is looked through again when it is taken in: what changed meanwhile counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rules import require
from customers.models import Customer
from inventory.models import Product
from inventory.quantities import in_steps, plain
from orders.as_written import is_unit_of
from orders.gates.content import customer_is_not_blocked
from orders.intake.columns import COLUMNS, ORDER
from orders.intake.meaning import (
    Here,
    Pair,
    Several,
    customers_by_text,
    import_key,
    offers,
    orders_here,
    products_by_pair,
    same_number,
)
from orders.intake.problems import Problem
from orders.intake.reading import Entry, Reader

ORDER_COLUMNS = tuple(each.name for each in COLUMNS if each.level == ORDER)
LARGEST = Decimal(10) ** 13


@dataclass(frozen=True)
class Whose:
    """What rules that look at an order's customer are asked before there is an order."""

    customer: Customer


@dataclass
class Draft:
    """One order of the file: whose, its header, its rows, and what keeps it from being taken in twice."""

    customer: Customer
    header: dict[str, Any]
    entries: list[Entry]
    key: str


@dataclass
class Look:
    """What a look through the file found."""

    rows: int = 0
    hidden: int = 0
    cells: dict[int, list[str]] = field(default_factory=dict)  # of each row, what stands in it
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: list[dict[str, Any]] = field(default_factory=list)


def look_through(
    batch: Any, *, actor: Any, began: Callable[[int], None], tick: Callable[[int], None]
) -> Look:
    """Read the batch's file and check every cell of it.

    ValidationError if it cannot be read at all, Blocked if nothing of its customer can be taken in.
    """
    if batch.customer is not None:
        require(customer_is_not_blocked, subject=batch)
    reader = Reader(batch)
    rows = reader.rows()
    began(len(rows))
    entries = list(reader.entries(rows, tick))
    look = Look(len(entries), reader.hidden, {entry.row: entry.cells for entry in entries})
    _name_customers(entries, batch, actor)
    _check_currencies(entries)
    here = orders_here({pair for entry in entries if (pair := _pair(entry))})
    entries = _leave_known(entries, here, look)
    _name_products(entries)
    drafts = _gathered(entries, here)
    look.problems = sorted((each for entry in entries for each in entry.problems), key=lambda each: each.row)
    look.drafts = [] if look.problems else drafts
    return look


def _name_customers(entries: list[Entry], batch: Any, actor: Any) -> None:
    texts = {entry.values["customer"] for entry in entries if entry.values.get("customer")}
    found = customers_by_text(texts, actor)
    for entry in entries:
        text = entry.values.get("customer")
        customer = found.get(text) if text else None
        if isinstance(customer, Several):
            entry.complain(
                "customer",
                _("Several customers are called so: %(codes)s. Write the code."),
                codes=", ".join(customer.names),
            )
        elif text and customer is None:
            entry.complain("customer", _("There is no such customer."))
        elif batch.customer is not None and customer not in (None, batch.customer):
            entry.complain(
                "customer", _("The file was brought for %(customer)s."), customer=batch.customer.name
            )
        customer = batch.customer if customer is None else customer
        if customer is None and not entry.is_bad("customer"):
            entry.complain("customer", _("is missing"))
        elif isinstance(customer, Customer):
            for reason in customer_is_not_blocked(Whose(customer)):
                entry.complain("customer", reason.text, **reason.facts)
        entry.values["customer"] = customer if isinstance(customer, Customer) else None


def _check_currencies(entries: list[Entry]) -> None:
    """An order is in its customer's currency: a figure in another is none of its figures."""
    for entry in entries:
        customer = entry.values.get("customer")
        for name, said in entry.currencies.items():
            if customer is not None and customer.currency not in said:
                entry.complain(
                    name,
                    _("This is in %(said)s, and orders of %(customer)s are in %(currency)s."),
                    said=" / ".join(sorted(said)),
                    customer=customer.name,
                    currency=customer.currency,
                )


def _leave_known(entries: list[Entry], here: Here, look: Look) -> list[Entry]:
    """Without the rows of orders that are here already; each of those is told once, with its number."""
    told: set[Pair] = set()
    fresh = []
    for entry in entries:
        pair = _pair(entry)
        if pair is None or pair not in here.numbers:
            fresh.append(entry)
        elif pair not in told:
            told.add(pair)
            theirs = entry.values["customer_order_number"]
            look.known.append({"row": entry.row, "theirs": theirs, "number": here.numbers[pair]})
    return fresh


def _pair(entry: Entry) -> Pair | None:
    customer, theirs = entry.values.get("customer"), entry.values.get("customer_order_number")
    return (customer.pk, same_number(theirs)) if customer is not None and theirs else None


def _name_products(entries: list[Entry]) -> None:
    wanted = {pair for entry in entries if (pair := _wanted(entry))}
    found = products_by_pair(wanted)
    meant = offers(pair[1] for pair in wanted if pair not in found)
    for entry in entries:
        pair = _wanted(entry)
        if pair is None:
            continue
        product = found.get(pair)
        if isinstance(product, Product):
            entry.values["product"] = product
            _check_line(entry, product)
        elif isinstance(product, Several):
            codes = ", ".join(product.names)
            entry.complain(
                "product", _("This means several products: %(codes)s. Write our code."), codes=codes
            )
        else:
            entry.complain("product", _("There is no such product."))
            entry.problems[-1].offers = meant.get(pair[1], [])


def _wanted(entry: Entry) -> Pair | None:
    text, customer = entry.values.get("product"), entry.values.get("customer")
    return (customer.pk if customer else 0, text) if text else None


def _check_line(entry: Entry, product: Product) -> None:
    values = entry.values
    quantity, unit, price = values.get("quantity"), values.get("unit"), values.get("price")
    if not product.active:
        entry.complain("product", _("%(product)s is no longer sold."), product=product)
    if quantity is not None and quantity <= 0:
        entry.complain("quantity", _("At least %(step)s."), step=plain(product.quantity_step))
    elif quantity is not None and not in_steps(quantity, product.quantity_step):
        facts = {"step": plain(product.quantity_step), "unit": product.unit}
        entry.complain("quantity", _("Only in steps of %(step)s %(unit)s."), **facts)
    if unit and not is_unit_of(unit, product.unit):
        entry.complain("unit", _("The product is counted in %(unit)s."), unit=product.unit)
    if quantity and price and quantity * price >= LARGEST:
        entry.complain("price", _("The amount is too large."))
    _check_days(entry)


def _check_days(entry: Entry) -> None:
    ordered = entry.values.get("ordered_on")
    if ordered and ordered > timezone.localdate():
        entry.complain("ordered_on", _("The day lies ahead."))
    for name in ("due_on", "line_due_on"):
        due = entry.values.get(name)
        if due and ordered and due < ordered:
            entry.complain(name, _("Due before it was ordered (%(day)s)."), day=ordered.isoformat())


def _gathered(entries: list[Entry], here: Here) -> list[Draft]:
    """The rows of each order together; what its rows say of the whole order must agree."""
    orders: dict[Pair, list[Entry]] = {}
    for entry in entries:
        pair = _pair(entry)
        if pair is not None:
            orders.setdefault(pair, []).append(entry)
    return [
        Draft(rows[0].values["customer"], _agreed(rows), rows, import_key(*pair, here.cancelled.get(pair, 0)))
        for pair, rows in orders.items()
    ]


def _agreed(rows: list[Entry]) -> dict[str, Any]:
    header: dict[str, Any] = {}
    said_in: dict[str, Entry] = {}
    for entry in rows:
        for name in ORDER_COLUMNS:
            value = entry.values.get(name)
            if value is None:
                continue
            if name not in header:
                header[name], said_in[name] = value, entry
            elif header[name] != value and name != "customer_order_number":  # po-1 is PO-1
                first = said_in[name]
                text = _("Row %(other)s says “%(said)s” for the same order.")
                entry.complain(name, text, other=first.row, said=first.texts.get(name, ""))
    return header
