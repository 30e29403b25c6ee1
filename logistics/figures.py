"""What a release weighs: the shipment's value, the money received for its order, the customer's exposure.

Read at the moment of asking; under the credit account's lock they are what holds (R5.7). All amounts are in
the order's currency, tax included.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from approvals.authority import trigger
from approvals.triggers import secret, triggers
from core import figures
from customers.queries import exposure_of, paid_for
from logistics.parameters import EARLY_DAYS, OVER_LIMIT
from logistics.states import FREED, ReleaseCase

ZERO = Decimal(0)

triggers(
    shipment_check=_("Finance checks money and credit of every shipment."),
    shipment_recheck=_("Business support rechecks quantity, date and way of delivery against the contract."),
    shipment_confirm=_("Every shipment needs the sales head's confirmation."),
    shipment_paid=_("Paid by contract: %(unused)s %(currency)s are in, the shipment is %(value)s."),
    shipment_unpaid=_(
        "No credit line: the shipment is %(value)s %(currency)s, %(unused)s are in, "
        "%(beyond)s go beyond payment."
    ),
    shipment_on_credit=_(
        "Credit line: with this shipment of %(value)s the exposure is %(after)s of %(limit)s %(currency)s."
    ),
    shipment_beyond_limit=_(
        "Credit line: with this shipment of %(value)s the exposure is %(after)s %(currency)s, "
        "%(beyond)s beyond the limit of %(limit)s."
    ),
    shipment_blocked=_("The customer is blocked: %(reason)s."),
    shipment_early=_("It is to leave on %(wanted)s, long before the contract's %(due)s."),
    shipment_far_beyond_limit=_(
        "With this shipment the exposure is %(after)s %(currency)s, beyond the limit of %(limit)s "
        "by more than %(percent)s %%."
    ),
)
secret("customers.view_credit", "shipment_on_credit", "shipment_beyond_limit", "shipment_far_beyond_limit")


@dataclass(frozen=True)
class Figures:
    """The figures of one shipment that is not released yet."""

    value: Decimal  # goods value, and the freight billed with it
    exposure: Decimal  # of the customer, without this shipment
    limit: Decimal  # zero without a credit line
    has_line: bool
    paid: Decimal  # received for the order
    used: Decimal  # of it taken up by the order's earlier shipments

    @property
    def after(self) -> Decimal:
        """The exposure once this shipment is released."""
        return self.exposure + self.value

    @property
    def unused(self) -> Decimal:
        """Money of the order that no earlier shipment took up."""
        return max(self.paid - self.used, ZERO)

    @property
    def beyond_paid(self) -> Decimal:
        """How far the shipment goes beyond what is paid."""
        return max(self.value - self.unused, ZERO)

    @property
    def beyond_limit(self) -> Decimal:
        """How far the exposure then goes beyond the credit limit; zero without a credit line."""
        return max(self.after - self.limit, ZERO) if self.has_line else ZERO

    @property
    def general_limit(self) -> Decimal:
        """Beyond this exposure the general manager decides (R5.6)."""
        return self.limit * (100 + OVER_LIMIT.value()) / 100


def weigh(shipment: Any) -> Figures:
    """The figures as they are now; the caller holds the credit account's lock where it decides on them."""
    customer = shipment.order.customer
    account = exposure_of(customer.pk)
    earlier = shipment.order.shipments.exclude(pk=shipment.pk).exclude(state__in=FREED)
    used = earlier.exclude(released_at=None).aggregate(
        sum=Sum(figures.money(F("goods_value") + F("freight")))
    )["sum"]
    return Figures(
        value=shipment.billable,
        exposure=account.exposure,
        limit=customer.credit_limit if customer.credit_line else ZERO,
        has_line=customer.credit_line,
        paid=paid_for(shipment.order.number),
        used=used or ZERO,
    )


def classify(shipment: Any, figures: Figures) -> tuple[ReleaseCase, list[dict[str, Any]]]:
    """Which rule decides who signs (R5.2, R5.3, R5.4, R5.6), and what triggers it, with the figures."""
    unusual = _unusual(shipment, figures)
    if unusual:
        return ReleaseCase.OTHER, unusual
    money = {"currency": shipment.currency, "value": figures.value}
    if not figures.beyond_paid:
        return ReleaseCase.CASH, [trigger("R5.2", "shipment_paid", unused=figures.unused, **money)]
    if not figures.has_line:
        return ReleaseCase.UNPAID, [
            trigger("R5.3", "shipment_unpaid", beyond=figures.beyond_paid, unused=figures.unused, **money)
        ]
    if figures.beyond_limit:
        return ReleaseCase.CREDIT, [
            trigger(
                "R5.4",
                "shipment_beyond_limit",
                after=figures.after,
                limit=figures.limit,
                beyond=figures.beyond_limit,
                **money,
            )
        ]
    within = trigger("R5.4", "shipment_on_credit", after=figures.after, limit=figures.limit, **money)
    return ReleaseCase.CREDIT, [within]


def _unusual(shipment: Any, figures: Figures) -> list[dict[str, Any]]:
    """R5.6: what takes a shipment out of the three regular cases."""
    found = []
    customer = shipment.order.customer
    if customer.is_blocked:
        found.append(trigger("R5.6", "shipment_blocked", reason=customer.block_reason))
    due = [line.order_line.due_on for line in shipment.lines.all() if line.order_line.due_on]
    if due and shipment.wanted_on + timedelta(days=EARLY_DAYS.value()) < min(due):
        wanted = shipment.wanted_on.isoformat()
        found.append(trigger("R5.6", "shipment_early", wanted=wanted, due=min(due).isoformat()))
    if figures.has_line and figures.beyond_paid and figures.after > figures.general_limit:
        found.append(
            trigger(
                "R5.6",
                "shipment_far_beyond_limit",
                after=figures.after,
                limit=figures.limit,
                percent=f"{OVER_LIMIT.value():f}",
                currency=shipment.currency,
            )
        )
    return found
