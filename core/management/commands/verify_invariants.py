"""Ask every invariant of trust; say which holds and show the rows of which does not."""

from django.core.management.base import BaseCommand, CommandError

from core.invariants import in_order


class Command(BaseCommand):
    help = "Run one query per invariant; exit 1 and print the rows if one does not hold."

    def add_arguments(self, parser):
        parser.add_argument("--only", nargs="*", default=[], metavar="I1", help="ask only these")

    def handle(self, *args, only, **options):
        failed = 0
        for line in in_order(tuple(only)):
            rows = line.broken_rows()
            failed += bool(rows)
            self.stdout.write(f"{'BROKEN' if rows else 'ok':6} {line.number:4} {line.sentence}")
            for row in rows:
                self.stdout.write("         " + ", ".join(f"{name}={value}" for name, value in row.items()))
        if failed:
            raise CommandError(f"{failed} of the invariants do not hold", returncode=1)
