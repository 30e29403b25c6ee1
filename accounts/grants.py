"""Make the groups match the matrix, and see that the system has its own person."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.queries import system_user
from accounts.roles import MATRIX, permissions_of


@transaction.atomic
def sync_roles() -> list[str]:
    """Create the groups, give each exactly its permissions; returns the roles that were changed.

    Raises LookupError when the matrix names a permission that no model declares.
    """
    system_user()
    known = _permissions()
    missing = sorted({name for names in MATRIX.values() for name in names} - known.keys())
    if missing:
        raise LookupError(f"no model declares {', '.join(missing)}")
    return [role for role in MATRIX if _sync(role, (known[name] for name in permissions_of(role)))]


def _permissions() -> dict[str, int]:
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in rows}


def _sync(role: str, wanted: Iterable[int]) -> bool:
    group, created = Group.objects.get_or_create(name=role)
    wanted = set(wanted)
    has = set(group.permissions.values_list("pk", flat=True))
    if has != wanted:
        group.permissions.set(wanted)
    return created or has != wanted
