"""Likely duplicates side by side: not a duplicate, or this draft is cancelled (R1.12)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.panels import panel, refusal
from core.access import access
from core.fields import QueryParameters
from core.rules import Blocked
from orders import actions, gates
from orders.content import number_key, plain
from orders.gates.duplicates import RULE_OUT, duplicates_are_ruled_out
from orders.memo_forms import RuleOutForm
from orders.models import OrderLine, SalesOrder
from orders.queries import with_content
from orders.views.page import found

VISIBLE = SalesOrder.objects.visible_to
SHOWN = 10


@access("orders.submit_salesorder", scope=VISIBLE, methods=("GET", "HEAD", "POST"))
def twins(request: HttpRequest, number: str) -> HttpResponse:
    """The order beside its likely duplicates: GET shows them, POST says of some that they are none."""
    order = with_content(found(request, number))
    if request.method != "POST":
        return _page(request, order)
    asked = request.POST.getlist("numbers")[:1000]
    known = SalesOrder.objects.twins_of(order).visible_to(request.user).filter(number__in=asked)
    form = RuleOutForm(request.POST, numbers=list(known.values_list("number", flat=True)))
    if not form.is_valid():
        return _page(request, order, form=form, status=422)
    try:
        order = actions.rule_out_duplicates(order, actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        return _page(request, order, reasons=refused.reasons, status=409)
    messages.success(request, _("Recorded: not a duplicate."))
    left = SalesOrder.objects.open_twins_of(order).visible_to(request.user).exists()
    return redirect("orders:twins", number) if left else redirect(order)


def _page(
    request: HttpRequest, order: SalesOrder, *, form: Any = None, reasons: Any = (), status: int = 200
) -> HttpResponse:
    user: Any = request.user
    others = SalesOrder.objects.twins_of(order).visible_to(user).select_related("entered_by")
    if order.not_duplicates:  # the undecided first; the databases order by no constant
        is_decided = Case(When(number__in=order.not_duplicates, then=Value(1)), default=Value(0))
        others = others.order_by(is_decided, "-ordered_on", "-pk")
    others = others.prefetch_related("lines__product")
    page = Paginator(others, SHOWN).get_page(QueryParameters(request.GET).text("page", max_length=6))
    refused = list(reasons)
    context = {
        "order": order,
        "twins": [_beside(order, each) for each in page],
        "page": page,
        "form": form,
        "gate": panel(RULE_OUT, order, user, team=order.team),
        "elsewhere": refusal(_elsewhere(order), team=order.team, actor=user, link=request.path),
        "may_cancel": gates.CANCEL.permits(order, user),
        "refused": refusal(refused, team=order.team, actor=user) if refused else None,
        "dialog": {
            "id": "cancel-order",
            "title": _("Cancel %(order)s?") % {"order": order.number},
            "consequence": _("The order ends here; what was approved no longer counts. It cannot be undone."),
            "url": reverse("orders:cancel", args=[order.number]),
            "verb_label": _("Cancel this draft"),
            "reason": "required",
        },
    }
    return render(request, "orders/twins.html", context, status=status)


def _elsewhere(order: SalesOrder) -> list[Any]:
    """The reasons of twins that only whoever sees every team can look at."""
    return [each for each in duplicates_are_ruled_out.broken(order) if not each.people]


def _beside(order: SalesOrder, twin: SalesOrder) -> dict[str, Any]:
    """One twin, each fact and line of it beside ours."""
    return {
        "order": twin,
        "undecided": twin.number not in order.not_duplicates,
        "rows": [*_facts(order, twin), *_lines(order.lines.all(), twin.lines.all())],
    }


def _facts(order: SalesOrder, twin: SalesOrder) -> list[dict[str, Any]]:
    ours, theirs = order.customer_order_number, twin.customer_order_number
    return [
        {
            "label": _("Customer’s order number"),
            "old": ours,
            "new": theirs,
            "changed": number_key(ours) != number_key(theirs),
        },
        _row(_("Ordered on"), order.ordered_on, twin.ordered_on),
        _row(_("Entered by"), order.entered_by, twin.entered_by),
        _row(_("Ship to"), order.ship_to, twin.ship_to),
        _row(_("Total"), f"{order.grand_total} {order.currency}", f"{twin.grand_total} {twin.currency}"),
    ]


def _lines(ours: Iterable[OrderLine], theirs: Iterable[OrderLine]) -> list[dict[str, Any]]:
    """The lines of both, those of one product on one row, in our order."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for side, lines in enumerate((ours, theirs)):
        for line in lines:
            groups.setdefault(str(line.product or line.typed), ([], []))[side].append(_told(line))
    return [
        _row(product, mine, other)
        for product, both in groups.items()
        for mine, other in zip_longest(*both, fillvalue="")
    ]


def _told(line: OrderLine) -> str:
    due = line.due_on.isoformat() if line.due_on else "–"
    return f"{plain(line.quantity)} {line.unit} × {plain(line.price) or '–'} · {due}"


def _row(label: Any, ours: Any, theirs: Any) -> dict[str, Any]:
    return {"label": label, "old": str(ours or ""), "new": str(theirs or ""), "changed": ours != theirs}
