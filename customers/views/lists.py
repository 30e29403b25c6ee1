"""The list of customers."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Team
from core import figures
from core.access import access
from core.lists import Column, SearchFilter, list_page
from customers.models import Customer, CustomerClass
from customers.querysets import is_blocked

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
        gettext_lazy("Exposure, open orders included"),
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
    sent = figures.money(F("credit__ordered") + F("credit__shipped"))
    billed = figures.money(F("credit__invoiced") - F("credit__received"))
    context: dict[str, Any] = {"title": _("Customers")}
    if request.user.has_perm("customers.view_credit"):
        context["beside"] = {"url": reverse("customers:classes"), "label": _("Classes by the standard")}
    if request.user.has_perm("customers.add_customer"):
        context["create"] = {"url": reverse("customers:new"), "label": _("New customer")}
    return list_page(
        request,
        name="customers",
        template="customers/customers.html",
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
