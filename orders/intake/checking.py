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

from customers.models import Customer
from inventory.models import Product
from inventory.quantities import in_steps, plain
from orders.intake.columns import COLUMNS, ORDER
from orders.intake.meaning import Pair, Several, customers_by_text, offers, orders_here, products_by_pair
from orders.intake.problems import Problem
from orders.intake.reading import Entry, Reader

ORDER_COLUMNS = tuple(each.name for each in COLUMNS if each.level == ORDER)
LARGEST = Decimal(10) ** 13


@dataclass
class Draft:
    """One order of the file: whose, its header, its rows."""

    customer: Customer
    header: dict[str, Any]
    entries: list[Entry]

    @property
    def pair(self) -> Pair:
        """Customer and the customer's own number."""
        return self.customer.pk, self.header["customer_order_number"]


@dataclass
class Look:
    """What a look through the file found."""

    rows: int = 0
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: list[dict[str, Any]] = field(default_factory=list)


def look_through(
    batch: Any, *, actor: Any, began: Callable[[int], None], tick: Callable[[int], None]
) -> Look:
    """Read the batch's file and check every cell of it. ValidationError if it cannot be read at all."""
    reader = Reader(batch)
    rows = reader.rows()
    began(len(rows))
    entries = list(reader.entries(rows, tick))
    look = Look(rows=len(entries))
    _name_customers(entries, batch, actor)
    entries = _leave_known(entries, look)
    _name_products(entries)
    drafts = _gathered(entries)
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
        elif isinstance(customer, Customer) and customer.is_blocked:
            entry.complain(
                "customer",
                _("%(customer)s is blocked: %(why)s."),
                customer=customer.name,
                why=customer.block_reason,
            )
        entry.values["customer"] = customer if isinstance(customer, Customer) else None


def _leave_known(entries: list[Entry], look: Look) -> list[Entry]:
    """Without the rows of orders that are here already; each of those is told once, with its number."""
    pairs = {pair for entry in entries if (pair := _pair(entry))}
    here = orders_here(pairs)
    told: set[Pair] = set()
    fresh = []
    for entry in entries:
        pair = _pair(entry)
        if pair is None or pair not in here:
            fresh.append(entry)
        elif pair not in told:
            told.add(pair)
            look.known.append({"row": entry.row, "theirs": pair[1], "number": here[pair]})
    return fresh


def _pair(entry: Entry) -> Pair | None:
    customer, theirs = entry.values.get("customer"), entry.values.get("customer_order_number")
    return (customer.pk, theirs) if customer is not None and theirs else None


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
            entry.complain("product", _("This means two products: %(codes)s. Write our code."), codes=codes)
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
    if unit and unit.casefold() != product.unit.casefold():
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


def _gathered(entries: list[Entry]) -> list[Draft]:
    """The rows of each order together; what its rows say of the whole order must agree."""
    orders: dict[Pair, list[Entry]] = {}
    for entry in entries:
        pair = _pair(entry)
        if pair is not None:
            orders.setdefault(pair, []).append(entry)
    return [Draft(rows[0].values["customer"], _agreed(rows), rows) for rows in orders.values()]


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
            elif header[name] != value:
                first = said_in[name]
                text = _("Row %(other)s says “%(said)s” for the same order.")
                entry.complain(name, text, other=first.row, said=first.texts.get(name, ""))
    return header
