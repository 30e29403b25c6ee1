"""The approval inbox: list left, decision right; the decision is posted to the noun's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from approvals.authority import authority_of
from approvals.authority_actions import set_authority
from approvals.forms import AuthorityForm
from approvals.models import AuthorityLimit, Step
from approvals.queries import mine, step_facts
from approvals.views.record import customer_record
from core.access import access
from core.rules import Blocked

PAGE = 50


@access("approvals.decide_step", scope=Step.objects.visible_to)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for this person's decision; one of them opened (`?step=`), the first if none is named."""
    page = Paginator(mine(request.user), PAGE).get_page(request.GET.get("page"))
    steps = list(page.object_list)
    chosen = _chosen(request, steps)
    context = {
        "steps": steps,
        "page": page,
        "chosen": step_facts(chosen, request.user) if chosen else None,
        "after": _after(steps, chosen),
        "record": customer_record(chosen.case, request.user) if chosen else None,
        "one": bool(request.GET.get("step")),
    }
    return render(request, "approvals/inbox.html", context)


@access("approvals.change_authoritylimit", "approvals.view_authoritylimit", methods=("GET", "HEAD", "POST"))
def authority(request: HttpRequest) -> HttpResponse:
    """R2.2: how far each manager's authority goes; the general manager sets it from a day on."""
    form = AuthorityForm(request.POST or None, initial=_standing())
    status, panel = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_authority(actor=request.user, **form.cleaned_data)
            except Blocked as refused:
                status, panel = 409, refusal_panel(refused.reasons, actor=request.user)
            else:
                messages.success(request, _("The authority was set."))
                return redirect("approvals:authority")
    rows = AuthorityLimit.objects.select_related("person").order_by("person__display_name", "-effective_from")
    context: dict[str, Any] = {"rows": rows, "usual": authority_of(None), "form": form, "panel": panel}
    context["may_set"] = request.user.has_perm("approvals.change_authoritylimit")
    return render(request, "approvals/authority.html", context, status=status)


def _chosen(request: HttpRequest, steps: list[Step]) -> Step | None:
    asked = request.GET.get("step", "")
    if not asked and not steps:
        return None
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    wanted = int(asked) if asked else steps[0].pk
    found = Step.objects.visible_to(request.user).select_related("case", "case__team", "case__requester")
    return get_object_or_404(found, pk=wanted)


def _after(steps: list[Step], chosen: Step | None) -> str:
    """Where to go on after this decision."""
    rest = [step.pk for step in steps if chosen is None or step.pk != chosen.pk]
    return f"/approvals/?step={rest[0]}" if rest else "/approvals/"


def _standing() -> dict[str, Any]:
    limit = authority_of(None)
    names = ("max_amount", "max_discount", "max_deviation", "min_margin", "max_payment_days")
    return {name: getattr(limit, name) for name in names}
