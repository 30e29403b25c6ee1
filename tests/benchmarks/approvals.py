"""Inbox and order list with 200,000 steps: `python -m tests.benchmarks.approvals [--steps 200000]`.

Needs PostgreSQL on this machine (TEST_DATABASE_URL). Makes a database of its own (orderway_benchmark), brings
five orders to their states through the verbs, copies their rows in bulk, measures, and drops the database.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
NAME = "orderway_benchmark"
STRIDE = 1000
FEW = 3  # copies of each template that make some 50 steps
#: state → how many of 200,000 steps' orders are in it
SHARES = {"beyond": 30_000, "approved": 15_000, "east": 11_000, "manager": 400, "general": 200}
PAGES = {
    "inbox, mine": "/approvals/",
    "inbox, decided": "/approvals/?show=decided",
    "inbox, decided, page 200": "/approvals/?show=decided&page=200",
    "order list": "/orders/",
    "order list, under review": "/orders/?state=in_review",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=100)
    asked = parser.parse_args()
    django.setup()
    from django.db import connection  # noqa: PLC0415  (after setup)

    if connection.vendor != "postgresql" or connection.settings_dict["HOST"] not in (
        "127.0.0.1",
        "localhost",
    ):
        sys.exit("TEST_DATABASE_URL must name a PostgreSQL on this machine")
    logging.disable(logging.INFO)
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        measure(asked.steps / 200_000, asked.requests)
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(scale: float, requests: int) -> None:
    """The same requests with few steps and with many."""
    from approvals.models import Step  # noqa: PLC0415

    world, templates = build()
    copy(templates, {name: (1, FEW) for name in templates})
    few = {who: ask(world, who, requests // 4) for who in ("manager", "gm")}
    small = Step.objects.count()
    copy(templates, {name: (FEW + 1, round(SHARES[name] * scale)) for name in templates})
    many = {who: ask(world, who, requests) for who in ("manager", "gm")}
    tell(f"{Step.objects.count():,} steps against {small}; {requests} requests each, milliseconds")
    tell("| page | as | queries | few: queries | p50 | p95 | few: p50 |")
    for who in many:
        for page, (queries, times) in many[who].items():
            before, fast = few[who][page]
            p95 = statistics.quantiles(times, n=20)[-1]
            tell(
                f"| {page} | {who} | {queries} | {before} | {statistics.median(times):.0f} | {p95:.0f} "
                f"| {statistics.median(fast):.0f} |"
            )


def build():
    """Five orders, each in a state that the verbs have brought it to; their ids and their cases' ids."""
    from tests import orders_world as desk  # noqa: PLC0415
    from tests.shipping_world import credit_customer  # noqa: PLC0415
    from tests.world import World  # noqa: PLC0415

    world = World()
    desk.product(world, "BRG-6204", stock=10_000_000)
    found = {}
    for place, name in enumerate(SHARES):
        owner = world.rep2 if name == "east" else world.rep
        buyer = credit_customer(world, 9_000_000_000, code=f"C-{place}", email="", owner=owner)
        quantity = "6000" if name in ("beyond", "general") else "10"
        order = desk.order_in_review(world, of=buyer, actor=owner, lines=(("BRG-6204", quantity),))
        manager = "manager2" if name == "east" else "manager"
        people = ["support2", "finance"]
        people += [manager] if name != "manager" else []
        people += ["gm"] if name == "beyond" else []
        for who in people:
            order = desk.decide(world, order, who)
        found[name] = desk.again(order)
    return world, found


def copy(templates, spans) -> None:
    """Rows of each template again, their ids moved by a stride; nothing is invented but numbers and days."""
    from django.db import connection  # noqa: PLC0415

    from approvals.models import Case, Step, StepGroupPermission, StepUserPermission  # noqa: PLC0415
    from orders.models import OrderLine, SalesOrder  # noqa: PLC0415

    moved = " + k * " + str(STRIDE)
    named = dict.fromkeys(("number", "reference", "thread", "link", "title"), " || '-' || k")
    days = dict.fromkeys(
        ("opened_at", "decided_at", "created_at", "state_since", "submitted_at", "approved_at"),
        " - k * interval '1 minute'",
    )
    tables = (
        (Case, "id", "case_id"),
        (SalesOrder, "id", "order_id"),
        (OrderLine, "order_id", "order_id"),
        (Step, "case_id", "case_id"),
        (Step.barred.through, "step_id", "steps"),
        (StepGroupPermission, "content_object_id", "steps"),
        (StepUserPermission, "content_object_id", "steps"),
    )
    with connection.cursor() as cursor:
        for name, order in templates.items():
            first, last = spans[name]
            ids = {"case_id": [order.case_id], "order_id": [order.pk]}
            ids["steps"] = list(order.case.steps.values_list("pk", flat=True))
            for model, column, which in tables:
                owned = {"id": moved, "case_id": moved, "order_id": moved, "step_id": moved}
                owned |= {"content_object_id": moved, **named, **days}
                columns = [each.column for each in model._meta.local_concrete_fields]
                wanted = ", ".join(f'"{each}"{owned.get(each, "")}' for each in columns)
                into = ", ".join(f'"{each}"' for each in columns)
                cursor.execute(
                    f'INSERT INTO "{model._meta.db_table}" ({into}) SELECT {wanted} '
                    f'FROM "{model._meta.db_table}", generate_series(%s, %s) k WHERE "{column}" = ANY(%s)',
                    [first, last, ids[which]],
                )
        cursor.execute("ANALYZE")


def ask(world, who, requests):
    """Queries of one request and the milliseconds of so many, by page."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client, found = world.client(who), {}
    for page, url in PAGES.items():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
            count = len(queries)
        assert answer.status_code == 200, url
        times = []
        for _each in range(requests):
            began = time.perf_counter()
            client.get(url)
            times.append((time.perf_counter() - began) * 1000)
        found[page] = (count, times)
    return found


if __name__ == "__main__":
    main()
