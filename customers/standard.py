"""The standard of the classes A, B, C: volume, payment behaviour, years (R3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.company import CURRENCY
from customers.models import CustomerClass
from customers.parameters import A_DELAY, A_VOLUME, A_YEARS, B_DELAY, B_VOLUME, B_YEARS


@dataclass(frozen=True)
class Figures:
    """What a customer is measured by: goods value shipped in 12 months, average days paid late, years.

    `delay` is None where no payment has fallen due yet.
    """

    volume: Decimal
    currency: str
    delay: Decimal | None
    invoices: int
    years: Decimal

    @property
    def is_comparable(self) -> bool:
        """Whether the volume is in the currency of the standard."""
        return self.currency == CURRENCY.value()


def class_by_standard(figures: Figures) -> str:
    """The class whose every measure is met; without a payment to judge by, nobody is in class A."""
    delay = figures.delay
    if (
        figures.volume >= A_VOLUME.value()
        and delay is not None
        and delay <= A_DELAY.value()
        and figures.years >= A_YEARS.value()
    ):
        return CustomerClass.A
    if (
        figures.volume >= B_VOLUME.value()
        and (delay is None or delay <= B_DELAY.value())
        and figures.years >= B_YEARS.value()
    ):
        return CustomerClass.B
    return CustomerClass.C


def kept(figures: Figures) -> dict[str, Any]:
    """The figures and the standard then in force, as a proposal keeps them."""
    return {
        "volume": f"{figures.volume:.2f}",
        "currency": figures.currency,
        "delay": None if figures.delay is None else str(figures.delay),
        "invoices": figures.invoices,
        "years": str(figures.years),
        "comparable": figures.is_comparable,
        "standard": {
            "volume": [str(A_VOLUME.value()), str(B_VOLUME.value())],
            "delay": [str(A_DELAY.value()), str(B_DELAY.value())],
            "years": [str(A_YEARS.value()), str(B_YEARS.value())],
        },
    }
