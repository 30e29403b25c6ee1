"""Reads that combine orders, products, prices and credit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects

from approvals.models import Condition, Step
from approvals.snapshot import differences
from core.locks import lock
from customers.models import Address, Contact, Customer
from inventory.models import Product
from inventory.queries import listed_prices
from orders.content import HUNDRED, handed_over
from orders.models import OrderConfirmation, OrderLine, Question, SalesOrder, SourceDocument
from orders.states import COMMITTED, EDITABLE, OrderState

SUGGESTED = 3


def reread(pk: int) -> SalesOrder:
    """The order read again under its lock, with its lines, products and papers: what gates look at."""
    order = lock(SalesOrder, pk, "customer", "team", "owner", "case")
    return with_content(order)


def with_lines(order: SalesOrder) -> SalesOrder:
    """Fetch its lines with their products: what stock and dates are read from."""
    lines = OrderLine.objects.select_related("product").order_by("position")
    prefetch_related_objects([order], Prefetch("lines", lines))
    return order


def with_content(order: SalesOrder) -> SalesOrder:
    """Fetch what gates and pages look at: a fixed number of queries, however many lines."""
    lines = OrderLine.objects.select_related("product__category", "requirement").order_by("position")
    papers = SourceDocument.objects.select_related("file", "added_by").order_by("pk")
    asked = Question.objects.select_related("asked_by", "answered_by", "line").order_by("pk")
    wanted = [Prefetch("lines", lines), Prefetch("source_documents", papers)]
    if order.state in (OrderState.SUBMITTED, *EDITABLE):
        wanted.append(Prefetch("questions", asked))
    if order.approved_at is not None:
        sent = OrderConfirmation.objects.select_related("sent_by").order_by("-issue")
        wanted.append(Prefetch("confirmations", sent))
    prefetch_related_objects([order], *wanted)
    if order.case is not None:
        steps = Step.objects.select_related("decided_by", "decided_for").prefetch_related(
            Prefetch("conditions", Condition.objects.select_related("closed_by"))
        )
        prefetch_related_objects([order.case], Prefetch("steps", steps))
    return order


def products_by_text(texts: Collection[str]) -> dict[str, Product]:
    """The products meant by code, barcode or whole name, in one query; what is not certain is left out."""
    return {text: found[0] for text, found in products_called(texts).items() if len(found) == 1}


def products_called(texts: Collection[str]) -> dict[str, list[Product]]:
    """What each text may mean, in one query: our code, else whose barcode it is, else who is called so.

    Several sizes are often called alike. What is sold goes before what is not any more.
    """
    wanted = {each.strip().lower() for each in texts} - {""}
    if not wanted:
        return {}
    named = Q(code__in=_spellings(texts)) | Q(barcode__in=list(texts)) | Q(name__in=list(texts))
    meant: list[dict[str, list[Product]]] = [{}, {}, {}]
    for product in Product.objects.filter(named).order_by("pk"):
        for value_of, kept in zip((_code, _barcode, _name), meant, strict=True):
            kept.setdefault(value_of(product), []).append(product)
    return {text: found for text in texts if (found := _first_of(text.strip().lower(), meant))}


def _first_of(text: str, meant: Iterable[dict[str, list[Product]]]) -> list[Product]:
    found = next((each[text] for each in meant if text and text in each), [])
    return [each for each in found if each.active] or found


def suggestions(text: str) -> list[Product]:
    """Products that an unknown text may have meant."""
    return list(Product.objects.sold().found_by(text.strip()[:60]).order_by("code")[:SUGGESTED])


def list_prices(order: SalesOrder, products: Iterable[Product]) -> dict[int, Decimal]:
    """R1.7: the list price in force by product, tax included, in the order's currency."""
    return listed_prices(products, currency=order.currency, on=order.ordered_on)


def standard_changes(order: SalesOrder) -> list[dict[str, Any]]:
    """R1.9: what business support changed of what the rep submitted, as includes/diff.html shows it.

    Nothing while the rep edits: then what differs is the rep's own.
    """
    if order.state in EDITABLE or order.state == OrderState.CANCELLED:
        return []
    before, now = order.submitted_content, handed_over(order)
    return differences(before, now) if before and before != now else []


def usual_contact(customer: Customer) -> Contact | None:
    """Whom we usually talk to."""
    return customer.contacts.order_by("-is_default", "pk").first()


def confirmation_address(order: SalesOrder) -> str:
    """R1.8: where the order confirmation goes: the order's contact, else the customer's own address."""
    contact = order.customer.contacts.filter(name=order.contact_name).exclude(email="").order_by("pk").first()
    return contact.email if contact else order.customer.email


def usual_address(customer: Customer) -> Address | None:
    """Where goods usually go."""
    return customer.addresses.order_by("-is_default", "pk").first()


def last_prices(order: SalesOrder, product_ids: Collection[int]) -> dict[int, Decimal]:
    """R1.7: what the customer last paid per unit after discount, by product, in approved orders.

    Read from the newest on until each product is found: a long history is not read whole.
    """
    wanted, found = set(product_ids), {}
    rows = (
        OrderLine.objects.filter(
            order__customer=order.customer_id,
            order__state__in=COMMITTED,
            order__currency=order.currency,
            product_id__in=wanted,
            price__isnull=False,
        )
        .exclude(order=order)
        .order_by("-order__ordered_on", "-pk")
        .values_list("product_id", "price", "discount_percent")
    )
    for pk, price, discount in rows.iterator(chunk_size=500) if wanted else ():
        found.setdefault(pk, price * (1 - discount / HUNDRED))
        if len(found) == len(wanted):
            break
    return found


def _spellings(texts: Iterable[str]) -> list[str]:
    return sorted(
        {form for each in texts for form in (each.strip(), each.strip().upper(), each.strip().lower())}
    )


def _code(product: Product) -> str:
    return product.code.lower()


def _barcode(product: Product) -> str:
    return product.barcode.lower()


def _name(product: Product) -> str:
    return product.name.lower()
