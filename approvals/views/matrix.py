"""R2.2: the authority matrix: what holds, what new limits would have done to last month's orders, ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from approvals import gates
from approvals.authority import usual
from approvals.authority_actions import LIMITS, end_authority, set_authority
from approvals.forms import AuthorityForm, EndAuthorityForm
from approvals.models import AuthorityLimit
from approvals.simulation import MOST_LISTED, Simulation, simulate
from core.access import access
from core.company import CURRENCY
from core.fields import QueryParameters
from core.refusals import at_fields
from core.rules import Blocked, require
from inventory.models import ProductCategory

DAYS = 30
MOST = 200
WHOSE = ("person", "role", "team", "category", "effective_from", "effective_until")


@access("approvals.change_authoritylimit", "approvals.view_authoritylimit", methods=("GET", "HEAD", "POST"))
def authority(request: HttpRequest) -> HttpResponse:
    """How far whose authority goes; the general manager sets it, after seeing what it would have done."""
    if request.method != "POST":
        return _page(request, AuthorityForm(initial=_initial(request)))
    form = AuthorityForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        if "simulate" in request.POST:
            return _page(request, form, effect=_simulate(request, form.cleaned_data))
        set_authority(actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        at_fields(form, refused)
        return _page(request, form, panel=refusal_panel(refused.reasons, actor=request.user), status=409)
    messages.success(request, _("The authority was set."))
    return redirect("approvals:authority")


@access("approvals.change_authoritylimit", methods=("POST",))
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Limits hold until a day and no longer."""
    limit = get_object_or_404(AuthorityLimit, pk=pk)
    form = EndAuthorityForm(request.POST)
    blank = AuthorityForm(initial=_initial(request))
    if not form.is_valid():
        return _page(request, blank, status=422, ending=(pk, form))
    try:
        end_authority(limit, actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        panel = refusal_panel(refused.reasons, actor=request.user)
        return _page(request, blank, panel=panel, status=409, ending=(pk, form))
    messages.success(request, _("The authority was ended."))
    return redirect("approvals:authority")


def _simulate(request: HttpRequest, wish: dict[str, Any]) -> Simulation:
    """What may not be set is not tried either."""
    row = AuthorityLimit(**{name: wish[name] for name in [*LIMITS, *WHOSE]})
    require(*gates.AUTHORITY, subject=row, actor=request.user)
    now = timezone.now()
    return simulate(row, since=now - timedelta(days=DAYS), until=now)


def _page(
    request: HttpRequest,
    form: AuthorityForm,
    *,
    effect: Simulation | None = None,
    panel: Any = None,
    status: int = 200,
    ending: tuple[int, EndAuthorityForm] | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    rows = AuthorityLimit.objects.select_related("person", "team", "created_by")
    latest = list(rows.order_by("-effective_from", "-pk")[:MOST])
    told = _told(latest, today)
    context: dict[str, Any] = {
        "rows": [each for each in told if not each["is_over"]],
        "past": [each for each in told if each["is_over"]],
        "usual": {"row": usual(), "tone": "", "category": ""},
        "ours": CURRENCY.value(),
        "today": today,
        "form": form,
        "ending": ending,
        "effect": effect,
        "listed": f":{MOST_LISTED}",
        "days": DAYS,
        "panel": panel,
        "may_set": request.user.has_perm("approvals.change_authoritylimit"),
    }
    return render(request, "approvals/authority.html", context, status=status)


def _told(rows: Iterable[AuthorityLimit], today: date) -> list[dict[str, Any]]:
    """Each row with how it stands today and what its category is called; the most one's own first."""
    kept = list(rows)
    names = dict(ProductCategory.objects.values_list("code", "name"))
    counting = _counting(kept, today)
    told = []
    for row in sorted(kept, key=lambda row: (row.person is None, not row.role, row.category, row.whose)):
        is_over = row.replaced_at is not None or bool(row.effective_until and row.effective_until < today)
        tone, word = "approved", _("in force")
        if is_over:
            tone, word = "cancelled", _("replaced") if row.replaced_at else _("ended")
        elif row.effective_from > today:
            tone, word = "pending", _("to come")
        elif row.pk not in counting:
            tone, word = "draft", _("others go before")
        category = f"{row.category} {names.get(row.category, '')}".strip()
        told.append({"row": row, "is_over": is_over, "tone": tone, "word": word, "category": category})
    return told


def _counting(rows: Iterable[AuthorityLimit], today: date) -> set[int]:
    """Of the rows of the same people, team and category the one that counts today."""
    latest: dict[tuple[Any, ...], AuthorityLimit] = {}
    for row in sorted(rows, key=lambda row: (row.effective_from, row.pk)):
        is_in_force = row.effective_until is None or row.effective_until >= today
        if row.effective_from <= today and is_in_force and row.replaced_at is None:
            latest[row.person_id, row.role, row.team_id, row.category] = row
    return {row.pk for row in latest.values()}


def _initial(request: HttpRequest) -> dict[str, Any]:
    """The figures of the row that is to be changed, from today on; else the usual ones."""
    pk = QueryParameters(request.GET).whole("change")
    row = AuthorityLimit.objects.filter(pk=pk).first() if pk else None
    figures = {name: getattr(row or usual(), name) for name in LIMITS}
    if row is None:
        return figures
    whose = {"person": row.person_id, "role": row.role, "team": row.team_id, "category": row.category}
    return {**figures, **whose, "effective_from": max(row.effective_from, timezone.localdate())}
