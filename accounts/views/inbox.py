"""The inbox: what the person was told, newest first; and reminders sent from the panel."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.actions import read_notices, remind
from accounts.inbox import sentence
from accounts.models import Notice
from accounts.panels import REMINDER_SALT
from core.access import SIGNED_IN, access
from core.showing import listed

PAGE = 50
ONE_DAY = 24 * 60 * 60


@access(SIGNED_IN, scope=Notice.objects.filter)
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own notices by keyset."""
    mine = Notice.objects.filter(person=request.user)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        mine = mine.filter(pk__lt=int(before))
    rows = list(mine.order_by("-pk")[: PAGE + 1])
    notices = [
        {"notice": each, "sentence": sentence(each), "is_new": each.read_at is None} for each in rows[:PAGE]
    ]
    older = f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return render(request, "accounts/inbox.html", {"notices": notices, "pager": {"next_url": older}})


@access(SIGNED_IN, methods=("POST",), repeatable="what is read stays read")
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    notice = get_object_or_404(Notice, pk=pk, person=request.user)
    read_notices(actor=request.user, notices=[notice.pk])
    return redirect(notice.link or "accounts:inbox")


@access(SIGNED_IN, methods=("POST",), repeatable="what is read stays read")
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    read_notices(actor=request.user)
    return redirect("accounts:inbox")


@access(SIGNED_IN, methods=("POST",))
def send_reminder(request: HttpRequest) -> HttpResponse:
    """Remind those whom the panel named; the page signed whom and of what."""
    try:
        asked = signing.loads(request.POST.get("reminder", ""), salt=REMINDER_SALT, max_age=ONE_DAY)
    except signing.BadSignature:
        messages.error(request, _("This reminder is too old. Open the page again."))
        return redirect("accounts:home")
    told = remind(actor=request.user, people=asked["people"], about=asked["about"], link=asked["link"])
    messages.success(request, _("Reminded: %(names)s.") % {"names": listed(told)})
    back = asked["link"]
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else "accounts:home")
