"""Likely duplicates side by side: not a duplicate, or this draft is cancelled (R1.12)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.panels import panel, refusal
from core.access import access
from core.rules import Blocked
from orders import actions, gates
from orders.gates.duplicates import RULE_OUT
from orders.memo_forms import RuleOutForm
from orders.models import SalesOrder
from orders.queries import with_content
from orders.views.page import found

VISIBLE = SalesOrder.objects.visible_to


@access("orders.submit_salesorder", scope=VISIBLE, methods=("GET", "HEAD", "POST"))
def twins(request: HttpRequest, number: str) -> HttpResponse:
    """The order beside its likely duplicates: GET shows them, POST says that they are none."""
    order = with_content(found(request, number))
    if request.method != "POST":
        return _page(request, order)
    known = [each.number for each in SalesOrder.objects.twins_of(order)]
    form = RuleOutForm(request.POST, numbers=known)
    if not form.is_valid():
        return _page(request, order, form=form, status=422)
    try:
        actions.rule_out_duplicates(order, actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        return _page(request, order, reasons=refused.reasons, status=409)
    messages.success(request, _("Recorded: not a duplicate."))
    return redirect(order)


def _page(
    request: HttpRequest, order: SalesOrder, *, form: Any = None, reasons: Any = (), status: int = 200
) -> HttpResponse:
    user: Any = request.user
    others = SalesOrder.objects.twins_of(order).visible_to(user)
    others = others.select_related("customer", "owner", "team", "entered_by")[:10]
    shown = [order, *others.prefetch_related("lines__product")]
    refused = list(reasons)
    context = {
        "order": order,
        "columns": [{"order": each, "is_this": each.pk == order.pk} for each in shown],
        "undecided": [each.number for each in shown[1:] if each.number not in order.not_duplicates],
        "form": form,
        "gate": panel(RULE_OUT, order, user, team=order.team),
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
