"""The list of quotations, a new one, one quotation's page, its paper, and what changed between versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.panels import panel, refusal
from core.access import access
from core.columns import Column
from core.documents import document_response
from core.fields import QueryParameters
from core.lists import DaysFilter, SearchFilter, list_page
from core.rules import Blocked, Reason
from core.timeline import chain_holds, field_labels, timeline
from customers.models import Customer
from orders import actions, gates
from orders.models import Memo, Quotation, SalesOrder
from orders.parameters import QUOTATION_WARNS
from orders.quoted import with_lines
from orders.states import QuotationState
from orders.views import quoted_parts as parts
from orders.views.lists import _teams as teams_of
from orders.views.quotation_forms import SendForm

VISIBLE = Quotation.objects.visible_to
SHOWN_CUSTOMERS = 30
COLUMNS = [
    Column("number", gettext_lazy("Number"), value=str, sort="number"),
    Column("customer", gettext_lazy("Customer"), value="customer.name", sort="customer__name"),
    Column("enquiry", gettext_lazy("The customer’s enquiry"), optional=True),
    Column("state", gettext_lazy("State"), kind="state"),
    Column("team", gettext_lazy("Team"), value="team.name", optional=True),
    Column("owner", gettext_lazy("Sales rep"), value=lambda row: str(row.owner), optional=True),
    Column("quoted_on", gettext_lazy("Quoted on"), kind="day", sort="quoted_on"),
    Column("valid_until", gettext_lazy("Valid until"), kind="day", sort="valid_until"),
    Column("grand_total", gettext_lazy("Total"), kind="money", currency="currency", sort="grand_total"),
]


class QuotationFilter(django_filters.FilterSet):
    """State, team, customer, about to expire, span of days, and a text."""

    q = SearchFilter(fields=["number", "enquiry", "customer__name", "customer__code"])
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=QuotationState.choices)
    expiring = django_filters.BooleanFilter(label=gettext_lazy("About to expire"), method="by_expiry")
    team = django_filters.ModelChoiceFilter(label=gettext_lazy("Team"), queryset=teams_of)
    customer = django_filters.CharFilter(
        "customer__code", "iexact", label=gettext_lazy("Customer code"), max_length=20
    )
    quoted_from = DaysFilter("quoted_on", "gte", label=gettext_lazy("Quoted from"))
    quoted_to = DaysFilter("quoted_on", "lte", label=gettext_lazy("Quoted until"))

    class Meta:
        model = Quotation
        fields: list[str] = []

    def by_expiry(self, rows: Any, name: str, value: bool) -> Any:
        """Sent, and the validity ends soon or is over."""
        found = Quotation.objects.expiring(on=timezone.localdate(), days=QUOTATION_WARNS.value())
        return rows.filter(pk__in=found.values("pk")) if value else rows.exclude(pk__in=found.values("pk"))


def found(request: HttpRequest, number: str, issue: int) -> Quotation:
    """The quotation, through what the person may see; what one may not see does not exist."""
    rows = VISIBLE(request.user).select_related(
        "customer", "team__manager", "owner", "entered_by", "edited_by", "document__file", "memo"
    )
    quotation = rows.filter(number=number, issue=issue).first()
    if quotation is None:
        raise Http404
    return quotation


@access("orders.view_quotation", scope=VISIBLE)
def quotations(request: HttpRequest) -> HttpResponse:
    """Every quotation one may see, newest first; of a revised one each version."""
    rows = VISIBLE(request.user).select_related("customer", "team", "owner")
    create = {"url": reverse("orders:quotation_new"), "label": _("New quotation")}
    return list_page(
        request,
        name="quotations",
        queryset=rows,
        columns=COLUMNS,
        default_order=("-quoted_on", "-id"),
        filterset=QuotationFilter,
        row_url=Quotation.get_absolute_url,
        empty={
            "title": _("No quotations yet"),
            "icon": "report",
            "text": _("Begin one for a customer; it becomes an order in one step."),
        },
        context={
            "title": _("Quotations"),
            "create": create if request.user.has_perm("orders.add_quotation") else None,
        },
    )


@access("orders.add_quotation", scope=Customer.objects.visible_to, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Choose the customer, or a memo in which one asked for an offer; the draft begins at once."""
    mine = Customer.objects.visible_to(request.user).select_related("team", "owner")
    memos = Memo.objects.visible_to(request.user).open().select_related("customer__team", "customer__owner")
    if request.method == "POST":
        return _begin(request, mine, memos)
    q = QueryParameters(request.GET).text("q")
    customers = mine.order_by("name", "pk")
    for word in q.split()[:4]:
        customers = customers.found_by(word)
    asked = memos.exclude(customer=None).filter(quotations=None)
    asked = asked.filter(Q(caller__icontains=q) | Q(customer__name__icontains=q)) if q else asked
    context = {
        "q": q,
        "customers": customers[:SHOWN_CUSTOMERS],
        "memos": asked.order_by("-said_at", "-pk")[:10],
    }
    return render(request, "orders/quotation_new.html", context)


