"""What the settings of a served installation must never say."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

SHORTEST_SECRET = 40


@register(Tags.security)
def demo_stays_at_home(**_: Any) -> list[Error]:
    """Demo accounts have published passwords: they open nothing but this machine."""
    if not settings.DEMO_MODE:
        return []
    loopback = {"127.0.0.1", "localhost", "[::1]", "testserver"}
    if settings.DEBUG and set(settings.ALLOWED_HOSTS) <= loopback:
        return []
    return [
        Error(
            "Demo mode is on where others can reach it.",
            hint="Unset DEMO, or run config.settings.dev on 127.0.0.1.",
            id="orderway.E001",
        )
    ]


@register(Tags.security)
def secret_is_a_secret(**_: Any) -> list[Error]:
    """Sessions and links are signed with SECRET_KEY; a short one can be guessed."""
    if (
        settings.DEBUG
        or str(settings.SETTINGS_MODULE).endswith(".test")
        or len(settings.SECRET_KEY) >= SHORTEST_SECRET
    ):
        return []
    return [Error("SECRET_KEY is shorter than 40 characters.", id="orderway.E002")]
