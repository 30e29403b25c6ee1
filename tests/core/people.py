"""People for the ground floor's tests."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

ADMINISTERS = (
    "read_parameter",
    "change_parameter",
    "edit_calendar",
    "read_audit",
    "read_outbox",
    "requeue_message",
    "change_exchangerate",
)


def person(username="anyone", **fields):
    """Somebody who is signed in and holds nothing."""
    return get_user_model().objects.create_user(username, password="long-enough-1", **fields)


def administrator(username="admin"):
    """Somebody who holds what the ground floor's pages ask for."""
    user = person(username)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="core", codename__in=ADMINISTERS)
    )
    return get_user_model().objects.get(pk=user.pk)
