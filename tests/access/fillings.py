"""The object of each page: a team's own, or one that is not there."""

from functools import cache

from django.conf import settings
from django.urls import get_resolver, reverse

from customers.models import Customer
from inventory.models import Product, ProductionOrder
from invoicing.models import Invoice, Receipt
from logistics.models import Shipment
from orders.models import Memo, OrderConfirmation, Quotation, SalesOrder

SETTINGS = {"key": "company.name_zh", "year": 2026, "month": 11, "day": 23, "week": "2026-W40"}
OF_SHIPMENT = {"invoicing:confirm"}
OF_ORDER = {"logistics:request"}
MEMOS = {"orders:memo", "orders:save_memo", "orders:draft_memo", "orders:close_memo"}


@cache
def routes():
    """Every page of the house by name."""
    found = {}
    for app in settings.HOUSE_APPS:
        resolver = next(
            (each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == app), None
        )
        for pattern in resolver.url_patterns if resolver else ():
            found[f"{app}:{pattern.name}"] = pattern
    return found


def address(name, team):
    """The page's address for this team's object, or for one that is not there."""
    return reverse(name, kwargs=filling(name, team))


def filling(name, team):
    """What stands in the page's address; what is no team's is the same for all."""
    wanted = routes()[name].pattern.converters
    known = {**SETTINGS, "list_name": "orders", "pk": 0, "version": 1, "issue": 1}
    if {"number", "code"} & set(wanted):
        known |= _found(name, team) if team else _missing(name)
    return {each: known[each] for each in wanted}


def has_object(name):
    """Whether the page is about an object that may be missing."""
    return bool({"number", "code"} & set(routes()[name].pattern.converters))


def _missing(name):
    return {"code": "NOTHING", "number": 0 if name.startswith("customers:") else "NOTHING"}


def _found(name, team):
    app, page = name.split(":")
    if app == "customers":
        return _customers(page, SalesOrder.objects.filter(team=team).earliest("pk").customer)
    if app == "inventory":
        if page.startswith("production_"):
            made = ProductionOrder.objects.filter(requirement__team=team).first()
            return {"number": made.number if made else "NOTHING"}
        return {"code": Product.objects.earliest("pk").code}
    if app == "logistics" and name not in OF_ORDER or name in OF_SHIPMENT:
        return {"number": Shipment.objects.get(team=team).number}
    if app == "invoicing":
        if page in ("receipt", "allocate"):
            return {"number": Receipt.objects.filter(customer__team=team).earliest("pk").number}
        return {"number": Invoice.objects.get(order__team=team).request_number}
    return _orders(name, page, team)


def _orders(name, page, team):
    if page.startswith("quotation"):
        return {"number": Quotation.objects.get(team=team).number}
    if name in MEMOS:
        return {"number": Memo.objects.filter(team=team).earliest("pk").number}
    order = SalesOrder.objects.get(team=team)
    if page == "confirmation":
        return {"number": order.number, "version": OrderConfirmation.objects.get(order=order).issue}
    return {"number": order.number, "pk": order.source_documents.earliest("pk").pk}


def _customers(page, customer: Customer):
    children = {
        "contract": customer.contracts,
        "agreement": customer.agreements,
        "part": customer.part_numbers,
    }
    pk = next((rows.get().pk for word, rows in children.items() if word in page and "_" in page), 0)
    return {"code": customer.code, "pk": pk, "number": customer.changes.get().number}
