"""The customer's record beside a decision: class, terms, exposure, what was ordered before."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.duties import CAP
from approvals.models import Case
from customers.models import Customer
from customers.queries import exposure_of
from orders.models import SalesOrder
from orders.states import COMMITTED


def customer_record(case: Case, user: Any) -> dict[str, Any] | None:
    """What is known of the customer whose order or shipment is decided on; credit only for who may see it."""
    order = SalesOrder.objects.filter(case=case).select_related("customer").first()
    if order is None:
        order = SalesOrder.objects.filter(shipments__case=case).select_related("customer").first()
    if order is None or not user.has_perm("customers.view_customer"):
        return None
    customer = order.customer
    return {
        "customer": customer,
        "url": customer.get_absolute_url(),
        "facts": [*_standing(customer), *_credit(customer, user), *_history(customer, order)],
    }


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
    limit = f"{customer.credit_limit:,.2f} {customer.currency}" if customer.credit_line else _("none")
    return [
        {"label": _("Credit limit"), "value": limit},
        {"label": _("Exposure, open orders included"), "value": f"{account.total_exposure:,.2f}"},
        {"label": _("Invoiced, not paid"), "value": f"{account.invoiced:,.2f}"},
    ]


def _history(customer: Customer, order: SalesOrder) -> list[dict[str, Any]]:
    earlier = SalesOrder.objects.filter(customer=customer, state__in=COMMITTED).exclude(pk=order.pk)
    found = earlier.aggregate(number=Count("pk"), last=Max("ordered_on"))
    number = f"{CAP}+" if found["number"] > CAP else str(found["number"])
    return [
        {"label": _("Orders before"), "value": number},
        {"label": _("Last ordered on"), "value": f"{found['last']:%Y-%m-%d}" if found["last"] else None},
    ]
