"""A customer's exposure by parts, with the orders and the documents behind each (R3.4, R5.7)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.queries import documents_behind, entries_of, exposure_of, parts_of
from invoicing.models import Invoice, Receipt
from invoicing.queries import past_due_of
from logistics.models import Shipment
from orders.models import SalesOrder

SHOWN_ENTRIES, SHOWN_ORDERS = 30, 40


def credit_of(customer: Customer, user: Any) -> dict[str, Any]:
    """Limit, exposure, what is left, each part's orders with their documents, and the newest postings."""
    account = exposure_of(customer.pk)
    parts = parts_of(account)
    orders = {number for part in parts for number in list(part.by_order)[:SHOWN_ORDERS]}
    documents = documents_behind(account, orders)
    entries = list(entries_of(customer)[:SHOWN_ENTRIES])
    named = {name for by_part in documents.values() for name, _amount in by_part}
    links = _links({*orders, *named, *(entry.document for entry in entries)}, user)
    left = customer.credit_limit - account.exposure
    return {
        "parts": [_part(part, documents, links) for part in parts],
        "exposure": account.exposure,
        "total_exposure": account.total_exposure,
        "left": left,
        "over": customer.credit_line and left < 0,
        **_past_due(customer, user),
        "entries": [{"entry": entry, "url": links.get(entry.document, "")} for entry in entries],
    }


def _past_due(customer: Customer, user: Any) -> dict[str, Any]:
    """R6.9: the invoices not paid in time, the oldest first, and their sum; for who reads invoices."""
    if not user.has_perm("invoicing.view_invoice"):
        return {}
    today = timezone.localdate()
    rows = Invoice.objects.visible_to(user).past_due(today).filter(customer=customer).select_related("order")
    oldest = list(rows.order_by("due_on", "pk")[:SHOWN_ORDERS])
    return {
        "past_due": past_due_of(customer.pk),
        "late": [(each, (today - each.due_on).days) for each in oldest if each.due_on],
    }


def _part(part: Any, documents: dict[tuple[str, str], list[Any]], links: dict[str, str]) -> dict[str, Any]:
    orders = [
        {
            "number": number,
            "url": links.get(number, ""),
            "amount": amount,
            "documents": [
                {"number": name, "url": links.get(name, ""), "amount": of}
                for name, of in documents.get((part.name, number), [])
                if name != number
            ],
        }
        for number, amount in list(part.by_order.items())[:SHOWN_ORDERS]
    ]
    return {
        "label": part.label,
        "amount": part.amount,
        "within": part.name == "released",
        "orders": orders,
        "more": max(0, len(part.by_order) - SHOWN_ORDERS),
    }


def _links(names: set[str], user: Any) -> dict[str, str]:
    """Where each of these numbers is shown, of those that the person may see: one question a kind."""
    kinds: list[tuple[str, Any, str, str]] = [
        ("orders.view_salesorder", SalesOrder, "orders:order", "number"),
        ("logistics.view_shipment", Shipment, "logistics:shipment", "number"),
        ("invoicing.view_invoice", Invoice, "invoicing:invoice", "request_number"),
        ("invoicing.view_receipt", Receipt, "invoicing:receipt", "number"),
    ]
    found: dict[str, str] = {}
    for permission, model, page, key in kinds:
        if user.has_perm(permission):
            rows = model.objects.visible_to(user).filter(number__in=names)
            found |= {number: reverse(page, args=[of]) for number, of in rows.values_list("number", key)}
    return found