@access("orders.view_quotation", scope=VISIBLE)
def quotation(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """The quotation's page."""
    return show(request, found(request, number, issue))


@access("orders.view_quotation", scope=VISIBLE)
def paper(request: HttpRequest, number: str, issue: int) -> HttpResponse | HttpResponseBase:
    """The quotation's PDF as it went out."""
    shown = found(request, number, issue)
    if shown.document is None:
        raise Http404
    if shown.document.file is None:
        messages.info(request, _("The paper is still being printed. Try again in a moment."))
        return redirect(shown)
    return document_response(shown.document)


@access("orders.view_quotation", scope=VISIBLE)
def changes(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """What this version changed against the one before, or against `?with=`."""
    new = with_lines(found(request, number, issue))
    asked = QueryParameters(request.GET).whole("with", least=1) or max(issue - 1, 1)
    old = with_lines(found(request, number, asked))
    context = {"quotation": new, "old": old, "diff": parts.differences(old, new)}
    return render(request, "orders/quotation_changes.html", context)


def show(
    request: HttpRequest,
    quotation: Quotation,
    *,
    reasons: Iterable[Reason] = (),
    status: int = 200,
    form: SendForm | None = None,
) -> HttpResponse:
    """The page, with why the last step was refused if it was (409)."""
    with_lines(quotation)
    user = request.user
    refused = list(reasons)
    versions = list(VISIBLE(user).filter(number=quotation.number).order_by("-issue"))
    orders = SalesOrder.objects.visible_to(user).standing_on_quotations()
    orders = orders.filter(quotation__number=quotation.number)
    context = {
        "quotation": quotation,
        "facts": parts.facts(quotation),
        "lines": parts.lines(quotation),
        "totals": parts.totals(quotation),
        "steps": parts.stepper(quotation),
        "versions": versions,
        "order": orders.first(),
        "deciders": parts.deciders(quotation, request.user),
        "waits": _waits(quotation, user),
        "refused": refusal(refused, team=quotation.team, actor=user, link=quotation.get_absolute_url())
        if refused
        else None,
        "events": timeline(quotation.thread, reader=user, labels=field_labels(Quotation)),
        "verified": chain_holds(quotation.thread),
        **parts.doors(quotation, user, form),
    }
    return render(request, "orders/quotation.html", context, status=status)


def _begin(request: HttpRequest, mine: Any, memos: Any) -> HttpResponse:
    typed = request.POST.get("memo", "")[:40]
    try:
        if typed:
            memo = get_object_or_404(memos, number=typed)
            made = actions.create_quotation(memo=memo, actor=request.user)
        else:
            customer = get_object_or_404(mine, code=request.POST.get("customer", "")[:20])
            made = actions.create_quotation(customer=customer, actor=request.user)
    except Blocked as refused:
        context = {"refused": refusal(refused.reasons, actor=request.user), "customers": [], "memos": []}
        return render(request, "orders/quotation_new.html", context, status=409)
    return redirect("orders:quotation_edit", made.number, made.issue)


def _waits(quotation: Quotation, user: Any) -> dict[str, Any] | None:
    """Whose turn it is: to send a draft, to make the order of a sent one."""
    gate = {
        QuotationState.DRAFT: gates.SEND_QUOTATION,
        QuotationState.SENT: gates.ORDER_QUOTATION,
    }.get(QuotationState(quotation.state))
    return panel(gate, quotation, user, team=quotation.team) if gate else None
