"""What the door shows: in demo mode the people one may be."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from accounts.demo import PASSWORD, PEOPLE
from accounts.roles import ROLES

register = template.Library()


@register.simple_tag
def demo_accounts() -> dict[str, Any]:
    """`{% demo_accounts as demo %}`: password, people = [{username, name, role}]; empty outside demo mode."""
    if not settings.DEMO_MODE:
        return {}
    people = [
        {"username": username, "name": name, "role": ROLES[roles[0]]}
        for username, (name, roles, _team) in PEOPLE.items()
    ]
    return {"password": PASSWORD, "people": people}
