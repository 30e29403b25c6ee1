"""Make the groups match the matrix, and see that the system has its own person."""

from __future__ import annotations

from typing import Any

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
    wanted = {role: {known[name] for name in permissions_of(role)} for role in MATRIX}
    return _make_as(wanted)


def _permissions() -> dict[str, int]:
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in rows}


def _make_as(wanted: dict[str, set[int]]) -> list[str]:
    """Give each role's group exactly these permissions, in as many queries for one role as for all."""
    there = set(Group.objects.filter(name__in=wanted).values_list("name", flat=True))
    Group.objects.bulk_create(Group(name=role) for role in wanted if role not in there)
    groups = dict(Group.objects.filter(name__in=wanted).values_list("name", "pk"))
    grants: Any = Group.permissions.through
    has: dict[int, set[int]] = {pk: set() for pk in groups.values()}
    for group, permission in grants.objects.filter(group__in=has).values_list("group_id", "permission_id"):
        has[group].add(permission)
    for role, pk in groups.items():
        if gone := has[pk] - wanted[role]:
            grants.objects.filter(group=pk, permission__in=gone).delete()
    grants.objects.bulk_create(
        grants(group_id=pk, permission_id=each)
        for role, pk in groups.items()
        for each in sorted(wanted[role] - has[pk])
    )
    return [role for role in wanted if role not in there or has[groups[role]] != wanted[role]]
