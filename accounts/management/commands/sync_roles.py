"""Bring the groups in line with accounts/roles.py."""

from django.core.management.base import BaseCommand

from accounts.grants import sync_roles


class Command(BaseCommand):
    help = "Give each role exactly the permissions of accounts/roles.py, and create the system user."

    def handle(self, *args, **options):
        changed = sync_roles()
        print(
            f"{len(changed)} roles changed: {', '.join(changed)}"
            if changed
            else "Roles are as they should be."
        )
