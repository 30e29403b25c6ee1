"""Production and quality: the queues, and the production order's page with its three steps."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.panels import panel as gate_panel
from core.access import access
from core.lists import Column, SearchFilter, list_page
from core.timeline import chain_holds, timeline
from inventory import actions, gates
from inventory.forms import AcceptForm, InspectionForm, ReportForm
from inventory.models import ProductionOrder
from inventory.quantities import plain
from inventory.states import ProductionState
from inventory.views.answers import tried

OVER = (ProductionState.CLOSED, ProductionState.CANCELLED)
COLUMNS = (
    Column("number", gettext_lazy("Number"), sort="number"),
    Column("product", gettext_lazy("Product"), value="product"),
    Column("quantity", gettext_lazy("Quantity"), "quantity", unit="product.unit"),
    Column("made", gettext_lazy("Made"), "quantity", optional=True),
    Column("passed", gettext_lazy("Passed"), "quantity", optional=True),
    Column("due_on", gettext_lazy("Due"), "due", sort="due_on", over=lambda order: order.state in OVER),
    Column("promised_on", gettext_lazy("Promised finish"), "day", sort="promised_on"),
    Column("state", gettext_lazy("State"), "state"),
    Column("reference", gettext_lazy("For"), value="requirement.reference", optional=True),
    Column("team", gettext_lazy("Team"), value="requirement.team", optional=True),
)
STEPS = {"accept": gates.ACCEPT, "inspect": gates.INSPECT, "report": gates.FINISH}
WAITING = Column(
    "waiting", gettext_lazy("Waits for inspection"), "quantity", value="uninspected", unit="product.unit"
)
SINCE = Column("since", gettext_lazy("Since"), "moment", value="state_since", sort="state_since")
QUALITY_COLUMNS = (*COLUMNS[:2], WAITING, COLUMNS[2], COLUMNS[4], SINCE, COLUMNS[5], COLUMNS[8])


class ProductionFilter(django_filters.FilterSet):
    """By text and state; without a state, what is issued and not closed."""

    q = SearchFilter(fields=["number", "product__code", "product__name", "requirement__reference"])
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=ProductionState.choices)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Closed orders show when they are asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.live()


class InspectionFilter(django_filters.FilterSet):
    """A text in the production order, the product or the sales order."""

    q = SearchFilter(fields=["number", "product__code", "product__name", "requirement__reference"])


@access("inventory.view_productionorder", scope=ProductionOrder.objects.visible_to)
def production(request: HttpRequest) -> HttpResponse:
    """Production's queue: what is issued and what is in work, the earliest due first."""
    return list_page(
        request,
        name="production",
        queryset=_rows(request),
        columns=COLUMNS,
        filterset=ProductionFilter,
        default_order=("due_on", "pk"),
        row_url=lambda order: order.get_absolute_url(),
        empty={
            "icon": "production",
            "title": _("Nothing to make"),
            "text": _("Production orders come from released orders whose goods are not in stock."),
        },
        context={"title": _("Production"), "summary": _("Production orders by due date.")},
    )


@access("inventory.inspect_productionorder", scope=ProductionOrder.objects.visible_to)
def quality(request: HttpRequest) -> HttpResponse:
    """Quality's queue: what is made and waits for inspection, the longest waiting first."""
    return list_page(
        request,
        name="quality",
        queryset=_rows(request).to_inspect(),
        columns=QUALITY_COLUMNS,
        filterset=InspectionFilter,
        default_order=("state_since", "pk"),
        row_url=lambda order: order.get_absolute_url(),
        empty={
            "icon": "quality",
            "title": _("Nothing waits for inspection"),
            "text": _("What production reports as made stands here until it is inspected."),
        },
        context={"title": _("Quality"), "summary": _("Made, and not yet inspected.")},
    )


@access("inventory.view_productionorder", scope=ProductionOrder.objects.visible_to)
def production_order(request: HttpRequest, number: str) -> HttpResponse:
    """One production order: what is asked for, how far it is, the steps open to this person."""
    return _page(request, _find(request, number))


