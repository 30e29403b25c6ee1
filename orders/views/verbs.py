"""The verbs of an order's page: find, try, answer. A refusal is the page again with its reasons (409)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from approvals.doors import DoorForm, words_of
from approvals.models import Step
from core.access import access
from core.fields import Number
from core.refusals import at_fields
from core.rules import Blocked, Reason, Stale
from orders import actions
from orders.forms import (
    CommentForm,
    ConfirmationForm,
    MarkForm,
    PaperForm,
    ReasonForm,
    read_number,
)
from orders.models import SalesOrder, SourceDocument
from orders.views.page import found, show

VISIBLE = SalesOrder.objects.visible_to
POST = ("POST",)


@access("orders.submit_salesorder", scope=VISIBLE, methods=POST)
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Hand it to business support."""
    order = found(request, number)
    version = read_number(request.POST.get("version", ""))
    told = _("Order %(order)s was submitted.")
    return try_verb(
        request, order, lambda: actions.submit_order(order, actor=request.user, version=version), told
    )


@access("orders.standardise_salesorder", scope=VISIBLE, methods=POST)
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """Returned to the rep with open questions."""
    told = _("Order %(order)s went back to the rep.")
    return _with_reason(request, found(request, number), actions.return_order, told)


@access("approvals.decide_step", scope=Step.objects.visible_to, methods=POST)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Yes or no to one step of its review; a substitute reaches the order through the step (R2.12)."""
    form = DoorForm(request.POST)
    form.is_valid()
    step_id = form.cleaned_data.get("step_id") or 0
    order = _through_step(request, number, step_id)
    if not form.is_valid():
        return show(request, order, reasons=form_reasons(form, "R2.11"), status=422, forms={"typed": form})
    given = form.cleaned_data
    return try_verb(
        request,
        order,
        lambda: actions.decide_order(
            order,
            step_id=step_id,
            approve=given["decision"] == "approve",
            reason=form.said,
            digest=given["digest"],
            conditions=form.terms,
            actor=request.user,
        ),
        _("Your decision on %(order)s is recorded."),
        typed=form,
    )


@access("orders.submit_salesorder", scope=VISIBLE, methods=POST)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Taken back before it is approved."""
    order = found(request, number)
    told = _("Order %(order)s is a draft again.")
    return try_verb(request, order, lambda: actions.withdraw_order(order, actor=request.user), told)


@access("orders.confirm_salesorder", scope=VISIBLE, methods=POST)
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Our order confirmation goes to the customer."""
    order = found(request, number)
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        return show(request, order, status=422, forms={"confirmation_form": form})
    return try_verb(
        request,
        order,
        lambda: actions.send_confirmation(order, actor=request.user, **form.cleaned_data),
        _("The confirmation of %(order)s is on its way."),
    )


@access("orders.release_salesorder", scope=VISIBLE, methods=POST)
def release(request: HttpRequest, number: str) -> HttpResponse:
    """A command to warehouse and production, as split on the page."""
    order = found(request, number)
    split, bad = _split(request)
    told = _("Order %(order)s is released.")
    return try_verb(
        request,
        order,
        lambda: actions.release_order(order, actor=request.user, split=split),
        told,
        bad=bad,
        split_typed={name: typed for name, typed in request.POST.items() if name.startswith("split-")},
    )


@access("orders.change_salesorder", scope=VISIBLE, methods=POST)
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """What was approved is opened again, to be changed."""
    told = _("Order %(order)s is open for changes; the confirmation that was out no longer counts.")
    return _with_reason(request, found(request, number), actions.reopen_order, told)


@access("orders.release_salesorder", scope=VISIBLE, methods=POST)
def ask_promise(request: HttpRequest, number: str) -> HttpResponse:
    """Production is asked for the dates of what stock no longer serves (R2.9)."""
    order = found(request, number)
    told = _("Production was asked for the dates of %(order)s.")
    return try_verb(request, order, lambda: actions.ask_promise(order, actor=request.user), told)


@access("orders.release_salesorder", scope=VISIBLE, methods=POST)
def weigh_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put before who may pass the limit, since nothing covers the exposure any more (R2.6)."""
    order = found(request, number)
    told = _("Order %(order)s is under review again: its credit is decided on.")
    return try_verb(request, order, lambda: actions.weigh_credit_again(order, actor=request.user), told)


@access("orders.cancel_salesorder", scope=VISIBLE, methods=POST)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Ended before its release."""
    told = _("Order %(order)s is cancelled.")
    return _with_reason(request, found(request, number), actions.cancel_order, told)


@access("orders.view_salesorder", scope=VISIBLE, methods=POST)
def comment(request: HttpRequest, number: str) -> HttpResponse:
    """A word in the timeline; the house's own."""
    order = found(request, number)
    if "customer" in request.user.roles:
        raise Http404
    form = CommentForm(request.POST)
    if not form.is_valid():
        kept = {"kept": words_of(form)}
        return show(request, order, reasons=form_reasons(form, "R9.6"), status=422, forms=kept)
    actions.add_comment(order, text=form.cleaned_data["comment"], actor=request.user)
    return redirect(f"{order.get_absolute_url()}#timeline")


