"""How a customer stands by the standard of the classes: volume, payment behaviour, years (R3.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Max
from django.utils import timezone

from customers.models import Customer
from customers.queries import shipped_volume
from customers.standard import Figures
from invoicing.models import Invoice
from invoicing.querysets import add_months
from invoicing.states import InvoiceState

_TENTH = Decimal("0.1")


def figures_of(customers: Collection[Customer], *, on: date) -> dict[int, Figures]:
    """Each customer's figures on a day, over the 12 months before it; as many queries for one as for many."""
    since = add_months(on, -12)
    pks = [each.pk for each in customers]
    volume = shipped_volume(pks, since=since)
    late = days_late(pks, since=since, on=on)
    return {
        each.pk: Figures(
            volume=volume.get(each.pk, Decimal(0)),
            currency=each.currency,
            delay=_mean(late.get(each.pk, [])),
            invoices=len(late.get(each.pk, [])),
            years=_years(each, on),
        )
        for each in customers
    }


def days_late(customers: Collection[int], *, since: date, on: date) -> dict[int, list[int]]:
    """By customer how many days late each invoice due in the span was paid, or is by now; early is 0."""
    due = Invoice.objects.filter(customer__in=customers, due_on__gte=since, due_on__lt=on)
    rows = due.filter(state__in=(InvoiceState.ISSUED, InvoiceState.PAID)).annotate(
        paid_on=Max("allocations__receipt__received_on")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for customer, state, due_on, paid_on in rows.values_list("customer", "state", "due_on", "paid_on"):
        end = paid_on if state == InvoiceState.PAID and paid_on is not None else on
        found[customer].append(max(0, (end - due_on).days))
    return dict(found)


def _mean(days: list[int]) -> Decimal | None:
    if not days:
        return None
    return (Decimal(sum(days)) / len(days)).quantize(_TENTH, ROUND_HALF_UP)


def _years(customer: Customer, on: date) -> Decimal:
    since = customer.customer_since or timezone.localdate(customer.created_at)
    return (Decimal(max(0, (on - since).days)) / Decimal("365.25")).quantize(_TENTH, ROUND_HALF_UP)
