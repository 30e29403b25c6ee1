"""The customer's answer to our confirmation: by the link, in the portal, on paper (R1.10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.queries import system_user
from approvals.authority import digest_of
from core.access import access, public
from core.audit import acting_from
from core.documents import document_response, house
from core.rules import Blocked
from orders import actions
from orders.actions.confirmation import by_token, confirmation_content
from orders.answer_forms import AnswerForm, PaperAnswerForm, answer_of
from orders.content import stated
from orders.models import OrderConfirmation, SalesOrder
from orders.queries import with_content
from orders.states import ConfirmationState
from orders.views.page import found, show
from orders.views.verbs import try_verb

VISIBLE = SalesOrder.objects.visible_to
POST = ("POST",)
WHY = "the customer answers our confirmation without an account, by the secret link in its mail"
ONCE = "the first answer counts: sent again it changes nothing and shows that answer; no key keeps the secret"


@public(WHY, methods=("GET", "HEAD", "POST"), repeatable=ONCE)
@sensitive_variables("token")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What we confirm, and the customer's yes or no."""
    if not ratelimit.consume(request, action="confirmation_link"):
        return render(request, "429.html", status=429)
    sent = by_token(token)
    if sent is None:
        return _gone(request)
    with translation.override(_language(request, sent)), acting_from("the link of the confirmation"):
        if request.method == "POST" and sent.state == ConfirmationState.SENT:
            return _take(request, token, sent)
        return _page(request, token, sent, AnswerForm(initial={"by": sent.order.contact_name}))


@public(WHY)
@sensitive_variables("token")
def link_paper(request: HttpRequest, token: str) -> HttpResponse | HttpResponseBase:
    """The paper itself."""
    if not ratelimit.consume(request, action="confirmation_link"):
        return render(request, "429.html", status=429)
    sent = by_token(token)
    if sent is None:
        return _gone(request)
    if sent.document.file is None:
        return redirect("orders:link", token=token)
    return document_response(sent.document, inline=False)


@access("orders.answer_confirmation", scope=VISIBLE, methods=POST)
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """The portal's customer answers on the order's page."""
    order = found(request, number)
    if "customer" not in request.user.roles:
        raise Http404  # the house records what came back, by whom and when
    sent = _newest(order)
    return _answer(request, order, sent, AnswerForm(request.POST, request.FILES), "answer_form")


@access("orders.confirm_salesorder", scope=VISIBLE, methods=POST)
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Business support records what came back signed, by fax or by call."""
    order = found(request, number)
    sent = _newest(order)
    return _answer(
        request, order, sent, PaperAnswerForm(request.POST, request.FILES, sent=sent), "paper_form"
    )


def _newest(order: SalesOrder) -> OrderConfirmation:
    sent = order.confirmations.order_by("-issue").first()
    if sent is None:
        raise Http404
    return sent


def _answer(
    request: HttpRequest, order: SalesOrder, sent: OrderConfirmation, form: AnswerForm, name: str
) -> HttpResponse:
    if not form.is_valid():
        return show(request, order, status=422, forms={name: form})
    given = answer_of(form.cleaned_data)
    try:
        return try_verb(
            request,
            order,
            lambda: actions.answer_confirmation(sent, actor=request.user, **given),
            _("The customer’s answer is recorded."),
            **{name: form},
        )
    except ValidationError as error:
        form.add_error("upload", error)
        return show(request, order, status=422, forms={name: form})


def _gone(request: HttpRequest) -> HttpResponse:
    """Unknown, expired, replaced, cancelled: one page, which tells nothing of either."""
    context = {"house": house(translation.get_language() or settings.LANGUAGE_CODE)}
    return render(request, "orders/answer_gone.html", context, status=404)


def _take(request: HttpRequest, token: str, sent: OrderConfirmation) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, token, sent, form, status=422)
    try:
        actions.answer_confirmation(sent, actor=system_user(), **answer_of(form.cleaned_data))
    except ValidationError as error:
        form.add_error("upload", error)
        return _page(request, token, sent, form, status=422)
    except Blocked:  # somebody was faster: the page shows the first answer
        pass
    return redirect("orders:link", token=token)


def _page(
    request: HttpRequest, token: str, sent: OrderConfirmation, form: AnswerForm, status: int = 200
) -> HttpResponse:
    order = with_content(sent.order)
    told = _content(order, sent)
    promised = {line.position: line for line in order.lines.all()}
    context = {
        "token": token,
        "house": house(translation.get_language() or sent.language),
        "sent": sent,
        "told": told,
        "lines": [_line(each, promised.get(each["position"])) for each in told["lines"]],
        "total": Decimal(told["grand_total"]),
        "goods": Decimal(told["goods_total"]),
        "discount": Decimal(told["discount_total"]),
        "freight": Decimal(told["freight"] or 0),
        "tax": Decimal(told["tax_total"]),
        "form": form,
        "is_open": sent.state == ConfirmationState.SENT,
        "is_right": sent.state == ConfirmationState.CONFIRMED,
    }
    response = render(request, "orders/answer.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _content(order: SalesOrder, sent: OrderConfirmation) -> dict[str, Any]:
    """What the paper says; in the reader's language as long as the order still says the same."""
    if digest_of(stated(order)) == sent.digest:
        return confirmation_content(order, translation.get_language() or sent.language)
    return sent.document.context


def _line(told: dict[str, Any], line: Any) -> dict[str, Any]:
    promised = told["promised_on"]
    return told | {
        "quantity": Decimal(told["quantity"]),
        "price": Decimal(told["price"]),
        "discount": Decimal(told["discount"]),
        "total": Decimal(told["total"]),
        "due_on": date.fromisoformat(told["due_on"]) if told["due_on"] else None,
        "promised_on": line.promised_on if line else date.fromisoformat(promised) if promised else None,
        "first_promised_on": line.first_promised_on if line else None,
    }


def _language(request: HttpRequest, sent: OrderConfirmation) -> str:
    """As chosen on the page, else the customer's."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else sent.language
