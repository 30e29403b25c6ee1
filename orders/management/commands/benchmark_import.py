"""`manage.py benchmark_import --lines 10000`: how long an import takes and how much memory; nothing stays.

The file is made here, brought, checked and taken in through the verbs of the page, in a transaction that is
rolled back, so it may be run on any database that nobody works on.
"""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from accounts.models import User
from accounts.queries import people_with_role, system_user
from core.audit import acting_from
from core.files import path_of
from customers.actions import create_customer
from inventory.actions import import_products
from inventory.models import PriceList
from orders.actions import intake
from orders.intake.working import work_on
from orders.models import ImportBatch

PRODUCTS, CUSTOMERS = 500, 40
HEAD = [
    "Customer’s order number",
    "Customer",
    "Ordered on",
    "Due",
    "Product",
    "Quantity",
    "Price",
    "Discount, %",
]


class Command(BaseCommand):
    help = "Measure the import of a file of orders; nothing of it stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lines", type=int, default=10_000)
        parser.add_argument("--lines-an-order", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        rep = people_with_role("sales_rep").filter(team__isnull=False).select_related("team").first()
        if rep is None:
            raise CommandError("there is no sales rep with a team")
        with acting_from("job benchmark_import"), transaction.atomic():
            _market(rep)
            content = _file(options["lines"], options["lines_an_order"])
            self.stdout.write(f"{connection.vendor}: {options['lines']} lines, {len(content) // 1024} KB")
            self._measure(content, rep)
            transaction.set_rollback(True)

    def _measure(self, content: bytes, rep: User) -> None:
        began = time.perf_counter()
        upload = SimpleUploadedFile("benchmark.xlsx", content)
        batch = self._timed("upload", lambda: intake.upload_orders(upload=upload, actor=rep)[0])
        for step, verb in (("check", intake.check_import), ("take", intake.take_import)):
            sent = verb(batch, actor=rep)
            order = {"batch_id": batch.pk, "run": sent.run, "step": step}
            self._timed(step, lambda order=order: work_on(**order))
            batch = ImportBatch.objects.select_related("file").get(pk=batch.pk)
        path_of(batch.file.key).unlink(missing_ok=True)
        self.stdout.write(f"whole: {time.perf_counter() - began:.1f} s")
        self.stdout.write(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        self.stdout.write(f"{batch.get_state_display()}: {len(batch.made)} orders, {batch.row_count} lines")

    def _timed(self, name: str, step: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        done = step()
        self.stdout.write(f"{name}: {time.perf_counter() - began:.1f} s")
        return done


def _market(rep: User) -> None:
    prices = PriceList.objects.create(name="Benchmark", currency="CNY", valid_from="2020-01-01")
    rows = [
        {"code": f"BENCH-{number:04}", "name": f"Benchmark {number}", "price": Decimal("18.60")}
        for number in range(PRODUCTS)
    ]
    import_products(rows, price_list=prices, actor=system_user())
    for number in range(CUSTOMERS):
        create_customer(
            code=f"BENCH-{number:02}",
            name=f"Benchmark {number}",
            owner=rep,
            team=rep.team,
            actor=system_user(),
        )


def _file(lines: int, lines_an_order: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEAD)
    for number in range(lines):
        order = number // lines_an_order
        sheet.append(
            [
                f"PO-{order:06}",
                f"BENCH-{order % CUSTOMERS:02}",
                f"2026-11-{order % 20 + 1:02}",
                "2026-12-24",
                f"BENCH-{number * 7 % PRODUCTS:04}",
                number % 90 + 1,
                "" if number % 3 else "17.95",
                "5" if number % 4 == 0 else "",
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
