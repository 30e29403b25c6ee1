"""My work: duties by urgency, then what the person waits for, then figures; each opens the list behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.duties import DUTY, FIGURE, WAITING
from accounts.navigation import desk
from core.access import SIGNED_IN, access


@access(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """The role's home."""
    mine = desk(request)
    duties = [each for each in mine.of(DUTY) if each.count]
    context = {
        "duties": duties,
        "done": [each for each in mine.of(DUTY) if not each.count],
        "waiting": [each for each in mine.of(WAITING) if each.count],
        "figures": [
            {
                "label": each.duty.label,
                "value": each.words,
                "url": each.duty.url,
                "icon": each.duty.icon,
            }
            for each in mine.of(FIGURE)
        ],
    }
    return render(request, "accounts/home.html", context)
