"""Substitutes: name one, end it, see for whom one stands in (R2.12)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import give_delegation, revoke_delegation
from accounts.forms import DelegationForm
from accounts.models import Delegation
from accounts.panels import refusal as refusal_panel
from approvals.states import StepKind
from core.access import access
from core.rules import Blocked
from core.showing import listed


@access("accounts.add_delegation", "accounts.view_delegation", methods=("GET", "HEAD", "POST"))
def delegations(request: HttpRequest) -> HttpResponse:
    """The person's substitutes and for whom they stand in; POST names one."""
    form = DelegationForm(request.POST or None, giver=request.user)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        given = give_delegation(actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        for reason in refused.reasons:
            form.add_error(reason.field_name or None, f"{reason.rule}: {reason.sentence}")
        return _page(request, form, status=409, panel=refusal_panel(refused.reasons))
    messages.success(request, _("%(name)s stands in for you.") % {"name": given.substitute})
    return redirect("accounts:delegations")


@access("accounts.add_delegation", methods=("POST",), scope=Delegation.objects.filter)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own substitution now."""
    delegation = get_object_or_404(Delegation, pk=pk, giver=request.user)
    try:
        revoke_delegation(delegation, actor=request.user)
    except Blocked as refused:
        form = DelegationForm(giver=request.user)
        return _page(request, form, status=409, panel=refusal_panel(refused.reasons))
    messages.success(request, _("The substitution has ended."))
    return redirect("accounts:delegations")


def _page(
    request: HttpRequest, form: DelegationForm, *, status: int = 200, panel: Any = None
) -> HttpResponse:
    now = timezone.now()
    rows = Delegation.objects.filter(Q(giver=request.user) | Q(substitute=request.user))
    rows = rows.select_related("giver", "substitute").order_by("-starts_at")[:100]
    shown = [
        {
            "row": each,
            "kinds": listed(StepKind(kind).label for kind in each.kinds if kind in StepKind.values),
            "is_mine": each.giver_id == request.user.pk,
            "tone": _tone(each, now),
            "word": _word(each, now),
            "may_end": each.giver_id == request.user.pk and not each.revoked_at and each.ends_at > now,
        }
        for each in rows
    ]
    context = {"form": form, "rows": shown, "panel": panel}
    return render(request, "accounts/delegations.html", context, status=status)


def _tone(each: Delegation, now: Any) -> str:
    if each.revoked_at or each.ends_at <= now:
        return "cancelled"
    return "approved" if each.starts_at <= now else "pending"


def _word(each: Delegation, now: Any) -> str:
    if each.revoked_at:
        return _("Ended early")
    if each.ends_at <= now:
        return _("Over")
    return _("In force") if each.starts_at <= now else _("To come")
