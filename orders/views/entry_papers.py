"""The customer's papers beside the entry: several taken in at once, each shown while the order is typed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.access import access
from core.files import file_response
from core.rules import Blocked
from orders import actions
from orders.models import SalesOrder, SourceDocument
from orders.paper_views import shown_paper
from orders.queries import with_content
from orders.views.doors import kinds_of_paper
from orders.views.page import found, show

VISIBLE = SalesOrder.objects.visible_to
MOST_FILES = 10


@access("orders.change_salesorder", scope=VISIBLE, methods=("POST",))
def attach_here(request: HttpRequest, number: str) -> HttpResponse:
    """Attach several papers of the customer, all or none, and go on typing.

    A refusal stands at the head of the page: it leads there, not down to the papers.
    """
    order = with_content(found(request, number))
    files, kind = request.FILES.getlist("files"), request.POST.get("kind", "")
    url = reverse("orders:edit", args=[number])
    refused = redirect(url)
    if not files or len(files) > MOST_FILES:
        messages.error(request, _("Choose one to %(most)s files.") % {"most": MOST_FILES})
        return refused
    if kind and kind not in {each["value"] for each in kinds_of_paper(order)}:
        messages.error(request, _("No product of this order demands such an attachment."))
        return refused
    try:
        with transaction.atomic():
            for upload in files:
                actions.attach_document(order, upload=upload, purpose=kind, actor=request.user)
    except Blocked as blocked:
        return show(request, order, reasons=blocked.reasons, status=409)
    except ValidationError as error:
        messages.error(request, f"{upload.name}: {' '.join(error.messages)}")
        return refused
    told = ngettext("%(n)s file was attached.", "%(n)s files were attached.", len(files))
    messages.success(request, told % {"n": len(files)})
    return redirect(f"{url}#beside")


@access("orders.view_salesorder", scope=VISIBLE)
def preview(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One paper as far as it can be shown, on a page of its own that the entry takes in."""
    document = _document(request, number, pk)
    context = {
        "document": document,
        "order": document.order,
        "paper": shown_paper(document.file),
        "shown_url": reverse("orders:shown", args=[number, pk]),
        "file_url": reverse("orders:paper", args=[number, pk]),
    }
    return render(request, "orders/preview.html", context)


@access("orders.view_salesorder", scope=VISIBLE)
@xframe_options_sameorigin
def shown(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """A PDF or picture in place, under a policy that lets it load nothing; all else is not shown so."""
    document = _document(request, number, pk)
    if not document.file.is_previewable:
        raise Http404
    return file_response(document.file, inline=True)


def _document(request: HttpRequest, number: str, pk: int) -> SourceDocument:
    order = get_object_or_404(SalesOrder.objects.visible_to(request.user), number=number)
    return get_object_or_404(SourceDocument.objects.select_related("file", "order"), order=order, pk=pk)
