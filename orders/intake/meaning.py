"""What the texts of a file mean: customers one may see, products by any name, orders already here."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from customers.models import Customer, PartNumber
from inventory.models import Product
from orders.content import number_key
from orders.models import SalesOrder
from orders.queries import products_called, suggestions
from orders.states import OrderState

AT_ONCE = 300
MOST_SUGGESTED = 20
MOST_TOLD = 5
Pair = tuple[int, str]


@dataclass(frozen=True)
class Several:
    """A text that means more than one thing."""

    names: tuple[str, ...]


def customers_by_text(texts: Collection[str], actor: Any) -> dict[str, Customer | Several]:
    """Customers by code or whole name; one that the actor may not see is as if it were not."""
    found: dict[str, Customer | Several] = {}
    for some in _portions(texts):
        spelt = {form for each in some for form in (each, each.upper(), each.lower())}
        meant = Q(code__in=spelt) | Q(name__in=some) | Q(name_en__in=some)
        rows = list(
            Customer.objects.visible_to(actor).filter(meant).select_related("team", "owner").order_by("pk")
        )
        for text in some:
            by_code = [each for each in rows if each.code.casefold() == text.casefold()]
            by_name = by_code or [each for each in rows if text in (each.name, each.name_en)]
            if len(by_name) == 1:
                found[text] = by_name[0]
            elif by_name:
                found[text] = Several(tuple(each.code for each in by_name))
    return found


def products_by_pair(pairs: Collection[Pair]) -> dict[Pair, Product | Several]:
    """Products by (customer, text): our code, barcode or name, or the customer's own part number.

    Where our code and the customer's number mean two products, or two are called so, neither is taken.
    """
    texts = {text for _customer, text in pairs}
    ours: dict[str, list[Product]] = {}
    for some in _portions(texts):
        ours |= products_called(some)
    theirs = _by_part_number(pairs)
    found: dict[Pair, Product | Several] = {}
    for pair in pairs:
        own = theirs.get((pair[0], pair[1].strip().lower()))
        called = ours.get(pair[1], [])
        if own and len(called) > 1:
            called = []  # their own number tells which
        meant = {each.pk: each for each in (*called, *filter(None, [own]))}
        if len(meant) > 1:
            found[pair] = Several(tuple(each.code for each in meant.values())[:MOST_TOLD])
        elif meant:
            found[pair] = next(iter(meant.values()))
    return found


@dataclass(frozen=True)
class Here:
    """What is here already of so many orders: the number of each, and how often it was cancelled before."""

    numbers: dict[Pair, str] = field(default_factory=dict)
    cancelled: dict[Pair, int] = field(default_factory=dict)


def orders_here(pairs: Collection[Pair]) -> Here:
    """The orders that are here already, by customer and order number as `same_number` writes it.

    They are looked for by the key of likely duplicates, which takes more for the same than this does. A
    cancelled one does not stand in the way of its customer's ordering again.
    """
    customers = {customer for customer, _number in pairs}
    here = Here()
    for some in _portions({number for _customer, number in pairs}):
        alike = Q(their_key__in={number_key(each) for each in some} - {""})
        alike |= Q(their_key="", customer_order_number__in=some)
        found = SalesOrder.objects.filter(alike, customer_id__in=customers)
        rows = found.order_by("-pk").values_list("number", "state", "customer_id", "customer_order_number")
        for number, state, customer, theirs in rows:
            pair = (customer, same_number(theirs))
            if pair not in pairs:
                continue
            if state == OrderState.CANCELLED:
                here.cancelled[pair] = here.cancelled.get(pair, 0) + 1
            else:
                here.numbers[pair] = number  # the oldest stays
    return here


def same_number(theirs: str) -> str:
    """A customer's order number as it is compared: PO-1, po-1 and ＰＯ-1 are one, PO-11 is another."""
    return " ".join(unicodedata.normalize("NFKC", theirs).casefold().split())


def import_key(customer: int, theirs: str, cancelled: int = 0) -> str:
    """What keeps one customer's order number from being taken in twice, whoever is at it (unique, R1.13).

    After so many were cancelled the next one has a key of its own.
    """
    said = f"{customer}:{theirs}:{cancelled}" if cancelled else f"{customer}:{theirs}"
    return "import:" + hashlib.sha256(said.encode()).hexdigest()[:40]


def offers(texts: Iterable[str]) -> dict[str, list[str]]:
    """What unknown products may have meant; of a long list the first ones."""
    first = list(dict.fromkeys(texts))[:MOST_SUGGESTED]
    return {text: [str(each) for each in suggestions(text)] for text in first if text.strip()}


def _by_part_number(pairs: Collection[Pair]) -> dict[Pair, Product]:
    customers = {customer for customer, _text in pairs}
    found: dict[Pair, Product] = {}
    for some in _portions({text.strip().lower() for _customer, text in pairs}):
        rows = PartNumber.objects.filter(customer_id__in=customers, key__in=some).select_related("product")
        found |= {(each.customer_id, each.key): each.product for each in rows}
    return found


def _portions(texts: Collection[str]) -> Iterator[list[str]]:
    """So many at a time as one query takes on either database."""
    listed = list(texts)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
