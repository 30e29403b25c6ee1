"""The outbox: what waits to be sent, what failed too often, and its next round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.access import access
from core.models import OutboxMessage, OutboxState
from core.outbox_actions import requeue_message
from core.rules import Blocked
from core.views.refusals import panel

SHOWN = 100


@access("core.read_outbox", "core.requeue_message")
def outbox(request: HttpRequest) -> HttpResponse:
    """Parked messages with their last error, then those that wait."""
    return _page(request)


@access("core.requeue_message", methods=("POST",))
def outbox_requeue(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a parked message another round."""
    message = get_object_or_404(OutboxMessage, pk=pk)
    try:
        requeue_message(message=message, actor=request.user)
    except Blocked as refusal:
        return _page(request, status=409, refused=panel(refusal, message.key))
    messages.success(request, _("%(key)s is on its way again.") % {"key": message.key})
    return redirect("core:outbox")


def _page(request: HttpRequest, *, status: int = 200, refused: Any = None) -> HttpResponse:
    parked = OutboxMessage.objects.filter(state=OutboxState.PARKED).order_by("-id")
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING).order_by("due_at", "id")
    context = {
        "parked": parked[:SHOWN],
        "waiting": waiting[:SHOWN],
        "panel": refused,
        "may_requeue": request.user.has_perm("core.requeue_message"),
    }
    return render(request, "core/outbox.html", context, status=status)
