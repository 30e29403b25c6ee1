"""Each verb of a shipment, and its papers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.panels import panel, refusal
from approvals.doors import DoorForm
from approvals.models import Step
from core.access import access
from core.documents import document_response
from core.fields import LongText
from core.files import file_response, store_upload
from core.rules import Blocked, Stale
from logistics import actions, gates
from logistics.forms import DeliverForm, DispatchForm, PackForm, RequestForm
from logistics.models import Shipment
from logistics.queries import Asked, lines_to_ship
from logistics.views.answers import VERB, carried_out, found, to_page, version_of
from logistics.views.page import shipment_page
from orders.models import SalesOrder

SEEN = Shipment.objects.visible_to


@access("logistics.view_shipment", scope=SEEN)
def shipment(request: HttpRequest, number: str) -> HttpResponse:
    """One shipment."""
    return shipment_page(request, number)


@access("logistics.request_shipment", scope=SalesOrder.objects.visible_to, methods=VERB)
def request_of_order(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for part of an order to leave: open and finished quantities line by line (R5.1, R5.14)."""
    rows = SalesOrder.objects.visible_to(request.user).select_related("customer", "team")
    order = get_object_or_404(rows, number=number)
    form = RequestForm(request.POST or None, lines=lines_to_ship(order))
    status, refused = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.request_shipment(
                    order,
                    quantities=form.quantities(),
                    wanted_on=form.cleaned_data["wanted_on"],
                    actor=request.user,
                )
            except Blocked as blocked:
                status, refused = 409, refusal(blocked.reasons, team=order.team, actor=request.user)
            else:
                messages.success(request, _("Shipment %(number)s is asked for.") % {"number": made.number})
                return redirect(made)
    context = {"order": order, "form": form, "refused": refused}
    context["gate"] = panel(gates.REQUEST, order, request.user, team=order.team)
    return render(request, "logistics/request.html", context, status=status)


