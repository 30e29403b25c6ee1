"""What payment terms say: which money comes first, after how many days the rest, what does not fit (R3.1).

The functions read an object's `payment_terms`, `deposit_percent`, `credit_days` only: a customer's agreed
terms, an order's, a quotation's. docs/adr/0014 says what each term asks when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.showing import figure
from customers.states import PaymentTerms

ALL = Decimal(100)
#: Nothing is owed at any time: the money comes before the goods.
MONEY_FIRST = (PaymentTerms.PREPAID, PaymentTerms.DEPOSIT)
#: We wait for the money, some days after the invoice.
ON_CREDIT = (PaymentTerms.CREDIT, PaymentTerms.MONTHLY)
#: The same in words, once it is known how many.
IN_DAYS: dict[str, Any] = {
    PaymentTerms.CREDIT: _("Credit, %(days)s days from invoice"),
    PaymentTerms.MONTHLY: _("Month-end statement, %(days)s days after"),
}
#: An invoice of the first day of a long month waits thirty days for the month's end.
TO_MONTH_END = 30


@dataclass(frozen=True)
class Asked:
    """What terms ask: per cent of the total before production, before shipping, and days at the longest."""

    production: Decimal
    shipping: Decimal
    days: int

    def easier_than(self, agreed: Asked) -> dict[str, dict[str, str]]:
        """In what these ask less than the agreed ones: {"production": {"now": "0", "agreed": "30"}, …}."""
        found = {
            name: (getattr(self, name), getattr(agreed, name)) for name in ("production", "shipping", "days")
        }
        return {
            name: {"now": figure(now), "agreed": figure(then)}
            for name, (now, then) in found.items()
            if (now > then if name == "days" else now < then)
        }


def asked(terms: Any) -> Asked:
    """What these terms ask of the customer."""
    return Asked(share_before_production(terms), share_before_shipping(terms), longest_days(terms))


def share_before_production(terms: Any) -> Decimal:
    """R6.8: per cent of the total that is in before anything is made: all if prepaid, else the deposit."""
    return ALL if terms.payment_terms == PaymentTerms.PREPAID else Decimal(terms.deposit_percent)


def share_before_shipping(terms: Any) -> Decimal:
    """R6.8: per cent that is in before the goods leave: all if the money comes first, else the deposit."""
    return ALL if terms.payment_terms in MONEY_FIRST else Decimal(terms.deposit_percent)


def longest_days(terms: Any) -> int:
    """R2.2: for how many days we may have to wait: month-end terms wait for the end of a month besides."""
    if terms.payment_terms not in ON_CREDIT:
        return 0
    return terms.credit_days + (TO_MONTH_END if terms.payment_terms == PaymentTerms.MONTHLY else 0)


def gaps(terms: Any) -> Iterator[tuple[str, Any]]:
    """What of these terms contradicts itself: the field to mend, and the sentence."""
    kind, percent, days = terms.payment_terms, terms.deposit_percent, terms.credit_days
    if kind == PaymentTerms.DEPOSIT and not percent:
        yield "deposit_percent", _("Deposit terms name the deposit: more than 0.")
    if kind == PaymentTerms.PREPAID and percent:
        yield "deposit_percent", _("Prepaid asks for all of the money first; there is no deposit besides.")
    if kind == PaymentTerms.CREDIT and not days:
        yield "credit_days", _("Credit terms name the days from the invoice: more than 0.")
    if kind and kind not in ON_CREDIT and days:
        yield "credit_days", _("Only credit and month-end terms give days to pay: here they are 0.")


def line_gaps(customer: Any) -> Iterator[tuple[str, Any]]:
    """What of a credit line and its limit contradicts itself."""
    if customer.credit_line and not customer.credit_limit:
        yield "credit_limit", _("A credit line has a limit: more than 0.")
    if customer.credit_limit and not customer.credit_line:
        yield "credit_limit", _("Without a credit line the limit is 0.")
