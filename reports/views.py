"""The weekly exception report, as a page and as a PDF with the same figures (R9.1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.panels import refusal
from accounts.queries import sees_everything
from core.access import access
from core.documents import document_response
from core.fields import QueryParameters
from core.rules import Blocked
from reports import actions
from reports.models import WeeklyReport
from reports.queries import Week, weekly_exceptions


@access("reports.view_weekly")
def weekly(request: HttpRequest) -> HttpResponse:
    """The exceptions of a week (`?week=2026-W47`, this week if none is named), of what the person may see."""
    week = _week(QueryParameters(request.GET).text("week", max_length=20))
    return _page(request, week)


@access("reports.view_weekly", methods=("GET", "HEAD", "POST"))
def freeze(request: HttpRequest, week: str) -> HttpResponse:
    """Freeze the week and make its PDF."""
    wanted = _week(week)
    if request.method != "POST":
        return redirect(_url(wanted))
    try:
        actions.make_weekly_pdf(wanted, actor=request.user)
    except Blocked as error:
        return _page(request, wanted, refused=refusal(error.reasons, actor=request.user), status=409)
    messages.success(request, _("The report is frozen; its PDF is being made."))
    return redirect(_url(wanted))


@access("reports.view_weekly")
def pdf(request: HttpRequest, week: str) -> HttpResponse:
    """The PDF of the frozen report: of the whole company, so only for those who see all of it."""
    if not sees_everything(request.user):
        raise Http404
    found = WeeklyReport.objects.select_related("document__file")
    report = get_object_or_404(found, week_start=_week(week).monday)
    if report.document is None or not report.document.is_rendered:
        raise Http404
    return document_response(report.document)


def _week(name: str) -> Week:
    if not name:
        return Week.of(timezone.localdate())
    found = Week.named(name)
    if found is None:
        raise Http404
    return found


def _url(week: Week) -> str:
    return f"{reverse('reports:weekly')}?week={week}"


def _page(
    request: HttpRequest, week: Week, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    whole = sees_everything(request.user)
    frozen = WeeklyReport.objects.select_related("document__file", "made_by").filter(week_start=week.monday)
    report = frozen.first() if whole else None
    now = timezone.now()
    as_frozen = report is not None and "now" not in request.GET
    shown = report.snapshot if as_frozen else weekly_exceptions(week, request.user, now=now)  # type: ignore[union-attr]
    context = {
        "week": week,
        "sections": [_linked(section) for section in shown["sections"]],
        "as_frozen": as_frozen,
        "frozen": report,
        "whole": whole,
        "refused": refused,
        "previous_url": _url(week.before),
        "next_url": _url(week.after) if week.ends <= now else "",
    }
    return render(request, "reports/weekly.html", context, status=status)


def _linked(section: dict[str, Any]) -> dict[str, Any]:
    """The printed cells under their columns' names, with the link of each row's object."""
    rows = [list(zip(section["columns"], row, strict=True)) for row in section["rows"]]
    return {**section, "linked": list(zip(section["links"], rows, strict=True))}
