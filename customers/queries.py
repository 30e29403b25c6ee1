"""Reads that combine customers, their credit account and its entries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from customers.models import CreditAccount, CreditEntry, Customer

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


def entries_of(customer: Customer) -> QuerySet[CreditEntry]:
    """The postings of a customer's account, newest first, with who posted them."""
    return CreditEntry.objects.filter(account_id=customer.pk).select_related("actor").order_by("-seq")


def portal_customers_of(user: Any) -> QuerySet[Customer]:
    """The customers for whom a portal user signs in."""
    return Customer.objects.filter(portal_users=user)