@access("logistics.request_shipment", scope=SEEN, methods=VERB)
def request_again(request: HttpRequest, number: str) -> HttpResponse:
    """Mend what was asked for and open a new round of sign-offs (R2.11)."""
    subject = found(request, number)
    form = RequestForm(
        request.POST or None, lines=_present(subject), initial={"wanted_on": subject.wanted_on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_again(
                subject,
                quantities=form.quantities(),
                wanted_on=form.cleaned_data["wanted_on"],
                actor=request.user,
                version=version_of(request),
            )
        except (Blocked, Stale) as blocked:
            return _again_page(request, subject, form, blocked)
        messages.success(request, _("Shipment %(number)s is asked for again.") % {"number": number})
        return redirect(subject)
    return _again_page(request, subject, form, None, 422 if request.method == "POST" else 200)


@access("approvals.decide_step", scope=SEEN, methods=VERB)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Sign a step, or refuse it with a reason; a substitute reaches the shipment through the step (R2.12)."""
    if request.method != "POST":
        return to_page(number)
    form = DoorForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    seen = _through_step(request, int(given.get("step_id") or 0))
    subject = get_object_or_404(seen.select_related("order__customer", "team", "case"), number=number)
    if not form.is_valid():
        return shipment_page(request, number, status=422, seen=seen, typed=form)
    approve = given["decision"] == "approve"

    def act() -> None:
        try:
            actions.decide_shipment(
                subject,
                step_id=given["step_id"],
                approve=approve,
                reason=form.said,
                digest=given["digest"],
                ceiling_until=given["ceiling_until"],
                actor=request.user,
            )
        except Step.DoesNotExist:
            raise Http404 from None

    told = _("Signed: %(number)s.") if approve else _("Refused: %(number)s.")
    return carried_out(request, subject, act, told, seen=seen, typed=form)


@access("logistics.release_shipment", scope=SEEN, methods=VERB)
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Let it leave (R5.7, R5.9)."""
    if request.method != "POST":
        return to_page(number)
    subject, version = found(request, number), version_of(request)
    return carried_out(
        request,
        subject,
        lambda: actions.release_shipment(subject, actor=request.user, version=version),
        _("Shipment %(number)s was released."),
    )


@access("logistics.pick_shipment", scope=SEEN, methods=VERB)
def pick(request: HttpRequest, number: str) -> HttpResponse:
    """The goods are off the shelf."""
    if request.method != "POST":
        return to_page(number)
    subject, version = found(request, number), version_of(request)
    return carried_out(
        request,
        subject,
        lambda: actions.pick_shipment(subject, actor=request.user, version=version),
        _("Shipment %(number)s is picked."),
    )


@access("logistics.pick_shipment", scope=SEEN, methods=VERB)
def pack(request: HttpRequest, number: str) -> HttpResponse:
    """Packed in so many packages."""
    if request.method != "POST":
        return to_page(number)
    subject, version, form = found(request, number), version_of(request), PackForm(request.POST)
    if not form.is_valid():
        return shipment_page(request, subject.number, form=form, status=422)
    return carried_out(
        request,
        subject,
        lambda: actions.pack_shipment(subject, actor=request.user, version=version, **form.cleaned_data),
        _("Shipment %(number)s is packed."),
    )


@access("logistics.dispatch_shipment", scope=SEEN, methods=VERB)
def dispatch(request: HttpRequest, number: str) -> HttpResponse:
    """With the carrier: delivery note and dispatch notice go out (R5.11)."""
    if request.method != "POST":
        return to_page(number)
    subject, version, form = found(request, number), version_of(request), DispatchForm(request.POST)
    if not form.is_valid():
        return shipment_page(request, subject.number, form=form, status=422)
    return carried_out(
        request,
        subject,
        lambda: actions.dispatch_shipment(subject, actor=request.user, version=version, **form.cleaned_data),
        _("Shipment %(number)s has left; the customer is told."),
        form=form,
    )


@access("logistics.deliver_shipment", scope=SEEN, methods=VERB)
def deliver(request: HttpRequest, number: str) -> HttpResponse:
    """Received: the signed receipt, or the customer's own click (R5.13)."""
    if request.method != "POST":
        return to_page(number)
    subject, version = found(request, number), version_of(request)
    told = _("Delivery of %(number)s is recorded.")
    if gates.is_of_customer(subject, request.user):
        return carried_out(
            request,
            subject,
            lambda: actions.deliver_shipment(subject, actor=request.user, version=version),
            told,
        )
    form = DeliverForm(request.POST, request.FILES)
    if not form.is_valid():
        return shipment_page(request, subject.number, form=form, status=422)
    try:
        receipt = store_upload(form.cleaned_data["receipt"], actor=request.user)
    except ValidationError as refused:
        form.add_error("receipt", refused)
        return shipment_page(request, subject.number, form=form, status=422)
    return carried_out(
        request,
        subject,
        lambda: actions.deliver_shipment(
            subject,
            actor=request.user,
            version=version,
            received_by=form.cleaned_data["received_by"],
            receipt=receipt,
        ),
        told,
        form=form,
    )


@access("logistics.cancel_shipment", scope=SEEN, methods=VERB)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """It will not leave."""
    if request.method != "POST":
        return to_page(number)
    subject, version = found(request, number), version_of(request)
    try:
        reason = LongText(max_length=2000).clean(request.POST.get("reason", ""))
    except ValidationError:
        return shipment_page(request, subject.number, status=422)
    return carried_out(
        request,
        subject,
        lambda: actions.cancel_shipment(subject, actor=request.user, reason=reason, version=version),
        _("Shipment %(number)s is cancelled."),
    )


@access("logistics.view_shipment", scope=SEEN)
def delivery_note(request: HttpRequest, number: str) -> HttpResponse:
    """The delivery note as it went out."""
    paper = found(request, number).delivery_note
    if paper is None or not paper.is_rendered:
        raise Http404
    return document_response(paper)


@access("logistics.view_shipment", scope=SEEN)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The signed receipt on file."""
    stored = found(request, number).receipt_file
    if stored is None:
        raise Http404
    return file_response(stored, inline=True)


def _through_step(request: HttpRequest, step: int) -> QuerySet[Shipment]:
    """What the person may see, and the shipment whose step was lent to them."""
    lent = Step.objects.visible_to(request.user).filter(pk=step).values("case")
    return Shipment.objects.filter(Q(pk__in=SEEN(request.user).values("pk")) | Q(case__in=lent))


def _present(subject: Shipment) -> list[Asked]:
    """The order's lines with what the shipment asks for now, its own claim left out."""
    asked = {line.order_line_id: line.quantity for line in subject.lines.all()}
    rows = lines_to_ship(subject.order, except_for=subject.pk)
    return [Asked(each.line, asked.get(each.line.pk, each.quantity), each.claimed) for each in rows]


def _again_page(
    request: HttpRequest, subject: Shipment, form: RequestForm, blocked: Exception | None, status: int = 200
) -> HttpResponse:
    refused = None
    if isinstance(blocked, Blocked):
        status, refused = 409, refusal(blocked.reasons, team=subject.team, actor=request.user)
    elif blocked is not None:
        return carried_out(request, subject, _raise(blocked), "")
    context = {"order": subject.order, "form": form, "refused": refused, "shipment": subject}
    context["gate"] = panel(gates.REQUEST_AGAIN, subject, request.user, team=subject.team)
    return render(request, "logistics/request.html", context, status=status)


def _raise(error: Exception):
    def act() -> None:
        raise error

    return act
