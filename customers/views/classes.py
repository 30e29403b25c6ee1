"""Classes that the standard proposes: the list with the figures, and what people make of them (R3.3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.panels import refusal as refusal_panel
from core.access import access
from core.lists import Column, SearchFilter, list_page
from core.rules import Blocked
from customers import actions
from customers.forms import ReasonForm
from customers.models import ClassProposal, Customer, CustomerClass
from customers.states import ProposalState
from customers.views.page import VISIBLE, find, show
from invoicing.actions import propose_now

POST = ("POST",)


def _fact(name: str) -> Callable[[ClassProposal], Any]:
    return lambda proposal: proposal.facts.get(name)


def _volume(proposal: ClassProposal) -> Decimal:
    return Decimal(proposal.facts["volume"])


COLUMNS = (
    Column("code", gettext_lazy("Code"), value="customer.code", sort="customer__code"),
    Column("name", gettext_lazy("Name"), value="customer.name"),
    Column("present", gettext_lazy("Present class"), value="present"),
    Column("proposed", gettext_lazy("Class by the standard"), value="proposed", sort="proposed"),
    Column(
        "volume", gettext_lazy("Shipped in 12 months"), "money", value=_volume, currency="customer.currency"
    ),
    Column("delay", gettext_lazy("Days late on average"), "number", value=_fact("delay")),
    Column("years", gettext_lazy("Years"), "number", value=_fact("years"), optional=True),
    Column("team", gettext_lazy("Team"), value="customer.team", optional=True),
    Column("state", gettext_lazy("State"), "state"),
    Column("made_on", gettext_lazy("Made on"), "day", sort="made_on"),
)


class ProposalFilter(django_filters.FilterSet):
    """By text, proposed class, state."""

    q = SearchFilter(fields=["customer__code", "customer__name", "customer__initials"])
    proposed = django_filters.ChoiceFilter(
        label=pgettext_lazy("customer", "Class"), choices=CustomerClass.choices
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=ProposalState.choices)


@access("customers.view_credit", scope=VISIBLE)
def classes(request: HttpRequest) -> HttpResponse:
    """The customers whose class by the standard is another than the present one, newest month first."""
    mine = Customer.objects.visible_to(request.user)
    rows: QuerySet[ClassProposal] = ClassProposal.objects.exclude(proposed=F("present"))
    return list_page(
        request,
        name="classes",
        queryset=rows.filter(customer__in=mine).select_related("customer__team"),
        columns=COLUMNS,
        filterset=ProposalFilter,
        default_order=("-made_on", "customer__code"),
        row_url=lambda proposal: f"{proposal.customer.get_absolute_url()}?tab=changes",
        empty={
            "icon": "customer",
            "title": _("Every customer has the class that the standard gives"),
            "text": _("The system looks again each month."),
        },
        context={"title": _("Classes by the standard")},
    )


@access("customers.view_credit", scope=VISIBLE, methods=POST)
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Hold the customer's figures of today against the standard."""
    customer = find(request, code)
    return _try(request, customer, lambda: propose_now(customer, actor=request.user))


@access("customers.ask_change", scope=VISIBLE, methods=POST)
def ask(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Ask finance and the sales manager for the proposed class."""
    customer = find(request, code)
    proposal = get_object_or_404(customer.proposals.select_related("customer"), pk=pk)
    return _try(request, customer, lambda: actions.ask_class(proposal, actor=request.user))


@access("customers.ask_change", scope=VISIBLE, methods=POST)
def dismiss(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Leave the class as it is."""
    customer = find(request, code)
    proposal = get_object_or_404(customer.proposals.select_related("customer"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, customer, tab="changes", status=422, reason_form=form)
    reason = form.cleaned_data["reason"]
    return _try(request, customer, lambda: actions.dismiss_class(proposal, reason=reason, actor=request.user))


def _try(request: HttpRequest, customer: Customer, verb: Callable[[], Any]) -> HttpResponse:
    try:
        verb()
    except Blocked as refused:
        panel = refusal_panel(refused.reasons, team=customer.team, actor=request.user)
        return show(request, customer, tab="changes", status=409, panel=panel)
    messages.success(request, _("Done."))
    return redirect(f"{customer.get_absolute_url()}?tab=changes")
