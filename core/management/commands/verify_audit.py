"""Walk the audit chains and name each broken row (R10.1)."""

from django.core.management.base import BaseCommand, CommandError

from core.audit import broken_links
from core.models import Event


class Command(BaseCommand):
    """`manage.py verify_audit [--thread order:…]`: exit status 1 and the rows where tampering shows."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--thread", help="only this chain, e.g. order:HB-20261122-001")

    def handle(self, *args, thread=None, **options):
        broken = 0
        for event, problem in broken_links(thread):
            broken += 1
            self.stderr.write(f"{event or '-'}: {problem}")
        if broken:
            raise CommandError(f"{broken} broken link(s) in the audit chain")
        events = Event.objects.filter(thread=thread) if thread else Event.objects
        self.stdout.write(self.style.SUCCESS(f"{events.count()} audit events verified"))
