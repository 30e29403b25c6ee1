"""R2.5: what the automatic pre-check finds, kept with the case: the first thing an approver reads.

A finding is {rule, name, facts, tone}; the page fills the named sentence in the reader's language.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.authority import OrderFacts
from approvals.triggers import triggers
from customers.models import CreditAccount, PaymentTerms
from inventory.queries import available
from orders.content import deviation, margin, plain
from orders.models import SalesOrder
from orders.parameters import DEVIATION_SHOWN
from orders.queries import last_prices

#: Terms under which the customer owes us nothing before or at delivery.
MONEY_FIRST = (PaymentTerms.PREPAID, PaymentTerms.DEPOSIT)
ZERO = Decimal(0)

triggers(
    order_customer_blocked=_("%(customer)s is blocked: %(why)s."),
    order_without_credit=_(
        "No credit line, and the terms ask no money first; exposure %(after)s %(currency)s with this order."
    ),
    order_beyond_limit=_(
        "Exposure %(after)s %(currency)s passes the limit %(limit)s by %(over)s (ordered %(ordered)s, "
        "shipped %(shipped)s, invoiced %(invoiced)s, received %(received)s, this order %(this)s)."
    ),
    order_within_limit=_("Exposure %(after)s %(currency)s with this order is within the limit %(limit)s."),
    order_price_below=_("Line %(position)s: %(product)s is %(percent)s %% below the list price %(list)s."),
    order_price_above=_("Line %(position)s: %(product)s is %(percent)s %% above the list price %(list)s."),
    order_price_below_agreed=_(
        "Line %(position)s: %(product)s is %(percent)s %% below the agreed price %(agreed)s."
    ),
    order_price_above_agreed=_(
        "Line %(position)s: %(product)s is %(percent)s %% above the agreed price %(agreed)s."
    ),
    order_price_unlisted=_("Line %(position)s: %(product)s has no list price; last paid: %(last)s."),
    order_short=_("Line %(position)s: %(free)s of %(quantity)s %(unit)s are free; %(short)s are to be made."),
    order_twin=_("%(order)s has the same customer order number, %(number)s."),
    order_same_content=_("%(order)s orders the same products and quantities."),
)


def order_facts(order: SalesOrder, account: CreditAccount) -> OrderFacts:
    """The plain facts by which approvals decide who must decide (R2.1–R2.3)."""
    lines = [line for line in order.lines.all() if line.product_id]
    deviations = [found for line in lines if (found := deviation(line)) is not None]
    return OrderFacts(
        amount=order.grand_total,
        currency=order.currency,
        max_discount=max((line.discount_percent for line in lines), default=ZERO),
        max_deviation=max([*deviations, ZERO]),
        margin=margin(order),
        payment_days=order.credit_days,
        credit_exceeded_by=exceeded_by(order, account),
        has_credit=order.customer.credit_line or order.payment_terms in MONEY_FIRST,
        klass=order.klass,
        team_manager_id=order.team.manager_id,
    )


def exceeded_by(order: SalesOrder, account: CreditAccount) -> Decimal:
    """R2.6: by how much all open parts and this order pass the limit; zero without a credit line."""
    if not order.customer.credit_line or order.payment_terms in MONEY_FIRST:
        return ZERO
    return max(account.total_exposure + order.grand_total - order.customer.credit_limit, ZERO)


def pre_check(order: SalesOrder, account: CreditAccount) -> list[dict[str, Any]]:
    """Credit, prices, stock, customer, likely duplicates: every finding, the worst first."""
    found = [
        *_customer(order),
        *_credit(order, account),
        *_prices(order),
        *_stock(order),
        *_duplicates(order),
    ]
    return sorted(found, key=lambda each: each["tone"] != "blocked")


def _finding(rule: str, name: str, *, tone: Any = "pending", **facts: Any) -> dict[str, Any]:
    shown = {key: plain(value) if isinstance(value, Decimal) else str(value) for key, value in facts.items()}
    return {"rule": rule, "name": name, "facts": shown, "tone": tone}


def _customer(order: SalesOrder) -> list[dict[str, Any]]:
    if not order.customer.is_blocked:
        return []
    facts = {"customer": order.customer.name, "why": order.customer.block_reason}
    return [_finding("R2.5", "order_customer_blocked", tone="blocked", **facts)]


def _credit(order: SalesOrder, account: CreditAccount) -> list[dict[str, Any]]:
    after = account.total_exposure + order.grand_total
    parts = {
        "ordered": account.ordered,
        "shipped": account.shipped,
        "invoiced": account.invoiced,
        "received": account.received,
        "this": order.grand_total,
        "after": after,
        "currency": order.currency,
    }
    if not order.customer.credit_line:
        if order.payment_terms in MONEY_FIRST:
            return []
        return [_finding("R2.6", "order_without_credit", tone="blocked", **parts)]
    limit = {"limit": order.customer.credit_limit, **parts}
    over = exceeded_by(order, account)
    if over:
        return [_finding("R2.6", "order_beyond_limit", tone="blocked", over=over, **limit)]
    return [_finding("R2.6", "order_within_limit", tone="done", **limit)]


def _prices(order: SalesOrder) -> list[dict[str, Any]]:
    shown = DEVIATION_SHOWN.value()
    lines = [line for line in order.lines.all() if line.product_id]
    paid = last_prices(order, {line.product_id for line in lines})
    found = []
    for line in lines:
        away = deviation(line)
        facts = {"position": line.position, "product": line.product}
        if away is None:
            last = paid.get(line.product_id)
            found.append(
                _finding("R1.7", "order_price_unlisted", last="–" if last is None else last, **facts)
            )
        elif abs(away) > shown:
            found.append(_price_away(line, away, facts))
    return found


def _price_away(line: Any, away: Decimal, facts: dict[str, Any]) -> dict[str, Any]:
    """R1.7: against what was quoted or agreed, where nothing was against the list."""
    name = "order_price_below" if away > 0 else "order_price_above"
    if line.agreed_price:
        name, against = f"{name}_agreed", {"agreed": line.agreed_price}
    else:
        against = {"list": line.list_price}
    return _finding("R1.7", name, percent=abs(away), **against, **facts)


def _stock(order: SalesOrder) -> list[dict[str, Any]]:
    lines = [line for line in order.lines.all() if line.product_id]
    left = available({line.product_id for line in lines})
    found = []
    for line in lines:
        free = max(min(left[line.product_id], line.quantity), ZERO)
        left[line.product_id] -= line.quantity
        if free < line.quantity:
            facts = {"free": free, "quantity": line.quantity, "short": line.quantity - free}
            found.append(_finding("R2.7", "order_short", position=line.position, unit=line.unit, **facts))
    return found


def _duplicates(order: SalesOrder) -> list[dict[str, Any]]:
    number = order.customer_order_number.strip()
    found = []
    for each in SalesOrder.objects.twins_of(order)[:5]:
        same = bool(number) and each.customer_order_number == number
        tone = "done" if each.number in order.not_duplicates else "pending"
        name = "order_twin" if same else "order_same_content"
        found.append(_finding("R1.12", name, tone=tone, order=each.number, number=number))
    return found
