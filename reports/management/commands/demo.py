"""Build the demo company: people, customers, products, and orders in every state, all through the actions."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from accounts.demo import PASSWORD, PEOPLE, build_people
from accounts.models import Notice
from core import jobs, outbox
from core.audit import acting_from
from invoicing.actions import record_receipt
from invoicing.states import PaymentMethod
from logistics.states import ShipmentState
from orders.models import SalesOrder
from reports.demo.agreed import build_agreements
from reports.demo.company import build_customers, build_goods, build_house
from reports.demo.memos import build_memos
from reports.demo.orders import Walk
from reports.demo.quotations import build_quotations
from reports.demo.timeline import at
from reports.demo.ways import PLANS, walk


class Command(BaseCommand):
    """`manage.py demo [--orders N]`: nothing is done twice; prints the accounts in any case."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--orders", type=int, default=0, help="at most so many orders of each kind")

    def handle(self, *args, orders=0, **options):
        if not settings.DEMO_MODE:
            raise CommandError("The demo company is built in demo mode only (DEMO=1, never in production).")
        outbox.ring_with(None)  # nobody answers yet; the first tick delivers
        with translation.override("zh-hans"), acting_from("demo"):
            people = build_people(PASSWORD)
            if not SalesOrder.objects.exists():
                self._build(people, orders)
        self._show_accounts()

    def _build(self, people, most):
        with transaction.atomic():
            with at(timezone.now() - timedelta(days=400)):
                build_house(people)  # all papers bear its name, the oldest too
            products, customers = build_goods(people), build_customers(people)
        dice = random.Random(20)  # noqa: S311 - the same demo every time, nothing secret
        place = 0
        for way, count, days_ago, due_days in PLANS:
            for number in range(min(count, most) if most else count):
                start = timezone.now() - timedelta(days=days_ago + number % 3, hours=dice.randrange(0, 6))
                trip = Walk(people, customers[(place * 7) % len(customers)], start, due_days, dice)
                with transaction.atomic():
                    walk(way, trip, products)
                place += 1
        with transaction.atomic():
            build_memos(customers)
            build_quotations(customers, products)
        with transaction.atomic():
            build_agreements(people, products, customers)
        self._money_without_a_name(people, customers[9])
        self._open_the_portal(people["customer"])
        for sweep in sorted(jobs.SWEEPS):
            jobs.run_sweep(sweep)
        long_ago = timezone.now() - timedelta(days=2)
        Notice.objects.filter(created_at__lt=long_ago).update(read_at=long_ago)

    def _money_without_a_name(self, people, customer):
        """Money that finance has still to allocate (R6.7)."""
        record_receipt(
            customer=customer,
            amount=Decimal("28600.00"),
            received_on=timezone.localdate(),
            method=PaymentMethod.TRANSFER,
            payer=customer.name,
            reference="TT2026112209",
            actor=people["finance"],
        )

    def _open_the_portal(self, buyer):
        """The demo's buyer works for a customer that has goods under way."""
        gone = SalesOrder.objects.filter(shipments__state=ShipmentState.DISPATCHED)
        buyer.portal_customers.set([(gone.first() or SalesOrder.objects.earliest("pk")).customer])

    def _show_accounts(self):
        self.stdout.write(f"Demo accounts (password: {PASSWORD})")
        for username, (name, roles, team) in PEOPLE.items():
            self.stdout.write(f"  {username:<11} {name:<6} {', '.join(roles)}{f' ({team})' if team else ''}")
