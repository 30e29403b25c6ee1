"""The verbs of a quotation's page: find, try, answer. A refusal is the page again with its reasons (409)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.access import access
from core.rules import Blocked, Stale
from orders import actions
from orders.forms import ReasonForm
from orders.models import Quotation
from orders.states import QuotationState
from orders.views.quotation_forms import SendForm
from orders.views.quotations import found, show
from orders.views.verbs import form_reasons, moved_on

VISIBLE = Quotation.objects.visible_to
POST = ("POST",)


@access("orders.send_quotation", scope=VISIBLE, methods=POST)
def send(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """The quotation goes to the customer as a PDF by mail; one that went already, once more."""
    quotation = found(request, number, issue)
    form = SendForm(request.POST)
    if not form.is_valid():
        return show(request, quotation, status=422, form=form)
    given = form.cleaned_data

    def verb() -> Quotation:
        if quotation.state == QuotationState.SENT:
            return actions.send_quotation_again(quotation, to=given["to"], actor=request.user)
        return actions.send_quotation(quotation, actor=request.user, **given)

    return _try(request, quotation, verb, _("Quotation %(quotation)s is on its way."), form)


@access("orders.change_quotation", scope=VISIBLE, methods=POST)
def revise(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """A new version begins, to be edited."""
    quotation = found(request, number, issue)
    told = _("This is the next version; until it is sent, %(quotation)s stays offered.")
    return _try(request, quotation, lambda: actions.revise_quotation(quotation, actor=request.user), told)


@access("orders.add_salesorder", scope=VISIBLE, methods=POST)
def order(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """The order draft at the prices offered, in one step."""
    quotation = found(request, number, issue)
    told = _("The order is begun at the prices of %(quotation)s.")
    return _try(request, quotation, lambda: actions.order_quotation(quotation, actor=request.user), told)


@access("orders.change_quotation", scope=VISIBLE, methods=POST)
def lose(request: HttpRequest, number: str, issue: int) -> HttpResponse:
    """Nothing comes of it, and why."""
    quotation = found(request, number, issue)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, quotation, reasons=form_reasons(form, "R1.14"), status=422)
    reason = form.cleaned_data["reason"]
    told = _("%(quotation)s is marked as lost.")
    return _try(
        request, quotation, lambda: actions.lose_quotation(quotation, reason=reason, actor=request.user), told
    )


def _try(
    request: HttpRequest,
    quotation: Quotation,
    verb: Callable[[], Any],
    told: str,
    form: SendForm | None = None,
) -> HttpResponse:
    """Do it; answer with the page of what came of it, or with this page and every reason (409)."""
    try:
        done = verb()
    except Blocked as refused:
        again = found(request, quotation.number, quotation.issue)
        return show(request, again, reasons=refused.reasons, status=409, form=form)
    except Stale:
        again = found(request, quotation.number, quotation.issue)
        return show(request, again, reasons=[moved_on()], status=409)
    messages.success(request, told % {"quotation": quotation})
    return redirect(done)
