"""The header of a quotation's draft, saved by itself as an order's is (R1.14, I12)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.panels import refusal
from core.access import access
from core.rules import Blocked, Reason, Stale
from orders import actions
from orders.actions.draft import saved_meanwhile
from orders.forms import read_number
from orders.models import Quotation
from orders.views import quoted_grid
from orders.views.grid import overtaken
from orders.views.header import AUTOSAVE, header_was
from orders.views.quotation_forms import QuotationForm, shown_terms
from orders.views.quotations import found

VISIBLE = Quotation.objects.visible_to


@access("orders.change_quotation", scope=VISIBLE, methods=("POST",), repeatable=AUTOSAVE)
def save_header(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """The fields that were typed in: those that can be read are saved, the others stay on the page (422).

    A field that was saved meanwhile, from another window too, is not: both values are shown (409).
    """
    quotation = found(request, number, issue)
    sent = {name: request.POST[name] for name in QuotationForm.base_fields if name in request.POST}
    form = QuotationForm(shown_terms(quotation) | sent, quotation=quotation)
    form.is_valid()
    header = {name: form.cleaned_data[name] for name in sent if name in form.cleaned_data}
    was = header_was(request, form)
    version = read_number(request.POST.get("version", ""))
    bad = {name: typed for name, typed in sent.items() if name in form.errors}
    try:
        actions.save_quotation(quotation, actor=request.user, version=version, own=True, was=was, **header)
    except Blocked as refused:
        return _answer(request, quotation, 409, bad, reasons=refused.reasons)
    except Stale as stale:
        fresh = found(request, number, issue)
        names = saved_meanwhile(fresh, dict.fromkeys(sent) if was is None else was, header)
        told = overtaken(shown_terms(fresh), form, names)
        return _answer(request, fresh, 409, bad, who=stale.current.edited_by, overtaken=told)
    return _answer(request, found(request, number, issue), 422 if bad else 200, bad)


def header_url(quotation: Quotation) -> str:
    """Where its header is saved by itself."""
    return reverse("orders:quotation_header", args=[quotation.number, quotation.issue])


def _answer(
    request: HttpRequest,
    quotation: Quotation,
    status: int,
    bad: dict[str, str],
    *,
    reasons: tuple[Reason, ...] = (),
    **told: Any,
) -> HttpResponse:
    form = QuotationForm(quotation=quotation)
    if bad:
        form = QuotationForm(shown_terms(quotation) | bad, quotation=quotation)
    context = {
        "order": quotation,
        "header_url": header_url(quotation),
        "form": form,
        "grid": quoted_grid.frame(quotation) | {"saved_at": timezone.now()},
        "refused": refusal(reasons, team=quotation.team, actor=request.user) if reasons else None,
        **told,
    }
    return render(request, "orders/header_saved.html", context, status=status)
