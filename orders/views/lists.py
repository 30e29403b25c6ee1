"""The list of orders, the queue of business support, and the beginning of a new order."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Team
from accounts.queries import sees_everything, team_ids
from core.access import access
from core.columns import Column
from core.fields import QueryParameters
from core.lists import DaysFilter, SearchFilter, list_page
from customers.models import Customer
from logistics.queries import with_goods_to_ship
from orders import actions
from orders.clock_face import clock_face
from orders.models import SalesOrder
from orders.states import OrderClass, OrderState

NEWEST = ("-ordered_on", "-id")
HOUSE = "customers.view_customer"  # a customer follows no clock of ours
SHOWN_CUSTOMERS = 30
QUEUE_WORDS = ["number", "customer_order_number", "customer__name", "customer__code", "customer__initials"]


def clock_chip(order: SalesOrder) -> str:
    """The processing clock in words, amber when it warns, red when it ran out (R1.5)."""
    face = clock_face(order)
    if face is None:
        return ""
    tone = f" tone-{face.tone}" if face.tone else " faint" if not face.runs else ""
    return format_html('<span class="due{}">{}</span>', tone, face.words)


def promise_chip(order: SalesOrder) -> str:
    """The last promised date; one that slipped beside the date promised at first (R1.11)."""
    if order.promised is None:  # type: ignore[attr-defined]
        return ""
    now = date_format(order.promised, "m-d")  # type: ignore[attr-defined]
    if order.promised == order.first_promised:  # type: ignore[attr-defined]
        return format_html('<span class="nowrap">{}</span>', now)
    first = date_format(order.first_promised, "m-d")  # type: ignore[attr-defined]
    return format_html(
        '<span class="nowrap"><del class="faint">{}</del> <span class="due tone-blocked">{}</span></span>',
        first,
        now,
    )


COLUMNS = [
    Column("number", gettext_lazy("Number"), sort="number"),
    Column("customer", gettext_lazy("Customer"), value="customer.name", sort="customer__name"),
    Column("customer_order_number", gettext_lazy("Customer’s number"), optional=True),
    Column("state", gettext_lazy("State"), kind="state"),
    Column("klass", gettext_lazy("Class"), value=lambda row: row.get_klass_display(), optional=True),
    Column("team", gettext_lazy("Team"), value="team.name", optional=True),
    Column("owner", gettext_lazy("Sales rep"), value=lambda row: str(row.owner), optional=True),
    Column("ordered_on", gettext_lazy("Ordered on"), kind="day", sort="ordered_on"),
    Column("due_on", gettext_lazy("Due"), kind="day", value="due", sort="due"),
    Column("promise", pgettext_lazy("date", "Promised"), "html", value=promise_chip, optional=True),
    Column("promised", pgettext_lazy("date", "Promised"), kind="day", in_page=False),
    Column("first_promised", gettext_lazy("First promised"), kind="day", in_page=False),
    Column("clock", gettext_lazy("Clock"), "html", value=clock_chip, sort="clock_ends_at", permission=HOUSE),
    Column("clock_ends_at", gettext_lazy("Clock ends at"), kind="moment", in_page=False, permission=HOUSE),
    Column("grand_total", gettext_lazy("Total"), kind="money", currency="currency", sort="grand_total"),
]
QUEUE_COLUMNS = [
    *[
        each
        for each in COLUMNS
        if each.name in ("number", "customer", "state", "klass", "clock", "owner", "due_on")
    ],
    Column("state_since", gettext_lazy("Waits since"), kind="moment", sort="state_since"),
    Column("dwell", gettext_lazy("Waits"), value=lambda row: timesince(row.state_since, depth=1)),
    COLUMNS[-1],
]
OUT_COLUMNS = [
    *[each for each in COLUMNS if each.name in ("number", "customer")],
    Column("class", gettext_lazy("Customer’s class"), value="customer.klass", optional=True),
    *[each for each in COLUMNS if each.name in ("state", "owner")],
    Column("out_at", gettext_lazy("Sent on"), kind="moment", sort="out_at"),
    Column("out_to", gettext_lazy("Sent to"), value=lambda row: row.out_to or _("on paper")),
    Column("waits", gettext_lazy("Waits"), value=lambda row: timesince(row.out_at, depth=1), optional=True),
    Column("slipped", gettext_lazy("Slipped, days"), kind="number", value=lambda row: row.slipped or 0),
    COLUMNS[-1],
]
DISPUTED_COLUMNS = [
    *[each for each in OUT_COLUMNS if each.name in ("number", "customer", "state", "owner", "out_at")],
    Column("disputed_at", gettext_lazy("Answered on"), kind="moment", sort="disputed_at"),
    Column("words", gettext_lazy("What is not right")),
]
LEAST_TIME, LONGEST = ("clock_ends_at", "id"), ("state_since", "id")
QUEUES = {
    "standardise": (gettext_lazy("To standardise"), "to_standardise", LEAST_TIME),
    "confirm": (gettext_lazy("To confirm"), "to_confirm", LONGEST),
    "outstanding": (gettext_lazy("Not confirmed"), "outstanding", ("out_at", "id")),
    "disputed": (gettext_lazy("Not right"), "disputed", ("disputed_at", "id")),
    "release": (gettext_lazy("To release"), "to_release", LEAST_TIME),
}
COLUMNS_OF = {"outstanding": OUT_COLUMNS, "disputed": DISPUTED_COLUMNS}


def _teams(request: HttpRequest) -> Any:
    teams = Team.objects.order_by("code")
    return teams if sees_everything(request.user) else teams.filter(pk__in=team_ids(request.user))


class QueueFilter(django_filters.FilterSet):
    """A text in the order's number, the customer's own, or the customer."""

    q = SearchFilter(fields=QUEUE_WORDS)


class OrderFilter(django_filters.FilterSet):
    """State, class, team, customer, span of days, and a text."""

    q = SearchFilter(fields=QUEUE_WORDS)
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=OrderState.choices)
    klass = django_filters.ChoiceFilter(label=gettext_lazy("Class"), choices=OrderClass.choices)
    team = django_filters.ModelChoiceFilter(label=gettext_lazy("Team"), queryset=_teams)
    customer = django_filters.CharFilter(
        label=gettext_lazy("Customer"),
        help_text=gettext_lazy("Code, name or initials."),
        max_length=60,
        method="by_customer",
    )
    clock = django_filters.ChoiceFilter(
        label=gettext_lazy("Clock"),
        choices=[
            ("runs", gettext_lazy("Runs")),
            ("warns", gettext_lazy("Nearly over")),
            ("over", pgettext_lazy("clock", "Over")),
        ],
        method="by_clock",
    )
    goods = django_filters.BooleanFilter(label=gettext_lazy("Goods to ship"), method="by_goods")
    questions = django_filters.BooleanFilter(label=gettext_lazy("Questions to answer"), method="by_questions")
    outstanding = django_filters.BooleanFilter(label=gettext_lazy("Not confirmed"), method="by_confirmation")
    disputed = django_filters.BooleanFilter(label=gettext_lazy("Answered “not right”"), method="by_dispute")
    ordered_from = DaysFilter("ordered_on", "gte", label=gettext_lazy("Ordered from"))
    ordered_to = DaysFilter("ordered_on", "lte", label=gettext_lazy("Ordered until"))

    class Meta:
        model = SalesOrder
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "customer" in self.request.user.roles:  # a customer has no teams, and no other customer
            for name in ("team", "customer", "goods", "clock", "questions", "outstanding", "disputed"):
                del self.filters[name]

    def by_customer(self, rows: Any, name: str, value: str) -> Any:
        """The one with exactly this code, else all that the words may mean."""
        mine = Customer.objects.visible_to(self.request.user)
        exact = mine.filter(code__iexact=value.strip())
        return rows.filter(customer__in=exact if exact.exists() else _meant(mine, value))

    def by_clock(self, rows: Any, name: str, value: str) -> Any:
        """Whose processing clock runs, is nearly over, or is over (R1.5)."""
        now, running = timezone.now(), rows.on_the_clock()
        if value == "over":
            return running.filter(clock_ends_at__lte=now)
        near = Q(clock_warns_at__lte=now, clock_ends_at__gt=now)
        return running.filter(near) if value == "warns" else running

    def by_goods(self, rows: Any, name: str, value: bool) -> Any:
        """Finished goods lie here that no shipment claims."""
        found = with_goods_to_ship(SalesOrder.objects.all()).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)

    def by_questions(self, rows: Any, name: str, value: bool) -> Any:
        """Business support's question waits for its answer (R1.9)."""
        found = SalesOrder.objects.questioned().values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)

    def by_confirmation(self, rows: Any, name: str, value: bool) -> Any:
        """Our confirmation went out and is not back (R1.10)."""
        found = SalesOrder.objects.outstanding().values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)

    def by_dispute(self, rows: Any, name: str, value: bool) -> Any:
        """The customer answered that something is not right (R1.10)."""
        found = SalesOrder.objects.disputed().values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)


