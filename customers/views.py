"""Customers: the list, one customer with its credit, its form, block and unblock."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Team
from accounts.panels import refusal as refusal_panel
from core import figures
from core.access import access
from core.lists import Column, SearchFilter, list_page
from core.refusals import at_fields, stale, versions
from core.rules import Blocked, Stale
from core.timeline import chain_holds, field_labels, timeline
from customers import actions
from customers.forms import AddressRows, BlockForm, ContactRows, CustomerForm
from customers.models import CreditAccount, Customer, CustomerClass
from customers.queries import entries_of, exposure_of, parts_of
from customers.querysets import is_blocked
from orders.models import SalesOrder

FORM = ("GET", "HEAD", "POST")
SHOWN_ENTRIES, SHOWN_ORDERS = 30, 10
CREDIT_SECRETS = ("credit_line", "credit_limit")
COLUMNS = (
    Column("code", gettext_lazy("Code"), sort="code"),
    Column("name", gettext_lazy("Name"), sort="name"),
    Column("klass", pgettext_lazy("customer", "Class"), value="get_klass_display", sort="klass"),
    Column("team", gettext_lazy("Team"), value="team", optional=True),
    Column("owner", gettext_lazy("Sales rep"), value="owner"),
    Column("terms", gettext_lazy("Payment terms"), value="get_payment_terms_display", optional=True),
    Column(
        "limit",
        gettext_lazy("Credit limit"),
        "money",
        value="credit_limit",
        currency="currency",
        sort="credit_limit",
        permission="customers.view_credit",
    ),
    Column(
        "exposure",
        gettext_lazy("Exposure"),
        "money",
        currency="currency",
        permission="customers.view_credit",
    ),
    Column("blocked", gettext_lazy("Blocked"), value="block_reason"),
)


class CustomerFilter(django_filters.FilterSet):
    """By text, class, team, blocked or not."""

    q = SearchFilter(fields=["code", "name", "name_en", "initials", "tax_id"])
    klass = django_filters.ChoiceFilter(
        label=pgettext_lazy("customer", "Class"), choices=CustomerClass.choices
    )
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"), queryset=Team.objects.all(), empty_label=None
    )
    blocked = django_filters.BooleanFilter(label=gettext_lazy("Blocked"), method="by_block")

    def by_block(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Blocked ones, or the others."""
        return rows.filter(is_blocked()) if value else rows.exclude(is_blocked())


@access("customers.view_customer", scope=Customer.objects.visible_to)
def customers(request: HttpRequest) -> HttpResponse:
    """The customers that this person sees; blocked ones stay, marked."""
    rows = Customer.objects.visible_to(request.user).select_related("team", "owner")
    sent = figures.money(F("credit__released") + F("credit__shipped"))
    billed = figures.money(F("credit__invoiced") - F("credit__received"))
    context: dict[str, Any] = {"title": _("Customers")}
    if request.user.has_perm("customers.add_customer"):
        context["create"] = {"url": reverse("customers:new"), "label": _("New customer")}
    return list_page(
        request,
        name="customers",
        queryset=rows.annotate(exposure=figures.money(sent + billed)),
        columns=COLUMNS,
        filterset=CustomerFilter,
        default_order=("code",),
        row_url=lambda customer: customer.get_absolute_url(),
        row_blocked=lambda customer: customer.is_blocked,
        empty={
            "icon": "customer",
            "title": _("No customers yet"),
            "text": _("A customer is added with its team and its sales rep."),
        },
        context=context,
    )


@access("customers.view_customer", scope=Customer.objects.visible_to)
def customer(request: HttpRequest, code: str) -> HttpResponse:
    """One customer: who it is, on which terms, what it owes, what happened."""
    return _page(request, _find(request, code))