@access("inventory.accept_productionorder", scope=ProductionOrder.objects.visible_to, methods=("POST",))
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """The production lead accepts by name and promises a date (R4.2)."""
    order = _find(request, number)
    form = AcceptForm(request.POST)
    return _step(request, order, "accept_form", form, actions.accept_production, _("Accepted: %(order)s"))


@access("inventory.report_productionorder", scope=ProductionOrder.objects.visible_to, methods=("POST",))
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Production reports a quantity made (R4.3)."""
    order = _find(request, number)
    form = ReportForm(request.POST)
    return _step(request, order, "report_form", form, actions.report_production, _("Reported: %(order)s"))


@access("inventory.inspect_productionorder", scope=ProductionOrder.objects.visible_to, methods=("POST",))
def inspect(request: HttpRequest, number: str) -> HttpResponse:
    """Quality passes goods into finished stock, and sends back what fails (R4.4)."""
    order = _find(request, number)
    form = InspectionForm(request.POST)
    return _step(request, order, "inspect_form", form, actions.inspect_production, _("Inspected: %(order)s"))


def _step(
    request: HttpRequest, order: ProductionOrder, name: str, form: Any, verb: Any, done: str
) -> HttpResponse:
    return tried(
        request,
        form,
        lambda: verb(order, actor=request.user, **form.cleaned_data),
        lambda form, **answer: _page(request, _find(request, order.number), forms={name: form}, **answer),
        done=done % {"order": order.number},
        target=order,
        team=order.requirement.team,
    )


def _rows(request: HttpRequest) -> Any:
    rows = ProductionOrder.objects.visible_to(request.user)
    return rows.select_related("product", "requirement__team", "requirement__product")


def _find(request: HttpRequest, number: str) -> ProductionOrder:
    rows = _rows(request).select_related("accepted_by", "issued_by", "reported_by", "requirement__owner")
    return get_object_or_404(rows, number=number)


def _page(
    request: HttpRequest,
    order: ProductionOrder,
    *,
    status: int = 200,
    panel: dict | None = None,
    diff: list | None = None,
    forms: dict[str, Any] | None = None,
) -> HttpResponse:
    usual_day = order.promised_on or order.due_on
    fresh = {
        "accept_form": AcceptForm(initial={"version": order.version, "promised_on": usual_day}),
        "report_form": ReportForm(
            initial={"version": order.version, "quantity": plain(max(order.still_to_make, 0))}
        ),
        "inspect_form": InspectionForm(
            initial={"version": order.version, "passed": plain(order.uninspected)}
        ),
    }
    context = {
        "order": order,
        "requirement": order.requirement,
        "panel": panel,
        "diff": diff,
        "gates": _gates(request, order),
        "steps": _steps(order),
        "inspections": order.inspections.select_related("inspector").order_by("-pk"),
        "events": timeline(order.requirement.thread, reader=request.user, subject=order.number),
        "verified": chain_holds(order.requirement.thread),
    }
    return render(request, "inventory/production_order.html", context | fresh | (forms or {}), status=status)


def _gates(request: HttpRequest, order: ProductionOrder) -> dict[str, Any]:
    """The panels of the steps that begin in this state; of a shut one only where the person has none open."""
    team = order.requirement.team
    panels = {
        verb: gate_panel(
            gate,
            order,
            request.user,
            team=team,
            verb_url=reverse(f"inventory:production_{verb}", args=[order.number]),
        )
        for verb, gate in STEPS.items()
        if gate.applies(order)
    }
    mine = {verb: panel for verb, panel in panels.items() if panel["open"]}
    return mine or panels


def _steps(order: ProductionOrder) -> list[dict[str, Any]]:
    way = (
        ProductionState.ISSUED,
        ProductionState.ACCEPTED,
        ProductionState.MADE,
        ProductionState.CLOSED,
    )
    if order.state not in way:
        return []
    now = way.index(ProductionState(order.state))
    last = len(way) - 1
    steps = []
    for place, state in enumerate(way):
        current = place == now and place < last
        stands = "current" if current else "done" if place <= now else "todo"
        steps.append({"label": state.label, "state": stands})
        if place == now:
            steps[-1] |= {"at": order.state_since, "dwell": timezone.now() - order.state_since}
    return steps