@access("orders.view_salesorder", scope=SalesOrder.objects.visible_to)
def orders(request: HttpRequest) -> HttpResponse:
    """Every order one may see, newest first."""
    found = SalesOrder.objects.visible_to(request.user).with_due().with_promise()
    create = {"url": reverse("orders:new"), "label": _("New order")}
    return list_page(
        request,
        name="orders",
        queryset=found.select_related("customer", "team", "owner"),
        columns=COLUMNS,
        default_order=NEWEST,
        filterset=OrderFilter,
        row_url=SalesOrder.get_absolute_url,
        row_blocked=_is_held,
        empty={
            "title": _("No orders yet"),
            "icon": "order",
            "text": _("Orders are typed, brought in from a file, or made from a memo or a quotation."),
        },
        context={
            "title": _("Orders"),
            "create": create if request.user.has_perm("orders.add_salesorder") else None,
        },
    )


@access("orders.standardise_salesorder", "orders.release_salesorder", scope=SalesOrder.objects.visible_to)
def support(request: HttpRequest) -> HttpResponse:
    """What waits for business support: to standardise, to confirm, to release; the least time left first."""
    queue = QueryParameters(request.GET).choice("queue", QUEUES, "standardise")
    mine = SalesOrder.objects.visible_to(request.user)
    label, rows, order = QUEUES[queue]
    found = getattr(mine, rows)().with_due().select_related("customer", "team", "owner")
    columns = COLUMNS_OF.get(queue, QUEUE_COLUMNS)
    if queue in COLUMNS_OF:
        found = found.with_promise().with_confirmation()
    tabs = [
        {
            "label": words,
            "url": f"?queue={name}",
            "active": name == queue,
            "count": getattr(mine, rows_of)()[:100].count(),
        }
        for name, (words, rows_of, _order) in QUEUES.items()
    ]
    return list_page(
        request,
        name=f"support-{queue}",
        queryset=found,
        columns=columns,
        default_order=order,
        filterset=QueueFilter,
        template="orders/support.html",
        row_url=SalesOrder.get_absolute_url,
        row_blocked=_is_held,
        empty={
            "title": _("Nothing waits here"),
            "icon": "check-circle",
            "text": _("What becomes your turn appears here."),
        },
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
    context = {"q": q, "customers": _meant(found, q)[:SHOWN_CUSTOMERS]}
    return render(request, "orders/new.html", context)


def _meant(customers: Any, text: str) -> Any:
    """Those that every word of the text may mean, by code, name or initials."""
    for word in text.split()[:4]:
        customers = customers.found_by(word)
    return customers


def _is_held(order: SalesOrder) -> bool:
    return order.customer.is_blocked
