"""What was offered: prices held while a quotation is valid, and how far they lie below the usual (R1.14)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from approvals.authority import OrderFacts, plan_order
from approvals.states import StepKind
from approvals.triggers import readable_by, told
from core.locks import lock
from customers.models import CreditAccount
from customers.queries import exposure_of
from customers.terms import longest_days
from orders.content import below, net_price, tenth
from orders.credit import exceeded_by
from orders.findings import terms_eased
from orders.margins import price_facts
from orders.models import Quotation, QuotationLine
from orders.terms import is_money_first


def usual_price(line: QuotationLine) -> Decimal | None:
    """R1.7: what the offer is compared with: the customer's price agreement, then the price list."""
    return line.list_price if line.agreed_price is None else line.agreed_price


def below_usual(line: QuotationLine) -> Decimal | None:
    """R1.7: by how many per cent the offered net price lies below the usual one (above: negative)."""
    return tenth(below(net_price(line), usual_price(line)))


def quoted_facts(quotation: Quotation, account: CreditAccount) -> OrderFacts:
    """The facts by which an order at these prices would be routed (R2.1, R2.2)."""
    offer: Any = quotation  # terms, total, customer and lines are named as the order's
    return OrderFacts(
        **price_facts(offer),
        payment_days=longest_days(quotation),
        terms_eased=terms_eased(quotation),
        credit_exceeded_by=exceeded_by(offer, account),
        has_credit=quotation.customer.credit_line or is_money_first(quotation),
        team_manager_id=quotation.team.manager_id,
        team_id=quotation.team_id,
    )


def who_would_decide(quotation: Quotation, user: Any) -> list[dict[str, Any]]:
    """R2.2: who would have to approve an order at these prices, and which limits it passes; credit and margin
    are told to who may see them.
    """
    plan = plan_order(quoted_facts(quotation, exposure_of(quotation.customer_id)))
    return [
        {"kind": StepKind(step.kind).label, "why": told(readable_by(user, step.triggers))} for step in plan
    ]


def address_of(quotation: Quotation) -> str:
    """Where it goes: to the contact it is for, else to the customer's own address."""
    known = quotation.customer.contacts.filter(name=quotation.contact_name).exclude(email="")
    contact = known.order_by("pk").first()
    return contact.email if contact else quotation.customer.email


def with_lines(quotation: Quotation) -> Quotation:
    """Fetch lines and products: a fixed number of queries, however many lines."""
    lines = QuotationLine.objects.select_related("product__category").order_by("position")
    prefetch_related_objects([quotation], Prefetch("lines", lines))
    return quotation


def reread_quotation(pk: int) -> Quotation:
    """The quotation read again under its lock, with its lines and products: what gates look at."""
    return with_lines(lock(Quotation, pk, "customer", "team__manager", "owner", "memo"))