@access("customers.add_customer", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new customer."""
    forms = _forms(request, None)
    if request.method != "POST":
        return _form(request, None, forms)
    form, contacts, addresses = forms
    if not _all_valid(forms):
        return _form(request, None, forms, status=422)
    try:
        with transaction.atomic():
            made = actions.create_customer(
                actor=request.user,
                contacts=contacts.rows,
                addresses=addresses.rows,
                **form.cleaned_data,
            )
    except IntegrityError:
        form.add_error("code", _("This code is taken."))
        return _form(request, None, forms, status=422)
    except Blocked as refused:
        at_fields(form, refused)
        panel = refusal_panel(refused.reasons, actor=request.user)
        return _form(request, None, forms, status=409, panel=panel)
    return redirect(made)


@access("customers.change_customer", scope=Customer.objects.visible_to, methods=FORM)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a customer that is there; an old page changes nothing and shows both versions."""
    customer = _find(request, code)
    forms = _forms(request, customer)
    if request.method != "POST":
        return _form(request, customer, forms)
    form, contacts, addresses = forms
    if not _all_valid(forms):
        return _form(request, customer, forms, status=422)
    lists = {"contacts": contacts.rows, "addresses": addresses.rows}
    try:
        actions.update_customer(customer, actor=request.user, **lists, **form.cleaned_data)
    except Blocked as refused:
        at_fields(form, refused)
        panel = refusal_panel(refused.reasons, team=customer.team, actor=request.user)
        return _form(request, customer, forms, status=409, panel=panel)
    except Stale as old:
        diff = versions(form, old.current)
        sentence = _("Somebody changed this customer meanwhile. Compare, then save again.")
        stale(form, sentence, version=str(old.current.version))
        return _form(request, customer, forms, status=409, diff=diff)
    return redirect(customer)


@access("customers.ask_change", scope=Customer.objects.visible_to, methods=("POST",))
def block(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing may be submitted or shipped for the customer any more."""
    return _blocking(request, code, actions.block_customer)


@access("customers.ask_change", scope=Customer.objects.visible_to, methods=("POST",))
def unblock(request: HttpRequest, code: str) -> HttpResponse:
    """Lift the block."""
    return _blocking(request, code, actions.unblock_customer)


def _blocking(request: HttpRequest, code: str, verb: Any) -> HttpResponse:
    customer = _find(request, code)
    form = BlockForm(request.POST)
    if not form.is_valid():
        return _page(request, customer, status=422, block_form=form)
    try:
        verb(customer, actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        panel = refusal_panel(refused.reasons, team=customer.team, actor=request.user)
        return _page(request, customer, status=409, panel=panel)
    except Stale:
        form.add_error(None, _("Somebody changed this customer meanwhile. Look again, then decide."))
        return _page(request, _find(request, code), status=409, block_form=form)
    return redirect(customer)


def _find(request: HttpRequest, code: str) -> Customer:
    rows = Customer.objects.visible_to(request.user).select_related("team__manager", "owner", "credit")
    return get_object_or_404(rows, code=code)


def _forms(request: HttpRequest, customer: Customer | None) -> tuple[CustomerForm, Any, Any]:
    if request.method == "POST":
        form = CustomerForm(request.POST, person=request.user, customer=customer)
        contacts = ContactRows(request.POST, prefix="contacts")
        return form, contacts, AddressRows(request.POST, prefix="addresses")
    if customer is None:
        form = CustomerForm(person=request.user)
        return form, ContactRows(prefix="contacts"), AddressRows(prefix="addresses")
    shown = {name: getattr(customer, name) for name in (*actions.FIELDS, "version")}
    shown |= {"owner": customer.owner_id, "team": customer.team_id}
    form = CustomerForm(initial=shown, person=request.user, customer=customer)
    contacts = customer.contacts.order_by("pk").values("name", "title", "phone", "email", "is_default")
    addresses = customer.addresses.order_by("pk").values("text", "recipient", "phone", "is_default")
    return (
        form,
        ContactRows(initial=list(contacts), prefix="contacts"),
        AddressRows(initial=list(addresses), prefix="addresses"),
    )


def _all_valid(forms: tuple[Any, ...]) -> bool:
    return all([each.is_valid() for each in forms])


def _page(
    request: HttpRequest,
    customer: Customer,
    *,
    status: int = 200,
    panel: dict | None = None,
    block_form: BlockForm | None = None,
) -> HttpResponse:
    user = request.user
    sees_credit = user.has_perm("customers.view_credit")
    context = {
        "customer": customer,
        "panel": panel,
        "block_form": block_form,
        "blocking": _block_dialog(customer) if user.has_perm("customers.ask_change") else None,
        "contacts": customer.contacts.order_by("-is_default", "pk"),
        "addresses": customer.addresses.order_by("-is_default", "pk"),
        "orders": _orders(request, customer),
        "credit": _credit(customer) if sees_credit else None,
        "events": timeline(
            customer.thread,
            labels=field_labels(Customer) | {"contacts": _("contacts"), "addresses": _("addresses")},
            hidden=() if sees_credit else CREDIT_SECRETS,
        ),
        "verified": chain_holds(customer.thread),
    }
    return render(request, "customers/customer.html", context, status=status)


def _orders(request: HttpRequest, customer: Customer) -> Any:
    if not request.user.has_perm("orders.view_salesorder"):
        return []
    rows = SalesOrder.objects.visible_to(request.user).filter(customer=customer)
    return rows.order_by("-ordered_on", "-pk")[:SHOWN_ORDERS]


def _credit(customer: Customer) -> dict[str, Any]:
    account: CreditAccount = exposure_of(customer.pk)
    parts = [
        {
            "label": part.label,
            "amount": part.amount,
            "within": part.name == "released",
            "orders": [
                {
                    "number": number,
                    "url": reverse("orders:order", args=[number]) if number else "",
                    "amount": of,
                }
                for number, of in part.by_order.items()
            ],
        }
        for part in parts_of(account)
    ]
    left = customer.credit_limit - account.exposure
    return {
        "parts": parts,
        "exposure": account.exposure,
        "total_exposure": account.total_exposure,
        "left": left,
        "over": customer.credit_line and left < 0,
        "entries": entries_of(customer)[:SHOWN_ENTRIES],
    }


def _block_dialog(customer: Customer) -> dict[str, Any]:
    blocked = customer.is_blocked
    return {
        "id": "block",
        "title": _("Unblock this customer?") if blocked else _("Block this customer?"),
        "consequence": _("Its orders can be submitted and shipped again.")
        if blocked
        else _("No order of it can be submitted, and nothing is shipped to it, until it is unblocked."),
        "url": reverse(f"customers:{'unblock' if blocked else 'block'}", args=[customer.code]),
        "verb_label": _("Unblock") if blocked else _("Block"),
        "tone": "primary" if blocked else "danger",
        "version": customer.version,
        "reason": "required",
    }


def _form(
    request: HttpRequest,
    customer: Customer | None,
    forms: tuple[Any, Any, Any],
    *,
    status: int = 200,
    panel: dict | None = None,
    diff: list | None = None,
) -> HttpResponse:
    form, contacts, addresses = forms
    context = {
        "customer": customer,
        "form": form,
        "contacts": contacts,
        "addresses": addresses,
        "panel": panel,
        "diff": diff,
    }
    return render(request, "customers/customer_form.html", context, status=status)
