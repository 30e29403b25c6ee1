"""Contracts, price agreements and part numbers of a customer: added, pasted, ended, removed (R3.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from core.access import access
from core.files import file_response
from core.refusals import at_fields
from core.rules import Blocked
from customers import actions
from customers.forms import AgreementForm, ContractForm, EndForm, PasteForm, PricesForm
from customers.models import Customer
from customers.pasted import read_agreements, read_part_numbers
from customers.views.page import VISIBLE, find, show

POST = ("POST",)


@access("customers.change_contract", scope=VISIBLE, methods=POST)
def add_contract(request: HttpRequest, code: str) -> HttpResponse:
    """A contract is put on file."""
    customer = find(request, code)
    form = ContractForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, customer, 422, contract_form=form)
    return _try(
        request,
        customer,
        lambda: actions.add_contract(customer, actor=request.user, **form.cleaned_data),
        contract_form=form,
    )


@access("customers.change_priceagreement", scope=VISIBLE, methods=POST)
def add_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """A price is agreed."""
    customer = find(request, code)
    form = AgreementForm(request.POST, customer=customer)
    if not form.is_valid():
        return _page(request, customer, 422, agreement_form=form)
    row = dict(form.cleaned_data)
    reason = row.pop("reason")
    return _try(
        request,
        customer,
        lambda: actions.add_agreements(customer, rows=[row], actor=request.user, reason=reason),
        agreement_form=form,
    )


@access("customers.change_priceagreement", scope=VISIBLE, methods=POST)
def paste_agreements(request: HttpRequest, code: str) -> HttpResponse:
    """Many prices out of a sheet, all or none."""
    customer = find(request, code)
    form = PricesForm(request.POST, auto_id="prices-%s")
    rows, wrong = read_agreements(form.cleaned_data["pasted"]) if form.is_valid() else ([], [])
    if wrong or not form.is_valid():
        return _page(request, customer, 422, agreements_paste=_with(form, wrong))
    reason = form.cleaned_data["reason"]
    return _try(
        request,
        customer,
        lambda: actions.add_agreements(customer, rows=rows, actor=request.user, reason=reason),
        agreements_paste=form,
    )


@access("customers.change_partnumber", scope=VISIBLE, methods=POST)
def paste_part_numbers(request: HttpRequest, code: str) -> HttpResponse:
    """The customer's own numbers, one or many."""
    customer = find(request, code)
    form = PasteForm(request.POST, auto_id="parts-%s")
    rows, wrong = read_part_numbers(form.cleaned_data["pasted"]) if form.is_valid() else ([], [])
    if wrong or not form.is_valid():
        return _page(request, customer, 422, parts_paste=_with(form, wrong))
    return _try(
        request,
        customer,
        lambda: actions.set_part_numbers(customer, rows=rows, actor=request.user),
        parts_paste=form,
    )


@access("customers.change_contract", scope=VISIBLE, methods=POST)
def end_contract(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """It holds until a day and no longer."""
    return _ended(request, code, "contracts", pk, actions.end_contract)


@access("customers.change_priceagreement", scope=VISIBLE, methods=POST)
def end_agreement(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """It holds until a day and no longer."""
    return _ended(request, code, "agreements", pk, actions.end_agreement)


@access("customers.change_contract", scope=VISIBLE, methods=POST)
def remove_contract(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """It was never in force."""
    return _removed(request, code, "contracts", pk, actions.remove_contract)


@access("customers.change_priceagreement", scope=VISIBLE, methods=POST)
def remove_agreement(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """It was never in force."""
    return _removed(request, code, "agreements", pk, actions.remove_agreement)


@access("customers.change_partnumber", scope=VISIBLE, methods=POST)
def remove_part_number(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The customer's number means nothing any more."""
    return _removed(request, code, "part_numbers", pk, actions.remove_part_number)


@access("customers.view_contract", scope=VISIBLE)
def contract_file(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """The contract's paper."""
    contract = get_object_or_404(find(request, code).contracts.select_related("file"), pk=pk)
    if contract.file is None:
        raise Http404
    return file_response(contract.file)


def _ended(request: HttpRequest, code: str, kind: str, pk: int, verb: Callable[..., Any]) -> HttpResponse:
    customer = find(request, code)
    thing = get_object_or_404(getattr(customer, kind), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, customer, 422, end_form=form)
    day = form.cleaned_data["on"]
    return _try(request, customer, lambda: verb(thing, on=day, actor=request.user), end_form=form)


def _removed(request: HttpRequest, code: str, kind: str, pk: int, verb: Callable[..., Any]) -> HttpResponse:
    customer = find(request, code)
    thing = get_object_or_404(getattr(customer, kind), pk=pk)
    return _try(request, customer, lambda: verb(thing, actor=request.user))


def _try(request: HttpRequest, customer: Customer, verb: Callable[[], Any], **forms: Any) -> HttpResponse:
    try:
        done = verb()
    except Blocked as refused:
        for form in forms.values():
            at_fields(form, refused)
        panel = refusal_panel(refused.reasons, team=customer.team, actor=request.user)
        return _page(request, customer, 409, panel=panel, **forms)
    except ValidationError as error:
        for form in forms.values():
            form.add_error("upload", error)
        return _page(request, customer, 422, **forms)
    messages.success(request, _told(done))
    return redirect(f"{customer.get_absolute_url()}?tab=agreements")


def _told(done: Any) -> str:
    """What was done; of prices how many wait for a second yes."""
    asked = done.change if isinstance(done, actions.Agreed) else None
    if asked is None:
        return _("What is agreed was changed.")
    facts = {"made": len(done.made), "waiting": len(asked.prices), "change": asked.reference}
    told = _("Agreed at once: %(made)s. Waiting in change %(change)s for a second person's yes: %(waiting)s.")
    return told % facts


def _page(request: HttpRequest, customer: Customer, status: int, **context: Any) -> HttpResponse:
    return show(request, customer, tab="agreements", status=status, **context)


def _with(form: PasteForm, wrong: list[str]) -> PasteForm:
    for each in wrong[:20]:
        form.add_error("pasted", each)
    return form
