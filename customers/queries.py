"""Reads that combine customers, their credit account and its entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Min, QuerySet, Sum
from django.utils import timezone

from core.figures import money
from customers.models import (
    ClassProposal,
    CreditAccount,
    CreditEntry,
    Customer,
    CustomerChange,
    PartNumber,
    PriceAgreement,
)
from inventory.models import Product

PARTS = ("ordered", "released", "shipped", "invoiced", "received")


@dataclass(frozen=True)
class Part:
    """One part of the exposure: its name, its amount, and how much of it each order holds."""

    name: str
    label: Any
    amount: Decimal
    by_order: dict[str, Decimal]


def customer_names(codes: Collection[str]) -> dict[str, str]:
    """What the customers with these codes are called."""
    return dict(Customer.objects.filter(code__in=codes).values_list("code", "name"))


def paid_for(order_number: str) -> Decimal:
    """Money received for the order, applied to an invoice or not, tax included, in its currency (R5.2)."""
    posted = CreditEntry.objects.filter(order_number=order_number).aggregate(sum=Sum("paid"))
    return posted["sum"] or Decimal(0)


def exposure_of(customer_id: int) -> CreditAccount:
    """The credit account to read from, without a lock; an empty one where nothing was posted."""
    found = CreditAccount.objects.filter(pk=customer_id).first()
    return found or CreditAccount(customer_id=customer_id)


def parts_of(account: CreditAccount) -> list[Part]:
    """The five parts with the orders behind each (R5.7, R2.6)."""
    sums = {part: Sum(part) for part in PARTS}
    shape: Any = CreditAccount._meta
    rows: list[Any] = list(
        CreditEntry.objects.filter(account_id=account.pk)
        .values("order_number")
        .annotate(**{f"of_{part}": total for part, total in sums.items()})
        .order_by("order_number")
    )
    return [
        Part(
            part,
            shape.get_field(part).verbose_name,
            getattr(account, part),
            {row["order_number"]: row[f"of_{part}"] for row in rows if row[f"of_{part}"]},
        )
        for part in PARTS
    ]


def documents_behind(
    account: CreditAccount, orders: Collection[str]
) -> dict[tuple[str, str], list[tuple[str, Decimal]]]:
    """By part and order the documents that moved it, with what each did to it; one query (R3.4)."""
    sums = {f"of_{part}": Sum(part) for part in PARTS}
    rows: list[Any] = list(
        CreditEntry.objects.filter(account_id=account.pk, order_number__in=orders)
        .values("order_number", "document")
        .annotate(**sums, first=Min("seq"))
        .order_by("first")
    )
    found: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for row in rows:
        for part in PARTS:
            if row[f"of_{part}"]:
                place = found.setdefault((part, row["order_number"]), [])
                place.append((row["document"], row[f"of_{part}"]))
    return found


def changes_of(customer: Customer) -> QuerySet[CustomerChange]:
    """The customer's changes, which are its terms' versions, newest first."""
    rows = CustomerChange.objects.filter(customer=customer).select_related("asked_by", "case", "customer")
    return rows.order_by("-number")


def proposal_of(customer: Customer) -> ClassProposal | None:
    """The newest proposal of a class."""
    rows = ClassProposal.objects.filter(customer=customer).select_related("customer", "change", "decided_by")
    return rows.order_by("-month").first()


def shipped_volume(customers: Collection[int], *, since: date) -> dict[int, Decimal]:
    """By customer (pk) the goods value shipped since the day, tax included, in its currency (R3.3)."""
    start = timezone.make_aware(datetime.combine(since, time.min))
    rows = CreditEntry.objects.filter(account__in=customers, shipped__gt=0, at__gte=start)
    sums = rows.values("account").annotate(volume=money(Sum("shipped")))
    return dict(sums.values_list("account", "volume"))


def entries_of(customer: Customer) -> QuerySet[CreditEntry]:
    """The postings of a customer's account, newest first, with who posted them."""
    return CreditEntry.objects.filter(account_id=customer.pk).select_related("actor").order_by("-seq")


def portal_customers_of(user: Any) -> QuerySet[Customer]:
    """The customers for whom a portal user signs in."""
    return Customer.objects.filter(portal_users=user)


def agreement_steps(
    customer_id: int, product_ids: Iterable[int], *, currency: str, on: date
) -> dict[int, list[PriceAgreement]]:
    """The agreements in force on the day by product, lowest quantity first (R1.7): one query.

    Of two for the same quantity only the one that began later holds.
    """
    rows = PriceAgreement.objects.in_force(on=on).filter(
        customer_id=customer_id, product_id__in=list(product_ids), currency=currency
    )
    steps: dict[int, dict[Decimal, PriceAgreement]] = {}
    for row in rows.order_by("product_id", "min_quantity", "valid_from"):
        steps.setdefault(row.product_id, {})[row.min_quantity] = row
    return {product: list(by_quantity.values()) for product, by_quantity in steps.items()}


def step_at(steps: Iterable[PriceAgreement], quantity: Decimal) -> PriceAgreement | None:
    """The agreement that holds for so much: the highest quantity step reached, if any is."""
    reached = [step for step in steps if step.min_quantity <= quantity]
    return max(reached, key=lambda step: step.min_quantity, default=None)


def price_at(steps: Iterable[PriceAgreement], quantity: Decimal) -> Decimal | None:
    """The agreed price (tax included) for so much."""
    step = step_at(steps, quantity)
    return None if step is None else step.price


def agreed_prices(
    customer_id: int, wanted: Mapping[int, Decimal], *, currency: str, on: date
) -> dict[int, Decimal]:
    """The agreed prices (tax included) of products (pk to quantity wanted) on the day; one query (R1.7)."""
    steps = agreement_steps(customer_id, wanted, currency=currency, on=on)
    found = {product: price_at(rows, wanted[product]) for product, rows in steps.items()}
    return {product: price for product, price in found.items() if price is not None}


def products_numbered_like(customer_id: int, text: str, *, most: int) -> list[Product]:
    """Our products whose number at this customer holds the text, the whole number first (R1.3)."""
    key = text.strip().lower()
    rows = PartNumber.objects.filter(customer_id=customer_id, key__contains=key, product__active=True)
    found = list(rows.select_related("product").order_by("key")[:most])
    return [row.product for row in sorted(found, key=lambda row: row.key != key)]


def products_by_part_number(customer_id: int, texts: Iterable[str]) -> dict[str, Product]:
    """Our products by the customer's own part numbers, keyed by text.strip().lower(); one query (R1.3)."""
    keys = {text.strip().lower() for text in texts}
    rows = PartNumber.objects.filter(customer_id=customer_id, key__in=keys).select_related("product")
    return {row.key: row.product for row in rows}
