"""The customer's record beside a decision: class, terms, exposure, what was ordered before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Sum, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from approvals.models import Case, Step
from approvals.states import StepKind
from core import figures
from customers.models import Customer
from customers.queries import exposure_of
from invoicing.queries import past_due_of
from orders.content import deviation, tenth
from orders.feasible import LineSupply, supply_of
from orders.models import SalesOrder, SourceDocument
from orders.queries import with_lines
from orders.states import COMMITTED, DATED


def order_of(step: Step) -> SalesOrder | None:
    """The order that a step is about, read once for the page: its lines, and its papers for the review."""
    if step.case.kind != "order":
        return None
    order = SalesOrder.objects.filter(case=step.case_id).select_related("customer", "standardised_by").first()
    if order is not None:
        with_lines(order)
        if step.kind == StepKind.SUPPORT:
            papers = SourceDocument.objects.select_related("file", "added_by").order_by("pk")
            prefetch_related_objects([order], Prefetch("source_documents", papers))
    return order


def customer_record(case: Case, order: SalesOrder | None, user: Any) -> dict[str, Any] | None:
    """What is known of the customer on whose order, shipment or terms one decides; credit by right."""
    if order is None:
        order = SalesOrder.objects.filter(shipments__case=case).select_related("customer").first()
    customer = order.customer if order else Customer.objects.filter(changes__case=case).first()
    if customer is None or not user.has_perm("customers.view_customer"):
        return None
    return {
        "customer": customer,
        "url": customer.get_absolute_url(),
        "facts": [
            *_standing(customer),
            *_credit(customer, user),
            *_history(customer, order),
            *_payments(customer, user),
        ],
    }


def line_supply(order: SalesOrder | None) -> list[LineSupply]:
    """R2.7, R2.9: of an order under review stock and dates line by line, as they are now."""
    return supply_of(order) if order is not None and order.state in DATED else []


def _standing(customer: Customer) -> list[dict[str, Any]]:
    facts = [
        {"label": pgettext("customer", "Class"), "value": customer.klass},
        {"label": _("Payment terms"), "value": customer.get_payment_terms_display()},
    ]
    if customer.is_blocked:
        facts.append({"label": _("Blocked"), "value": customer.block_reason})
    return facts


def _credit(customer: Customer, user: Any) -> list[dict[str, Any]]:
    if not user.has_perm("customers.view_credit"):
        return []
    account = exposure_of(customer.pk)
    limit = _money(customer.credit_limit, customer.currency) if customer.credit_line else _("none")
    return [
        {"label": _("Credit limit"), "value": limit},
        {
            "label": _("Exposure, open orders included"),
            "value": _money(account.total_exposure, customer.currency),
        },
        {"label": _("Invoiced, not paid"), "value": _money(account.invoiced, customer.currency)},
    ]


def _history(customer: Customer, order: SalesOrder | None) -> list[dict[str, Any]]:
    """The last 12 months: what was ordered, and how far the last order's prices lay from the list."""
    earlier = SalesOrder.objects.filter(customer=customer, state__in=COMMITTED)
    earlier = earlier.exclude(pk=order.pk) if order else earlier
    year = earlier.filter(ordered_on__gte=timezone.localdate() - timedelta(days=365))
    found = year.aggregate(
        number=Count("pk"), last=Max("ordered_on"), volume=figures.money(Sum("grand_total"))
    )
    return [
        {"label": _("Orders in 12 months"), "value": str(found["number"])},
        {"label": _("Volume in 12 months"), "value": _money(found["volume"] or 0, customer.currency)},
        {"label": _("Last ordered on"), "value": f"{found['last']:%Y-%m-%d}" if found["last"] else None},
        {"label": _("Last price deviation, %"), "value": _last_deviation(earlier)},
    ]


def _last_deviation(earlier: Any) -> str | None:
    """By how much the dearest concession of the last order lay under the list price."""
    last = earlier.order_by("-ordered_on", "-pk").first()
    known = [deviation(line) for line in last.lines.all()] if last else []
    most = max((each for each in known if each is not None), default=None)
    return None if most is None else f"{tenth(most):f}"


def _payments(customer: Customer, user: Any) -> list[dict[str, Any]]:
    """What is past due and not paid, however old; only for who reads invoices."""
    if not user.has_perm("invoicing.view_invoice"):
        return []
    late = past_due_of(customer.pk)
    value = _("none")
    if late.count:
        value = ngettext(
            "%(count)s invoice, %(amount)s %(currency)s, up to %(days)s days late",
            "%(count)s invoices, %(amount)s %(currency)s, up to %(days)s days late",
            late.count,
        ) % {
            "count": late.count,
            "amount": f"{late.amount:,.2f}",
            "currency": customer.currency,
            "days": late.days,
        }
    return [{"label": _("Past due, not paid"), "value": value}]


def _money(amount: Any, currency: str) -> str:
    return f"{currency} {amount:,.2f}"
