"""Exchange rates: what an amount of another currency comes to in the company's (R2.2, R2.4, R6.11).

The rate of a day is the latest on file up to that day. Without one nothing is guessed: the answer is None,
and who asks treats the amount as beyond every limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.company import CURRENCY
from core.memo import Memo
from core.models import ExchangeRate
from core.money import round_money

ONE = Decimal(1)


@dataclass(frozen=True)
class Rate:
    """What one unit is worth in the company's currency, and since which day (None: it is the company's)."""

    currency: str
    value: Decimal
    day: date | None = None

    def into_company(self, amount: Decimal) -> Decimal:
        """An amount of this currency in the company's, in its minor unit."""
        return amount if self.day is None else round_money(amount * self.value, CURRENCY.value())

    def out_of_company(self, amount: Decimal) -> Decimal:
        """An amount of the company's currency in this one, in its minor unit."""
        return round_money(amount / self.value, self.currency)


def rate_on(currency: str, day: date) -> Rate | None:
    """The rate in force on a day; None where none is on file. Asked once a request."""
    ours = CURRENCY.value()
    if currency == ours:
        return Rate(currency, ONE)
    known = _found.get()
    key = (currency, ours, day)
    if key not in known:
        rows = ExchangeRate.objects.filter(currency=currency, base=ours, day__lte=day).order_by("-day")
        row = rows.values_list("value", "day").first()
        known[key] = None if row is None else Rate(currency, *row)
    return known[key]


def in_company_currency(amount: Decimal, currency: str, day: date) -> Decimal | None:
    """What an amount comes to in the company's currency on a day; None where no rate is on file."""
    rate = rate_on(currency, day)
    return None if rate is None else rate.into_company(amount)


def rates_in_force(day: date) -> list[ExchangeRate]:
    """The rate of every currency on a day, by currency."""
    rows = ExchangeRate.objects.filter(base=CURRENCY.value(), day__lte=day).select_related("set_by")
    latest = {row.currency: row for row in rows.order_by("currency", "day")}
    return list(latest.values())


def forget_rates() -> None:
    """A rate was set."""
    _found.forget()


_found: Memo[dict[tuple[str, str, date], Rate | None]] = Memo("exchange_rates", dict)
