"""What can be done with a step besides deciding it: ask, hand over, take back; several approved at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.panels import refusal as refusal_panel
from approvals import actions
from approvals.batch import MOST, approve_batch
from approvals.forms import HandOverForm, QuestionForm, TakeBackForm
from approvals.models import Step
from approvals.views.inbox import show
from core.access import access
from core.refusals import at_fields
from core.rules import Blocked
from customers.actions import decide_change
from customers.models import CustomerChange
from logistics.actions import decide_shipment
from logistics.models import Shipment
from orders.actions import decide_order
from orders.models import SalesOrder

POST = ("POST",)
SEEN = Step.objects.visible_to


@access("approvals.decide_step", scope=SEEN, methods=POST)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A question to who handed it over; the clock goes on."""
    step = _found(request, pk)
    form = QuestionForm(request.POST, auto_id=f"ask-%s-{pk}")
    done = _("Your question is with %(who)s.") % {"who": step.requester}
    return _try(
        request, step, lambda given: actions.ask_question(step, actor=request.user, **given), done, ask=form
    )


@access("approvals.decide_step", scope=SEEN, methods=POST)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """To a named colleague of the same role."""
    step = _found(request, pk)
    form = HandOverForm(request.POST, auto_id=f"hand-%s-{pk}")
    return _try(
        request,
        step,
        lambda given: actions.hand_over_step(step, actor=request.user, **given),
        _("Handed over to %(to)s."),
        hand_over=form,
    )


@access("approvals.decide_step", scope=SEEN, methods=POST)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own yes, while the next step has not begun."""
    step = _found(request, pk)
    form = TakeBackForm(request.POST, auto_id=f"back-%s-{pk}")
    return _try(
        request,
        step,
        lambda given: actions.withdraw_decision(step, actor=request.user, **given),
        _("Your decision is taken back; it waits again."),
        take_back=form,
    )


@access("approvals.decide_step", scope=SEEN, methods=POST)
def batch(request: HttpRequest) -> HttpResponse:
    """R2.5: several clean steps of one kind at once, each a decision of its own, with its result."""
    wanted = dict(_items(request.POST.getlist("item")))
    found = Step.objects.visible_to(request.user).select_related("case", "case__team").in_bulk(list(wanted))
    items = [(found[pk], digest) for pk, digest in wanted.items() if pk in found]
    if not items:
        messages.error(request, _("Choose what you approve."))
        return show(request, status=422)
    try:
        results = approve_batch(items, actor=request.user, decide=_decide)
    except Blocked as refused:
        return show(request, panel=refusal_panel(refused.reasons, actor=request.user), status=409)
    done = sum(each.approved for each in results)
    return render(request, "approvals/batch.html", {"results": results, "done": done})


def _order(step: Step, digest: str, actor: User) -> None:
    order = SalesOrder.objects.get(case=step.case_id)
    decide_order(order, step_id=step.pk, approve=True, digest=digest, actor=actor)


def _shipment(step: Step, digest: str, actor: User) -> None:
    shipment = Shipment.objects.select_related("order").get(case=step.case_id)
    decide_shipment(shipment, step_id=step.pk, approve=True, digest=digest, actor=actor)


def _customer(step: Step, digest: str, actor: User) -> None:
    change = CustomerChange.objects.get(case=step.case_id)
    decide_change(change, step_id=step.pk, approve=True, digest=digest, actor=actor)


#: The verb of each kind of case.
VERBS: dict[str, Callable[[Step, str, User], None]] = {
    "order": _order,
    "shipment": _shipment,
    "customer": _customer,
}


def _decide(step: Step, digest: str, actor: User) -> None:
    VERBS[step.case.kind](step, digest, actor)


def _items(posted: list[str]) -> list[tuple[int, str]]:
    """Step and digest of each chosen item; what is not a step is left out."""
    found = []
    for each in posted[: MOST + 1]:
        pk, _colon, digest = each.partition(":")
        if pk.isascii() and pk.isdigit() and len(pk) < 18:
            found.append((int(pk), digest[:64]))
    return found


def _found(request: HttpRequest, pk: int) -> Step:
    related = ("case", "case__team", "case__requester", "requester", "decided_by")
    return get_object_or_404(Step.objects.visible_to(request.user).select_related(*related), pk=pk)


def _try(
    request: HttpRequest, step: Step, act: Callable[[dict[str, Any]], object], done: str, **typed: Form
) -> HttpResponse:
    """Do it with what was typed into the form; or the page again, with the form as it was sent."""
    (form,) = typed.values()
    if not form.is_valid():
        return show(request, chosen=step, typed=typed, status=422)
    try:
        act(form.cleaned_data)
    except Blocked as refused:
        at_fields(form, refused)
        panel = refusal_panel(refused.reasons, team=step.case.team, actor=request.user)
        return show(request, panel=panel, chosen=_found(request, step.pk), typed=typed, status=409)
    messages.success(request, done % form.cleaned_data)
    return redirect(f"/approvals/?step={step.pk}")
