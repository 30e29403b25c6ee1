"""The list of orders, the queue of business support, and the beginning of a new order."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.queries import sees_everything, team_ids
from core.access import access
from core.columns import Column
from core.fields import QueryParameters
from core.lists import DaysFilter, SearchFilter, list_page
from customers.models import Customer
from logistics.queries import with_goods_to_ship
from orders import actions
from orders.models import SalesOrder
from orders.states import OrderClass, OrderState

NEWEST = ("-ordered_on", "-id")
SHOWN_CUSTOMERS = 30
COLUMNS = [
    Column("number", gettext_lazy("Number"), sort="number"),
    Column("customer", gettext_lazy("Customer"), value="customer.name", sort="customer__name"),
    Column("customer_order_number", gettext_lazy("Customer’s number"), optional=True),
    Column("state", gettext_lazy("State"), kind="state"),
    Column("klass", gettext_lazy("Class"), value=lambda row: row.get_klass_display(), optional=True),
    Column("team", gettext_lazy("Team"), value="team.name", optional=True),
    Column("owner", gettext_lazy("Sales rep"), value=lambda row: str(row.owner), optional=True),
    Column("ordered_on", gettext_lazy("Ordered on"), kind="day", sort="ordered_on"),
    Column("due_on", gettext_lazy("Due"), kind="day", sort="due_on"),
    Column("grand_total", gettext_lazy("Total"), kind="money", currency="currency", sort="grand_total"),
]
QUEUE_COLUMNS = [
    *[each for each in COLUMNS if each.name in ("number", "customer", "state", "klass", "owner", "due_on")],
    Column("state_since", gettext_lazy("Waits since"), kind="moment", sort="state_since"),
    Column("dwell", gettext_lazy("Waits"), value=lambda row: timesince(row.state_since, depth=1)),
    COLUMNS[-1],
]
QUEUES = {
    "standardise": (gettext_lazy("To standardise"), "to_standardise"),
    "confirm": (gettext_lazy("To confirm"), "to_confirm"),
    "release": (gettext_lazy("To release"), "to_release"),
}


def _teams(request: HttpRequest) -> Any:
    teams = Team.objects.order_by("code")
    return teams if sees_everything(request.user) else teams.filter(pk__in=team_ids(request.user))


class OrderFilter(django_filters.FilterSet):
    """State, class, team, customer, span of days, and a text."""

    q = SearchFilter(fields=["number", "customer_order_number", "customer__name", "customer__code"])
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=OrderState.choices)
    klass = django_filters.ChoiceFilter(label=gettext_lazy("Class"), choices=OrderClass.choices)
    team = django_filters.ModelChoiceFilter(label=gettext_lazy("Team"), queryset=_teams)
    customer = django_filters.CharFilter(
        "customer__code", "iexact", label=gettext_lazy("Customer code"), max_length=20
    )
    goods = django_filters.BooleanFilter(label=gettext_lazy("Goods to ship"), method="by_goods")
    ordered_from = DaysFilter("ordered_on", "gte", label=gettext_lazy("Ordered from"))
    ordered_to = DaysFilter("ordered_on", "lte", label=gettext_lazy("Ordered until"))

    class Meta:
        model = SalesOrder
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "customer" in self.request.user.roles:  # a customer has no teams, and no other customer
            for name in ("team", "customer", "goods"):
                del self.filters[name]

    def by_goods(self, rows: Any, name: str, value: bool) -> Any:
        """Finished goods lie here that no shipment claims."""
        found = with_goods_to_ship(SalesOrder.objects.all()).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)


@access("orders.view_salesorder", scope=SalesOrder.objects.visible_to)
def orders(request: HttpRequest) -> HttpResponse:
    """Every order one may see, newest first."""
    found = SalesOrder.objects.visible_to(request.user).select_related("customer", "team", "owner")
    create = {"url": reverse("orders:new"), "label": _("New order")}
    return list_page(
        request,
        name="orders",
        queryset=found,
        columns=COLUMNS,
        default_order=NEWEST,
        filterset=OrderFilter,
        row_url=SalesOrder.get_absolute_url,
        row_blocked=_is_held,
        empty={"title": _("No orders yet"), "icon": "order"},
        context={
            "title": _("Orders"),
            "create": create if request.user.has_perm("orders.add_salesorder") else None,
        },
    )


@access("orders.standardise_salesorder", "orders.release_salesorder", scope=SalesOrder.objects.visible_to)
def support(request: HttpRequest) -> HttpResponse:
    """What waits for business support: to standardise, to confirm, to release; the longest waiting first."""
    queue = QueryParameters(request.GET).choice("queue", QUEUES, "standardise")
    mine = SalesOrder.objects.visible_to(request.user)
    label, rows = QUEUES[queue]
    found = getattr(mine, rows)().select_related("customer", "team", "owner")
    tabs = [
        {
            "label": words,
            "url": f"?queue={name}",
            "active": name == queue,
            "count": getattr(mine, rows_of)()[:100].count(),
        }
        for name, (words, rows_of) in QUEUES.items()
    ]
    return list_page(
        request,
        name=f"support-{queue}",
        queryset=found,
        columns=QUEUE_COLUMNS,
        default_order=("state_since", "id"),
        template="orders/support.html",
        row_url=SalesOrder.get_absolute_url,
        row_blocked=_is_held,
        empty={"title": _("Nothing waits here"), "icon": "check-circle"},
        context={"title": _("Business support"), "summary": label, "tabs": tabs},
    )


@access("orders.add_salesorder", scope=Customer.objects.visible_to, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Choose the customer; the draft begins at once, with its number (R1.4)."""
    mine = Customer.objects.visible_to(request.user)
    if request.method == "POST":
        customer = mine.select_related("team", "owner").filter(code=request.POST.get("customer", "")[:20])
        if not customer:
            raise Http404
        order = actions.create_draft(customer=customer[0], actor=request.user)
        return redirect("orders:edit", number=order.number)
    q = QueryParameters(request.GET).text("q")
    found = mine.select_related("team").order_by("name", "pk")
    for word in q.split()[:4]:
        found = found.found_by(word) if hasattr(found, "found_by") else found.filter(name__icontains=word)
    context = {"q": q, "customers": found[:SHOWN_CUSTOMERS]}
    return render(request, "orders/new.html", context)


def _is_held(order: SalesOrder) -> bool:
    return order.customer.is_blocked
