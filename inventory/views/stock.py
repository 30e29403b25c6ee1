"""Stock by warehouse, goods received, counter-entries, and what lies finished past its due date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from core import figures
from core.access import access
from core.fields import QueryParameters
from core.lists import Column, SearchFilter, list_page
from core.money import round_money
from inventory import actions
from inventory.forms import CounterEntryForm, ReceiveForm
from inventory.models import Requirement, Stock, Warehouse
from inventory.querysets import is_abnormal, is_long_overdue
from inventory.states import MovementKind
from inventory.views.answers import tried

FORM = ("GET", "HEAD", "POST")
STOCK_COLUMNS = (
    Column("product", gettext_lazy("Product"), value="product.code", sort="product__code"),
    Column("name", gettext_lazy("Name"), value="product.name", sort="product__name"),
    Column("specification", gettext_lazy("Specification"), value="product.specification", optional=True),
    Column("warehouse", gettext_lazy("Warehouse"), value="warehouse.name", sort="warehouse__name"),
    Column("on_hand", gettext_lazy("On hand"), "quantity", unit="product.unit", sort="on_hand"),
    Column("reserved", gettext_lazy("Promised"), "quantity", unit="product.unit", sort="reserved"),
    Column("free", gettext_lazy("Free"), "quantity", unit="product.unit"),
    Column(
        "minimum",
        gettext_lazy("Minimum"),
        "quantity",
        value="product.minimum_stock",
        unit="product.unit",
        optional=True,
    ),
)


class StockFilter(django_filters.FilterSet):
    """By text, warehouse, and what is below its minimum."""

    q = SearchFilter(fields=["product__code", "product__name", "product__initials", "product__barcode"])
    warehouse = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Warehouse"), queryset=Warehouse.objects.all(), empty_label=None
    )
    low = django_filters.BooleanFilter(label=gettext_lazy("Below the minimum"), method="below_minimum")

    def below_minimum(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """Fewer than the product's minimum are free in this warehouse."""
        rows = rows.filter(product__minimum_stock__gt=0)
        short = {"left__lt": F("product__minimum_stock")}
        return rows.filter(**short) if value else rows.exclude(**short)


@access("inventory.view_stock", scope=Stock.objects.visible_to)
def stock(request: HttpRequest) -> HttpResponse:
    """What is on hand, promised and free, by product and warehouse."""
    rows = Stock.objects.visible_to(request.user).select_related("product", "warehouse")
    return list_page(
        request,
        name="stock",
        queryset=rows.annotate(left=figures.quantity(F("on_hand") - F("reserved"))),
        columns=STOCK_COLUMNS,
        filterset=StockFilter,
        default_order=("product__code", "warehouse_id"),
        template="inventory/stock.html",
        row_url=lambda row: row.product.get_absolute_url(),
        empty={
            "icon": "stock",
            "title": _("Nothing is in stock yet"),
            "text": _("Receive goods, and they stand here by warehouse."),
        },
        context={"title": _("Stock")},
    )


@access("inventory.add_stockmovement", methods=FORM)
def receive(request: HttpRequest) -> HttpResponse:
    """Goods come in: one ledger entry."""
    form = ReceiveForm(request.POST) if request.method == "POST" else ReceiveForm(initial=_asked(request))
    return _enter(request, form, title=_("Receive goods"), done=_("The goods were received."))


@access("inventory.add_stockmovement", methods=FORM)
def correct(request: HttpRequest) -> HttpResponse:
    """A counter-entry: the ledger is never edited, it is set right by another entry (R4.5)."""
    counter = request.method == "POST"
    form = CounterEntryForm(request.POST) if counter else CounterEntryForm(initial=_asked(request))
    title, done = _("Counter-entry"), _("The counter-entry was written.")
    return _enter(request, form, title=title, done=done, kind=MovementKind.CORRECTION)


def _asked(request: HttpRequest) -> dict[str, Any]:
    query = QueryParameters(request.GET)
    return {"product": query.text("product", max_length=40), "warehouse": query.whole("warehouse")}


def _enter(request: HttpRequest, form: Any, *, title: str, done: str, **fixed: Any) -> HttpResponse:
    def page(form: Any, *, status: int = 200, panel: dict | None = None) -> HttpResponse:
        context = {"form": form, "title": title, "panel": panel}
        return render(request, "inventory/stock_entry.html", context, status=status)

    if request.method != "POST":
        return page(form)

    def enter() -> Any:
        return actions.receive_stock(actor=request.user, **(form.cleaned_data | fixed)).product

    return tried(request, form, enter, page, done=done)


def _days_late(row: Requirement) -> int:
    return (timezone.localdate() - row.due_on).days


def _worth(row: Requirement) -> Decimal:
    return round_money(row.finished_on_hand * row.unit_value, row.currency)


def _told(row: Requirement) -> str:
    words = {1: _("sales rep told"), 2: _("abnormal, sales manager told")}
    return words.get(row.overdue_level, "")


OVERDUE_COLUMNS = (
    Column("reference", gettext_lazy("For"), sort="reference"),
    Column("product", gettext_lazy("Product"), value="product"),
    Column(
        "quantity", gettext_lazy("Lies finished"), "quantity", value="finished_on_hand", unit="product.unit"
    ),
    Column(
        "value",
        gettext_lazy("Goods value"),
        "money",
        value=_worth,
        currency="currency",
        permission="inventory.view_pricelistitem",
    ),
    Column("due_on", gettext_lazy("Due"), "day", sort="due_on"),
    Column("days", gettext_lazy("Days past"), "number", value=_days_late),
    Column("level", gettext_lazy("Told"), value=_told),
    Column("owner", gettext_lazy("Sales rep"), value="owner", optional=True),
    Column("team", gettext_lazy("Team"), value="team", optional=True),
)
LEVELS = (("week", gettext_lazy("A week and more")), ("abnormal", gettext_lazy("Abnormal")))


class OverdueFilter(django_filters.FilterSet):
    """By text, team and level."""

    q = SearchFilter(fields=["reference", "product__code", "product__name", "product__initials"])
    level = django_filters.ChoiceFilter(label=gettext_lazy("Level"), choices=LEVELS, method="at_level")
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"), queryset=Team.objects.all(), empty_label=None
    )

    def at_level(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """R4.7 or R4.8, by the same definitions as the sweep's and the report's."""
        today: date = timezone.localdate()
        return rows.filter(is_abnormal(today) if value == "abnormal" else is_long_overdue(today))


@access("inventory.view_requirement", scope=Requirement.objects.visible_to)
def overdue(request: HttpRequest) -> HttpResponse:
    """Finished goods past their due date and not dispatched (R4.7, R4.8)."""
    rows = Requirement.objects.visible_to(request.user).overdue(as_of=timezone.localdate())
    return list_page(
        request,
        name="overdue-stock",
        queryset=rows.select_related("product", "owner", "team"),
        columns=OVERDUE_COLUMNS,
        filterset=OverdueFilter,
        default_order=("due_on", "pk"),
        row_url=lambda row: row.link,
        row_blocked=lambda row: row.overdue_level > 1,
        empty={
            "icon": "check-circle",
            "title": _("Nothing lies past its due date"),
            "text": _("Finished goods that are not dispatched by their due date stand here."),
        },
        context={
            "title": _("Overdue finished stock"),
            "summary": _("Finished, not dispatched, past the line's due date."),
            "crumbs": [{"label": _("Stock"), "url": reverse("inventory:stock")}],
        },
    )
