"""What of a line technical and production put their names to, and which of their words still count.

A statement or promise counts while its digest is that of the line as it is now; the functions read the object
only, with statements, promises and samples fetched before (`with_words`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from approvals.digests import digest_of
from inventory.queries import propose_supply
from inventory.states import Supply
from orders.content import plain
from orders.states import SampleState


def with_words(order: Any) -> Any:
    """Fetch statements, samples and promises of its lines: a fixed number of queries, however many lines."""
    lines = list(order.lines.all())
    prefetch_related_objects(
        lines,
        "technical_statements__signed_by",
        "technical_statements__as_for__line__order",
        "samples__asked_by",
        "samples__judged_by",
        "promises__promised_by",
    )
    return order


def is_made_to_order(line: Any) -> bool:
    """R2.8: whether its product is made for this order, and not from stock."""
    return bool(line.product_id) and line.product.supply == Supply.MAKE


def making(line: Any) -> dict[str, str]:
    """What is to be made: product, specification, packaging, tolerance, quantity."""
    return {
        "product": line.product.code,
        "standard": line.product.specification,
        "specification": line.specification,
        "packaging": line.packaging,
        "tolerance": line.tolerance,
        "quantity": plain(line.quantity),
        "unit": line.unit,
    }


def making_digest(line: Any) -> str:
    """The fingerprint of what is to be made, which a technical statement and a sample are about."""
    return digest_of(making(line))


def dated_digest(line: Any) -> str:
    """The fingerprint of what is to be made until when, which a promise is about."""
    return digest_of({**making(line), "due_on": line.due_on.isoformat() if line.due_on else ""})


def statement_of(line: Any) -> Any:
    """The technical statement that counts: the newest, if it is about the line as it is; else None."""
    newest = max(line.technical_statements.all(), key=lambda each: each.pk, default=None)
    return newest if newest is not None and newest.digest == making_digest(line) else None


def promise_of(line: Any) -> Any:
    """Production's promise that counts: the newest, if it is about the line as it is; else None."""
    newest = max(line.promises.all(), key=lambda each: each.pk, default=None)
    return newest if newest is not None and newest.digest == dated_digest(line) else None


def sample_on_trial(line: Any) -> Any:
    """The sample of this line whose result is not known yet, or None."""
    return next((each for each in line.samples.all() if each.state == SampleState.OPEN), None)


def sample_judged(line: Any) -> Any:
    """The newest judged sample of what the line asks for, or None."""
    judged = [each for each in line.samples.all() if each.state != SampleState.OPEN]
    about = [each for each in judged if each.digest == making_digest(line)]
    return max(about, key=lambda each: each.pk, default=None)


def is_proven(line: Any) -> bool:
    """Whether a sample of what the line asks for passed."""
    judged = sample_judged(line)
    return judged is not None and judged.state == SampleState.PASSED


def quantities_to_make(lines: Iterable[Any]) -> dict[int, Decimal]:
    """By line id what free stock does not serve now, in the lines' order (R4.1); one question for all."""
    known = [line for line in lines if line.product_id]
    return {each.demand.pk: each.to_make for each in propose_supply(known)}


def lines_to_promise(order: Any) -> list[Any]:
    """R2.9: the lines whose date production promises: made to order, or not served by free stock now."""
    lines = [line for line in order.lines.all() if line.product_id]
    missing = quantities_to_make(lines)
    return [line for line in lines if is_made_to_order(line) or missing[line.pk] > 0]


def lines_to_state(order: Any) -> list[Any]:
    """R2.8: the lines that technical confirms."""
    return [line for line in order.lines.all() if is_made_to_order(line)]


def days_late(line: Any, promised_on: date) -> int:
    """By how many days a promise lies behind the line's due date; zero or less when it keeps it."""
    return (promised_on - line.due_on).days if line.due_on else 0
