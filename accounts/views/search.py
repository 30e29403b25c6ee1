"""Search: jumps on an exact number, else lists orders, customers and products the person may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from core.access import SIGNED_IN, access
from core.fields import clean_query
from customers.models import Customer
from inventory.models import Product, ProductionOrder
from invoicing.models import Invoice
from logistics.models import Shipment
from orders.models import Memo, Quotation, SalesOrder

Rows = Callable[[Any, str], QuerySet]
SHOWN = 8
LONGEST = 80
#: permission, model, the field that holds the number
NUMBERED = (
    ("orders.view_salesorder", SalesOrder, "number"),
    ("logistics.view_shipment", Shipment, "number"),
    ("inventory.view_productionorder", ProductionOrder, "number"),
    ("invoicing.view_invoice", Invoice, "number"),
    ("invoicing.view_invoice", Invoice, "request_number"),
    ("customers.view_customer", Customer, "code"),
    ("inventory.view_product", Product, "code"),
    ("orders.view_memo", Memo, "number"),
    ("orders.view_quotation", Quotation, "number"),
)


@access(SIGNED_IN)
def search(request: HttpRequest) -> HttpResponse:
    """`?q=`; an exact number goes straight to its page unless `?stay` asks for the list."""
    query = clean_query(request.GET)
    asked = " ".join(query.get("q", "").split())[:LONGEST]
    if asked and not query.get("stay"):
        found = _exact(request.user, asked)
        if found is not None:
            return redirect(found.get_absolute_url())
    groups = [group for group in _groups(request.user, asked) if group["hits"]] if asked else []
    return render(request, "accounts/search.html", {"asked": asked, "groups": groups})


def _exact(user: Any, asked: str) -> Any:
    for permission, model, field in NUMBERED:
        if user.has_perm(permission) and hasattr(model, "get_absolute_url"):
            found = (
                model.objects.visible_to(user).filter(**{f"{field}__iexact": asked}).order_by("-pk").first()
            )
            if found is not None:
                return found
    return None


def _groups(user: Any, asked: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "icon": icon, "hits": _hits(rows(user, asked), title, note)}
        for permission, label, icon, rows, title, note in _kinds()
        if user.has_perm(permission)
    ]


def _kinds() -> tuple[tuple[str, Any, str, Rows, str, str], ...]:
    """permission, label, icon, rows, and which fields are shown."""
    return (
        ("orders.view_salesorder", _("Orders"), "order", _orders, "number", "customer"),
        ("customers.view_customer", _("Customers"), "customer", _customers, "name", "code"),
        ("inventory.view_product", _("Products"), "product", _products, "name", "code"),
        ("orders.view_quotation", _("Quotations"), "file", _quotations, "number", "customer"),
        ("orders.view_memo", _("Customer memos"), "chat", _memos, "number", "caller"),
        ("logistics.view_shipment", _("Shipments"), "truck", _shipments, "number", ""),
    )


def _hits(rows: QuerySet, title: str, note: str) -> list[dict[str, Any]]:
    return [
        {
            "title": getattr(each, title),
            "note": getattr(each, note) if note else "",
            "url": each.get_absolute_url(),
        }
        for each in rows[:SHOWN]
    ]


def _orders(user: Any, asked: str) -> QuerySet:
    wanted = (
        Q(number__icontains=asked)
        | Q(customer_order_number__icontains=asked)
        | Q(customer__name__icontains=asked)
        | Q(customer__initials__istartswith=asked)
    )
    return SalesOrder.objects.visible_to(user).filter(wanted).select_related("customer").order_by("-id")


def _customers(user: Any, asked: str) -> QuerySet:
    wanted = (
        Q(code__istartswith=asked)
        | Q(name__icontains=asked)
        | Q(name_en__icontains=asked)
        | Q(initials__istartswith=asked)
    )
    return Customer.objects.visible_to(user).filter(wanted).order_by("code")


def _products(user: Any, asked: str) -> QuerySet:
    wanted = (
        Q(code__istartswith=asked)
        | Q(name__icontains=asked)
        | Q(name_en__icontains=asked)
        | Q(initials__istartswith=asked)
    )
    return Product.objects.visible_to(user).filter(wanted).order_by("code")


def _quotations(user: Any, asked: str) -> QuerySet:
    wanted = Q(number__icontains=asked) | Q(enquiry__icontains=asked)
    return Quotation.objects.visible_to(user).filter(wanted).select_related("customer").order_by("-id")


def _memos(user: Any, asked: str) -> QuerySet:
    wanted = Q(number__icontains=asked) | Q(caller__icontains=asked) | Q(company__icontains=asked)
    return Memo.objects.visible_to(user).filter(wanted).order_by("-id")


def _shipments(user: Any, asked: str) -> QuerySet:
    return Shipment.objects.visible_to(user).filter(number__icontains=asked).order_by("-id")
