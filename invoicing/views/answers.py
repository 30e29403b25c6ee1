"""What the pages of money share: the refusal on top, the version that the page showed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.panels import refusal
from core.fields import WholeNumber
from core.rules import Blocked, Reason, Stale

VERB = ("GET", "HEAD", "POST")


def refused_panel(request: HttpRequest, error: Blocked | Stale, team: Any, link: str = "") -> dict[str, Any]:
    """Every reason, as the panel shows it; for an old page, that it is old."""
    if isinstance(error, Stale):
        text = _("Somebody else was faster; this page shows how things stand now.")
        return refusal([Reason("R2.13", "stale", text)])
    return refusal(error.reasons, team=team, actor=request.user, link=link)


def version_of(request: HttpRequest) -> int | None:
    """The version that the page showed, if the form carries one."""
    try:
        return WholeNumber(required=False, min_value=0).clean(request.POST.get("version", ""))
    except ValidationError:
        return -1  # a version that cannot be read is none that there is
