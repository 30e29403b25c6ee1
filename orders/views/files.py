"""Files of an order, after the right was asked again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.access import access
from core.documents import document_response
from core.files import file_response
from core.rules import Blocked
from orders import actions
from orders.models import OrderConfirmation, SalesOrder, SourceDocument
from orders.views.page import found, show


@access("orders.view_salesorder", scope=SalesOrder.objects.visible_to)
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """A paper of the customer."""
    order = get_object_or_404(SalesOrder.objects.visible_to(request.user), number=number)
    document = get_object_or_404(SourceDocument.objects.select_related("file"), order=order, pk=pk)
    return file_response(document.file)


@access("orders.view_salesorder", scope=SalesOrder.objects.visible_to)
def confirmation(request: HttpRequest, number: str, version: int) -> HttpResponse | HttpResponseBase:
    """Our order confirmation as it went out."""
    order = get_object_or_404(SalesOrder.objects.visible_to(request.user), number=number)
    sent = get_object_or_404(
        OrderConfirmation.objects.select_related("document__file"), order=order, issue=version
    )
    if sent.document.file is None:
        messages.info(request, _("The paper is still being printed. Try again in a moment."))
        return redirect(order)
    return document_response(sent.document)


@access("orders.change_salesorder", scope=SalesOrder.objects.visible_to, methods=("POST",))
def remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A wrongly attached paper is taken off, while the order can be edited."""
    order = found(request, number)
    document = get_object_or_404(SourceDocument, order=order, pk=pk)
    try:
        actions.remove_document(document, actor=request.user)
    except Blocked as refused:
        return show(request, order, reasons=refused.reasons, status=409)
    messages.success(request, _("The file is off the order; the timeline names it."))
    return redirect(f"{order.get_absolute_url()}#papers")


@access("orders.view_salesorder", scope=SalesOrder.objects.visible_to)
def answer_file(request: HttpRequest, number: str, version: int) -> HttpResponseBase:
    """The signed sheet that came back."""
    order = get_object_or_404(SalesOrder.objects.visible_to(request.user), number=number)
    answered = OrderConfirmation.objects.select_related("answer_file").exclude(answer_file=None)
    return file_response(get_object_or_404(answered, order=order, issue=version).answer_file)
