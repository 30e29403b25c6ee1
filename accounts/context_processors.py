"""What every page's shell needs: navigation, unread notices, looks. Asked for only where it is drawn."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.navigation import desk, navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """nav, inbox_unread, person, theme, density, demo_mode."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo_mode": settings.DEMO_MODE, "theme": "system", "density": "comfortable", "nav": []}
    return {
        "nav": SimpleLazyObject(lambda: navigation(request)),
        "inbox_unread": SimpleLazyObject(lambda: desk(request).unread),
        "person": user,
        "theme": user.theme,
        "density": user.density,
        "demo_mode": settings.DEMO_MODE,
    }
