"""R2.2: the authority matrix, and what a new row would have done to last month's orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from approvals.authority import authority_of
from approvals.authority_actions import LIMITS, set_authority
from approvals.forms import AuthorityForm
from approvals.models import AuthorityLimit
from approvals.simulation import Simulation, simulate
from core.access import access
from core.rules import Blocked

DAYS = 30
MOST = 200


@access("approvals.change_authoritylimit", "approvals.view_authoritylimit", methods=("GET", "HEAD", "POST"))
def authority(request: HttpRequest) -> HttpResponse:
    """How far whose authority goes; the general manager sets it, after seeing what it would have done."""
    form = AuthorityForm(request.POST or None, initial=_standing())
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    if "simulate" in request.POST:
        return _page(request, form, effect=_simulate(form.cleaned_data))
    try:
        set_authority(actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        return _page(request, form, panel=refusal_panel(refused.reasons, actor=request.user), status=409)
    messages.success(request, _("The authority was set."))
    return redirect("approvals:authority")


def _simulate(wish: dict[str, Any]) -> Simulation:
    names = [*LIMITS, "person", "role", "team", "category", "effective_from", "effective_until"]
    row = AuthorityLimit(**{name: wish[name] for name in names})
    now = timezone.now()
    return simulate(row, since=now - timedelta(days=DAYS), until=now)


def _page(
    request: HttpRequest,
    form: AuthorityForm,
    *,
    effect: Simulation | None = None,
    panel: Any = None,
    status: int = 200,
) -> HttpResponse:
    rows = AuthorityLimit.objects.select_related("person", "team", "created_by")
    context: dict[str, Any] = {
        "rows": rows.order_by("-effective_from", "-pk")[:MOST],
        "usual": authority_of(None),
        "form": form,
        "effect": effect,
        "days": DAYS,
        "panel": panel,
        "may_set": request.user.has_perm("approvals.change_authoritylimit"),
    }
    return render(request, "approvals/authority.html", context, status=status)


def _standing() -> dict[str, Any]:
    limit = authority_of(None)
    names = ("max_amount", "max_discount", "max_deviation", "min_margin", "max_payment_days")
    return {name: getattr(limit, name) for name in names}
