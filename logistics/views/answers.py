"""Find, try, answer: how every verb of a shipment is carried out from a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.panels import refusal
from core.fields import WholeNumber
from core.refusals import at_fields
from core.rules import Blocked, Reason, Stale
from logistics.models import Shipment
from logistics.views.page import shipment_page

VERB = ("GET", "HEAD", "POST")


def found(request: HttpRequest, number: str) -> Shipment:
    """The shipment, if this person may see it; else 404 as for one that is not there."""
    rows = Shipment.objects.visible_to(request.user).select_related("order__customer", "team", "case")
    return get_object_or_404(rows, number=number)


def carried_out(
    request: HttpRequest, shipment: Shipment, act: Callable[[], Any], told: str, **page: Any
) -> HttpResponse:
    """Do it and go on; or the shipment's page again with every reason, 409, nothing changed."""
    try:
        act()
    except Blocked as refused:
        if page.get("typed") is not None:
            at_fields(page["typed"], refused)
        panel = refusal(
            refused.reasons, team=shipment.team, actor=request.user, link=shipment.get_absolute_url()
        )
        return shipment_page(request, shipment.number, refused=panel, status=409, **page)
    except Stale:
        return shipment_page(request, shipment.number, refused=refusal([_outdated()]), status=409, **page)
    messages.success(request, told % {"number": shipment.number})
    return redirect(safe_next(request) or shipment.get_absolute_url())


def version_of(request: HttpRequest) -> int | None:
    """The version that the page showed, if the form carries one."""
    field = WholeNumber(required=False, min_value=0)
    try:
        return field.clean(request.POST.get("version", ""))
    except ValidationError:
        return -1  # a version that cannot be read is none that there is


def safe_next(request: HttpRequest) -> str:
    """Where the form asks to go on to, if that is a page of this house."""
    wanted = request.POST.get("next", "")
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None) else ""


def to_page(number: str) -> HttpResponse:
    """A verb's address, opened without a form, shows the noun's page."""
    return redirect(reverse("logistics:shipment", args=[number]))


def _outdated() -> Reason:
    return Reason("R2.13", "stale", _("Somebody else was faster; this page shows how things stand now."))
