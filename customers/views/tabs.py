"""The tabs of a customer's page: what each shows, and to whom (R3.4). Each is capped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.forms import AgreementForm, ContractForm, PasteForm, PricesForm
from customers.gates import DISMISS_CLASS
from customers.models import Customer, PriceAgreement
from customers.queries import agreement_steps, changes_of, proposal_of
from customers.states import ChangeKind, ChangeState
from customers.views.exposure import credit_of
from customers.views.prices import prices_of
from invoicing.models import Invoice, Receipt
from logistics.models import Shipment
from orders.models import Memo, Quotation, SalesOrder

SHOWN = 25
FEW = 8


@dataclass(frozen=True)
class Tab:
    """One part of the page: without permissions for everybody, else for who holds any of them."""

    name: str
    label: Any
    template: str
    context: Callable[[Customer, Any], dict[str, Any]]
    permissions: tuple[str, ...] = ()


def _overview(customer: Customer, user: Any) -> dict[str, Any]:
    return {
        "contacts": customer.contacts.order_by("-is_default", "pk"),
        "addresses": customer.addresses.order_by("-is_default", "pk"),
        "account": customer.credit if user.has_perm("customers.view_credit") else None,
    }


def _orders(customer: Customer, user: Any) -> dict[str, Any]:
    rows = SalesOrder.objects.visible_to(user).filter(customer=customer)
    found: dict[str, Any] = {"orders": rows.order_by("-ordered_on", "-pk")[:SHOWN]}
    if user.has_perm("orders.view_quotation"):
        offers = Quotation.objects.visible_to(user).filter(customer=customer)
        found["quotations"] = offers.order_by("-quoted_on", "-pk")[:FEW]
    if user.has_perm("orders.view_memo"):
        memos = Memo.objects.visible_to(user).filter(customer=customer).select_related("taken_by")
        found["memos"] = memos.order_by("-said_at", "-pk")[:FEW]
    return found


def _shipments(customer: Customer, user: Any) -> dict[str, Any]:
    rows = Shipment.objects.visible_to(user).filter(order__customer=customer).select_related("order")
    return {"shipments": rows.order_by("-pk")[:SHOWN]}


def _money(customer: Customer, user: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if user.has_perm("invoicing.view_invoice"):
        rows = Invoice.objects.visible_to(user).filter(customer=customer).select_related("order")
        found["invoices"] = rows.order_by("-pk")[:SHOWN]
    if user.has_perm("invoicing.view_receipt"):
        found["receipts"] = Receipt.objects.visible_to(user).filter(customer=customer).order_by("-pk")[:SHOWN]
    return found


def _prices(customer: Customer, user: Any) -> dict[str, Any]:
    return {"prices": prices_of(customer, user)}


def _credit(customer: Customer, user: Any) -> dict[str, Any]:
    return {"credit": credit_of(customer, user)}


def _agreements(customer: Customer, user: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"today": timezone.localdate(), **_forms_for(customer, user)}
    if user.has_perm("customers.view_contract"):
        rows = customer.contracts.select_related("file", "entered_by")
        found["contracts"] = rows.order_by("-valid_from", "-pk")[:SHOWN]
    if user.has_perm("customers.view_priceagreement"):
        found["asked_prices"] = customer.changes.filter(kind=ChangeKind.PRICES, state=ChangeState.OPEN)
        rows = customer.agreements.select_related("product", "contract", "entered_by")
        found["agreements"] = agreed = rows.order_by("product__code", "min_quantity", "-valid_from")[
            : 8 * SHOWN
        ]
        found["holding"] = _holding(customer, agreed)
    found["part_numbers"] = customer.part_numbers.select_related("product").order_by("key")[: 8 * SHOWN]
    return found


def _holding(customer: Customer, agreed: Iterable[PriceAgreement]) -> set[int]:
    """Which of these an order of today takes: of two for the same quantity the one that began later."""
    ids = {each.product_id for each in agreed}
    steps = agreement_steps(customer.pk, ids, currency=customer.currency, on=timezone.localdate())
    return {each.pk for row in steps.values() for each in row}


def _changes(customer: Customer, user: Any) -> dict[str, Any]:
    return {
        "changes": changes_of(customer)[:SHOWN],
        "proposal": proposal_of(customer) if user.has_perm("customers.view_credit") else None,
        "may_dismiss": user.has_perm(DISMISS_CLASS.permission),
    }


def _forms_for(customer: Customer, user: Any) -> dict[str, Any]:
    """The empty forms that the person may send."""
    today = {"valid_from": timezone.localdate()}
    found: dict[str, Any] = {}
    if user.has_perm("customers.change_contract"):
        found["contract_form"] = ContractForm(initial=today)
    if user.has_perm("customers.change_priceagreement"):
        found["agreement_form"] = AgreementForm(initial=today, customer=customer)
        found["agreements_paste"] = PricesForm(auto_id="prices-%s")
    if user.has_perm("customers.change_partnumber"):
        found["parts_paste"] = PasteForm(auto_id="parts-%s")
    return found


TABS = (
    Tab("overview", _("Overview"), "customers/overview.html", _overview),
    Tab("orders", _("Orders"), "customers/orders.html", _orders, ("orders.view_salesorder",)),
    Tab("prices", _("Prices"), "customers/prices.html", _prices, ("customers.view_priceagreement",)),
    Tab("shipments", _("Shipments"), "customers/shipments.html", _shipments, ("logistics.view_shipment",)),
    Tab(
        "money",
        _("Invoices and receipts"),
        "customers/money.html",
        _money,
        ("invoicing.view_invoice", "invoicing.view_receipt"),
    ),
    Tab("credit", _("Credit"), "customers/credit.html", _credit, ("customers.view_credit",)),
    Tab("agreements", _("Agreements"), "customers/agreements.html", _agreements),
    Tab("changes", pgettext_lazy("customer", "Class and changes"), "customers/changes.html", _changes),
)
