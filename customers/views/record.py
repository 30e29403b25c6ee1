"""A customer's record: the new one's form, and the form of one that is there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from core.access import access
from core.refusals import at_fields, stale, versions
from core.rules import Blocked, Stale
from customers import actions
from customers.forms import AddressRows, ContactRows, CustomerForm, FirstTermsForm
from customers.gates import CREDIT_FIELDS
from customers.models import Customer
from customers.models.customer import plain
from customers.views.page import find

FORM = ("GET", "HEAD", "POST")


@access("customers.add_customer", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new customer; terms other than the usual ones become an asked change at once (R3.2)."""
    forms = _forms(request, None)
    terms = _terms(request)
    if request.method != "POST":
        return _form(request, None, forms, terms=terms)
    form = forms[0]
    if not _all_valid((*forms, terms)):
        return _form(request, None, forms, terms=terms, status=422)
    try:
        made, asked = _create(request, forms, terms)
    except IntegrityError:
        form.add_error("code", _("This code is taken."))
        return _form(request, None, forms, terms=terms, status=422)
    except Blocked as refused:
        at_fields(form, refused)
        at_fields(terms, refused)
        panel = refusal_panel(refused.reasons, actor=request.user)
        return _form(request, None, forms, terms=terms, status=409, panel=panel)
    if asked:
        messages.success(request, _("The customer is added; finance and the sales manager decide its terms."))
    _tell_namesakes(request, made)
    return redirect(made)


@access("customers.change_customer", scope=Customer.objects.visible_to, methods=FORM)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a customer that is there; an old page changes nothing and shows both versions."""
    customer = find(request, code)
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
    if "tax_id" in form.changed_data:
        _tell_namesakes(request, customer)
    return redirect(customer)


def _tell_namesakes(request: HttpRequest, customer: Customer) -> None:
    """One company may have an account in each currency; two by mistake are told at once (R3.1)."""
    tax_id = Customer.objects.values_list("tax_id", flat=True).get(pk=customer.pk)
    same = Customer.objects.visible_to(request.user).filter(tax_id=tax_id).exclude(pk=customer.pk)
    names = [f"{each.code} {each.name}" for each in same.order_by("pk")[:3]] if tax_id else []
    if names:
        told = _("This tax identity is also that of %(names)s.") % {"names": ", ".join(names)}
        messages.warning(request, told)


@transaction.atomic
def _create(
    request: HttpRequest, forms: tuple[Any, Any, Any], terms: FirstTermsForm
) -> tuple[Customer, bool]:
    form, contacts, addresses = forms
    made = actions.create_customer(
        actor=request.user,
        contacts=contacts.rows,
        addresses=addresses.rows,
        currency=terms.cleaned_data["currency"],
        **form.cleaned_data,
    )
    asked = {
        name: value for name, value in terms.changes.items() if plain(value) != plain(getattr(made, name))
    }
    if asked:
        actions.ask_change(made, changes=asked, reason=terms.cleaned_data["reason"], actor=request.user)
    return made, bool(asked)


def _terms(request: HttpRequest) -> FirstTermsForm:
    """What may be asked for; terms that did not come with the form are the usual ones."""
    fresh = Customer()
    usual = {name: getattr(fresh, name) for name in CREDIT_FIELDS} | {"credit_line": "no"}
    if request.method != "POST":
        return FirstTermsForm(initial=usual)
    return FirstTermsForm({**{name: str(value) for name, value in usual.items()}, **request.POST.dict()})


def _forms(request: HttpRequest, customer: Customer | None) -> tuple[CustomerForm, Any, Any]:
    if customer is None:
        shown = {}
    else:
        shown = {name: getattr(customer, name) for name in (*actions.FIELDS, "version")}
    if request.method == "POST":
        form = CustomerForm(request.POST, initial=shown, person=request.user, customer=customer)
        contacts = ContactRows(request.POST, prefix="contacts")
        return form, contacts, AddressRows(request.POST, prefix="addresses")
    form = CustomerForm(initial=shown, person=request.user, customer=customer)
    if customer is None:
        return form, ContactRows(prefix="contacts"), AddressRows(prefix="addresses")
    contacts = customer.contacts.order_by("pk").values("name", "title", "phone", "email", "is_default")
    addresses = customer.addresses.order_by("pk").values("text", "recipient", "phone", "is_default")
    return (
        form,
        ContactRows(initial=list(contacts), prefix="contacts"),
        AddressRows(initial=list(addresses), prefix="addresses"),
    )


def _all_valid(forms: tuple[Any, ...]) -> bool:
    return all([each.is_valid() for each in forms])


def _form(
    request: HttpRequest,
    customer: Customer | None,
    forms: tuple[Any, Any, Any],
    *,
    status: int = 200,
    terms: FirstTermsForm | None = None,
    panel: dict | None = None,
    diff: list | None = None,
) -> HttpResponse:
    form, contacts, addresses = forms
    context = {
        "customer": customer,
        "form": form,
        "terms": terms if request.user.has_perm("customers.ask_change") else None,
        "contacts": contacts,
        "addresses": addresses,
        "panel": panel,
        "diff": diff,
    }
    return render(request, "customers/customer_form.html", context, status=status)
