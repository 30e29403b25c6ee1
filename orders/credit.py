"""How far an order passes its customer's credit limit, and which yes covers that (R2.6, I4); docs/adr/0014.

The verbs hold the credit account's lock while they ask; a page reads the figures of the moment.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from approvals.models import Step
from approvals.states import LEVEL_OF, CaseState, StepKind, StepState
from customers.models import CreditAccount
from customers.queries import exposure_of
from customers.terms import longest_days
from orders.states import OrderState
from orders.terms import is_money_first

ZERO = Decimal(0)


def limit_of(customer: Any) -> Decimal:
    """What the customer may owe; nothing without a credit line."""
    return customer.credit_limit if customer.credit_line else ZERO


def counts_against_limit(order: Any) -> bool:
    """Whether it takes credit: not where the money comes first, nor cash on delivery without a line."""
    return not is_money_first(order) and (order.customer.credit_line or longest_days(order) > 0)


def exposure_with(order: Any, account: CreditAccount) -> Decimal:
    """All open parts with this order, which counts as ordered from its approval on (R2.6)."""
    counted = getattr(order, "is_committed", False)
    return account.total_exposure + (ZERO if counted else order.grand_total)


def exceeded_by(order: Any, account: CreditAccount) -> Decimal:
    """R2.6: by how much all open parts with this order pass the limit; zero where it takes no credit."""
    if not counts_against_limit(order):
        return ZERO
    return max(exposure_with(order, account) - limit_of(order.customer), ZERO)


def account_of(order: Any) -> CreditAccount:
    """The customer's account, as it was fetched with the order or as it is now."""
    return getattr(order.customer, "credit", None) or exposure_of(order.customer_id)


def ceiling_for(order: Any, account: CreditAccount, step: Step) -> Decimal | None:
    """I4: the exposure that a yes to this step covers, of who may pass the limit, where it is passed."""
    limits = (order.case.authority or {}).get("limits", {})
    may = step.kind == StepKind.GENERAL or (step.kind == StepKind.MANAGER and limits.get("may_exceed_credit"))
    return exposure_with(order, account) if may and exceeded_by(order, account) else None


def covering_step(order: Any) -> Step | None:
    """The yes that covers the highest exposure: to this order, or to a later one of the same customer.

    What was said to a later order was said of an exposure that had this one in it.
    """
    counts = Q(case=order.case_id) if order.case_id else Q(pk=None)
    if order.is_committed:
        counts |= Q(
            case__order__customer=order.customer_id,
            case__order__state__in=(OrderState.APPROVED, OrderState.RELEASED),
            case__state=CaseState.APPROVED,
            decided_at__gte=order.approved_at,
        )
    live = Q(ceiling_until=None) | Q(ceiling_until__gte=timezone.localdate())
    found = Step.objects.filter(counts, live, round=F("case__round"), state=StepState.APPROVED)
    return found.filter(kind__in=LEVEL_OF, ceiling__isnull=False).order_by("-ceiling", "pk").first()


def cover_of(order: Any, account: CreditAccount) -> str:
    """What lets an order be approved, as its posting keeps it: its terms, the limit of the moment, or a yes.

    Asked before the posting, under the account's lock; empty where nothing covers it.
    """
    if is_money_first(order):
        return f"R6.8 {order.payment_terms}"
    if not counts_against_limit(order):
        return f"R5.3 {order.payment_terms}"
    after, limit = exposure_with(order, account), limit_of(order.customer)
    if after <= limit:
        return f"R2.6 ≤ {limit:.2f}"
    step = covering_step(order)
    covered = step is not None and step.ceiling is not None and step.ceiling >= after
    return f"{order.case.reference}/{order.case.round} #{step.pk}" if step and covered else ""
