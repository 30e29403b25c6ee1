"""Drafts out of a file: composed line by line as in entry, then written all together (R1.13).

What costs time (prices, amounts, totals) is done before the transaction, which only numbers and writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import record_beginnings
from core.rules import Blocked
from orders.actions.draft import begun_order, usual_terms
from orders.actions.lines import fresh_line, prices_of
from orders.content import content_key
from orders.intake.checking import Draft, Look
from orders.intake.problems import Problem, problem
from orders.intake.reading import Entry
from orders.models import ImportBatch, OrderLine, SalesOrder, SourceDocument
from orders.parameters import ORDER_NUMBERS
from orders.pricing import PriceBook

AT_ONCE = 500
LARGEST = Decimal(10) ** 14
ZERO = Decimal(0)
NOT_HEADER = ("customer", "ordered_on", "currency")
LINE_TEXTS = ("packaging", "tolerance", "customer_words")


@dataclass(frozen=True)
class Composed:
    """One order of the file with its lines, priced and counted, unsaved."""

    row: int
    order: SalesOrder
    lines: list[OrderLine]


def compose(look: Look, *, actor: User, tick: Callable[[int], None]) -> list[Composed]:
    """The orders of a look, in the order of the file; told every so often how many lines are priced.

    What cannot be counted becomes a problem of the look, and then nothing is composed.
    """
    drafts = sorted(look.drafts, key=_priced_alike)
    composed: list[Composed] = []
    lines = 0
    for _key, alike in groupby(drafts, key=_priced_alike):
        for each in _composed(list(alike), look.problems, actor):
            composed.append(each)
            lines += len(each.lines)
            tick(lines)
    return [] if look.problems else sorted(composed, key=lambda each: each.row)


def write(composed: list[Composed], *, actor: User, batch: ImportBatch) -> list[str]:
    """Number and write the orders, their lines and the first event of each; in the caller's transaction.

    The customer's own file becomes the source document of each, its mark still to be recorded (R1.1). Gives
    their numbers. IntegrityError when one of them was taken in by somebody else meanwhile.
    """
    by_shop: dict[str, list[Composed]] = {}
    for each in composed:
        by_shop.setdefault(each.order.team.shop, []).append(each)
    for shop in sorted(by_shop):
        numbers = ORDER_NUMBERS.next_several(len(by_shop[shop]), shop=shop)
        for each, number in zip(by_shop[shop], numbers, strict=True):
            each.order.number = number
    SalesOrder.objects.bulk_create([each.order for each in composed], batch_size=AT_ONCE)
    OrderLine.objects.bulk_create((line for each in composed for line in each.lines), batch_size=AT_ONCE)
    if batch.is_source:
        SourceDocument.objects.bulk_create(
            (SourceDocument(order=each.order, file=batch.file, added_by=actor) for each in composed),
            batch_size=AT_ONCE,
        )
    record_beginnings(
        "order.imported",
        actor=actor,
        entries=[(each.order.thread, each.order.number, _told(each, batch)) for each in composed],
    )
    return [each.order.number for each in composed]


def totals(composed: list[Composed]) -> dict[str, str]:
    """What the orders come to, by currency."""
    sums: dict[str, Decimal] = {}
    for each in composed:
        sums[each.order.currency] = sums.get(each.order.currency, ZERO) + each.order.grand_total
    return {currency: str(total) for currency, total in sorted(sums.items())}


def _priced_alike(draft: Draft) -> tuple[int, date]:
    return draft.customer.pk, draft.header.get("ordered_on") or timezone.localdate()


def _composed(drafts: list[Draft], problems: list[Problem], actor: User) -> Iterator[Composed]:
    """Orders of one customer and day: terms and prices are read once."""
    customer = drafts[0].customer
    usual = {"contact_name": "", "ship_to": ""} | usual_terms(customer, {})
    products = {
        entry.values["product"].pk: entry.values["product"] for each in drafts for entry in each.entries
    }
    prices: PriceBook | None = None
    for draft in drafts:
        said = {name: value for name, value in draft.header.items() if name not in NOT_HEADER}
        if "contact_name" in said:
            said.setdefault("contact_phone", "")  # the usual contact's phone is not theirs
        order = begun_order(
            customer=customer,
            actor=actor,
            external_key=draft.key,
            ordered_on=draft.header.get("ordered_on"),
            **(usual | said),
        )
        if prices is None:
            prices = prices_of(order, products.values())
        lines = [
            line
            for position, entry in enumerate(draft.entries, start=1)
            if (line := _line(order, position, entry, prices, problems)) is not None
        ]
        _sum_up(order, lines)
        if order.grand_total >= LARGEST:
            text = _("The order’s amount is too large.")
            problems.append(
                problem(draft.entries[0].row, "customer_order_number", text, order.customer_order_number)
            )
        yield Composed(draft.entries[0].row, order, lines)


def _line(
    order: SalesOrder, position: int, entry: Entry, prices: PriceBook, problems: list[Problem]
) -> OrderLine | None:
    values = entry.values
    share = values.get("discount_share")
    row = {
        "product": values["product"],
        "quantity": values["quantity"],
        "price": values.get("price"),
        "discount_percent": values.get("discount_percent") if share is None else share,
        "tax_rate": values.get("tax_rate"),
        "specification": values.get("specification"),
        "due_on": values.get("line_due_on"),
    }
    try:
        line = fresh_line(order, position, row, prices)
    except Blocked as refusal:
        sentence = refusal.reasons[0]
        problems.append(Problem(entry.row, "quantity", lambda: sentence.sentence, entry.texts["quantity"]))
        return None
    for name in LINE_TEXTS:
        setattr(line, name, values.get(name) or getattr(line, name))
    return line


def _sum_up(order: SalesOrder, lines: list[OrderLine]) -> None:
    """R1.6: the header is the sum of the lines, and freight."""
    order.goods_total = sum((each.goods for each in lines), ZERO)
    order.discount_total = sum((each.discount for each in lines), ZERO)
    order.tax_total = sum((each.tax for each in lines), ZERO)
    order.grand_total = order.goods_total - order.discount_total + order.freight
    order.content_key = content_key((each.product_id, each.quantity) for each in lines)


def _told(each: Composed, batch: ImportBatch) -> dict[str, Any]:
    order, file = each.order, batch.file.name
    facts = {"file": file, "count": len(each.lines), "total": order.grand_total, "currency": order.currency}
    return facts | ({"new": {"source_document": file}} if batch.is_source else {})