@access("orders.change_salesorder", scope=VISIBLE, methods=POST)
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """A paper of the customer is added."""
    order = found(request, number)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, order, reasons=form_reasons(form, "R1.1"), status=422)
    try:
        actions.attach_document(
            order, upload=form.cleaned_data["file"], purpose=form.cleaned_data["kind"], actor=request.user
        )
    except Blocked as refused:
        return show(request, order, reasons=refused.reasons, status=409)
    except ValidationError as error:
        form.add_error("file", error)
        return show(request, order, reasons=form_reasons(form, "R1.1"), status=422)
    messages.success(request, _("The file is attached."))
    return redirect(f"{order.get_absolute_url()}#papers")


@access("orders.change_salesorder", scope=VISIBLE, methods=POST)
def mark(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The confirmation mark on a paper is recorded (R1.1)."""
    order = found(request, number)
    document = get_object_or_404(SourceDocument, order=order, pk=pk)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return show(request, order, reasons=form_reasons(form, "R1.1"), status=422)
    told = _("The confirmation mark is recorded.")
    return try_verb(
        request,
        order,
        lambda: actions.record_mark(document, actor=request.user, **form.cleaned_data),
        told,
    )


def try_verb(
    request: HttpRequest,
    order: SalesOrder,
    verb: Callable[[], Any],
    told: str,
    *,
    bad: Iterable[Reason] = (),
    **forms: Any,
) -> HttpResponse:
    """Do it; answer with the page that follows, or with this page and every reason (409).

    With `bad`, what is wrong with the form, nothing is tried (422). What was typed is given back.
    """
    if bad:
        return show(request, order, reasons=bad, status=422, forms=forms)
    try:
        verb()
    except Blocked as refused:
        if "typed" in forms:
            at_fields(forms["typed"], refused)
        return show(request, found_again(order), reasons=refused.reasons, status=409, forms=forms)
    except Stale:
        return show(request, found_again(order), reasons=[moved_on()], status=409, forms=forms)
    messages.success(request, told % {"order": order.number})
    return redirect(_next(request, order))


def found_again(order: SalesOrder) -> SalesOrder:
    """The order as it is now, for the page that tells of a refusal."""
    rows = SalesOrder.objects.select_related(
        "customer__credit",
        "team__manager",
        "owner",
        "entered_by",
        "submitted_by",
        "standardised_by",
        "case",
        "memo",
        "ship_from",
    )
    return rows.get(pk=order.pk)


def _through_step(request: HttpRequest, number: str, step_id: int) -> SalesOrder:
    steps = Step.objects.visible_to(request.user).filter(pk=step_id, case__kind="order")
    reached = SalesOrder.objects.filter(number=number, case__in=steps.values("case"))
    order = reached.select_related("customer", "team", "owner", "case").first()
    return order or found(request, number)


def _next(request: HttpRequest, order: SalesOrder) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    return order.get_absolute_url()


def _with_reason(
    request: HttpRequest, order: SalesOrder, verb: Callable[..., Any], told: str
) -> HttpResponse:
    """A verb that says why."""
    form = ReasonForm(request.POST)
    bad = [] if form.is_valid() else form_reasons(form, "R2.11")
    return try_verb(
        request,
        order,
        lambda: verb(order, reason=form.cleaned_data["reason"], actor=request.user),
        told,
        bad=bad,
        kept=words_of(form),
    )


def _split(request: HttpRequest) -> tuple[dict[int, Decimal], list[Reason]]:
    split, bad = {}, []
    reader = Number(min_value=0, max_value=10**9, decimal_places=3)
    for name, typed in request.POST.items():
        line = read_number(name.removeprefix("split-")) if name.startswith("split-") else None
        if line is None:
            continue
        try:
            split[line] = reader.clean(typed)
        except ValidationError as error:
            bad.append(Reason(rule="R4.1", key="split", text=" ".join(error.messages).replace("%", "%%")))
    return split, bad


def form_reasons(form: Any, number: str) -> list[Reason]:
    """What is wrong with a small form, in the panel on the page."""
    return [
        Reason(rule=number, key="form", text=f"{form.fields[name].label}: {message}".replace("%", "%%"))
        if name in form.fields
        else Reason(rule=number, key="form", text=str(message).replace("%", "%%"))
        for name, messages_of in form.errors.items()
        for message in messages_of
    ]


def moved_on() -> Reason:
    text = _("Somebody was faster, or the content changed since the page was shown. Look again, then decide.")
    return Reason(rule="R2.13", key="stale", text=text)
