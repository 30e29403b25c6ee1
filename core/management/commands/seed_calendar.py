"""Take China's official holidays and make-up days into the working calendar."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.calendar_actions import is_official, seed_calendar


class Command(BaseCommand):
    help = "Write the official days of the years (last year to two years ahead); twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--years", nargs="*", type=int, metavar="2026", help="only these years")

    def handle(self, *args, years, **options):
        this_year = timezone.localdate().year
        years = years or range(this_year - 1, this_year + 3)
        if any(not 2000 <= year <= 2100 for year in years):
            raise CommandError("A year lies between 2000 and 2100.")
        system = get_user_model().objects.filter(is_system=True).first()
        if system is None:
            raise CommandError("There is no system user yet; run manage.py migrate first.")
        for year, changed in seed_calendar(years=years, actor=system).items():
            known = "official" if is_official(year) else "provisional"
            self.stdout.write(f"{year}: {changed} days changed ({known})")
