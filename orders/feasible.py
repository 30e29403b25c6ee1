"""What of a line technical and production put their names to, and which of their words still count.

A statement or promise counts while its digest is that of the line as it is now; the functions read the object
only, with statements, promises and samples fetched before (`with_words`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from approvals.digests import digest_of
from inventory.queries import available, propose_supply
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
    )
    return with_promises(order)


def with_promises(order: Any) -> Any:
    """Fetch production's promises of its lines, where they are not known yet."""
    lines = list(order.lines.all())
    if lines:
        said = lines[0]._meta.get_field("promises").related_model.objects.select_related("promised_by")
        prefetch_related_objects(lines, Prefetch("promises", said))
    return order


@dataclass(frozen=True)
class Served:
    """How one line is served: so much from free stock, the rest by production (R4.1)."""

    line: Any
    from_stock: Decimal

    @property
    def to_make(self) -> Decimal:
        """What production is asked for."""
        return self.line.quantity - self.from_stock


def free_for(order: Any) -> Mapping[int, Decimal]:
    """What is free of its products, read once for an order as it was read."""
    if not hasattr(order, "free_stock"):
        order.free_stock = available({line.product_id for line in order.lines.all()})
    return order.free_stock


def split_of(order: Any) -> list[Served]:
    """R4.1: how its lines are served: as somebody split them at this release, else free stock first."""
    if not hasattr(order, "split"):
        proposed = propose_supply(order.lines.all(), free=free_for(order))
        order.split = [Served(each.demand, each.from_stock) for each in proposed]
    return order.split


@dataclass(frozen=True)
class LineSupply:
    """Stock and promise of one line (R2.7, R2.9)."""

    line: Any
    from_stock: Decimal
    to_make: Decimal
    said: Any  # production's promise that counts, or None

    @property
    def is_unpromised(self) -> bool:
        """To be made, and nobody has put their name to a day."""
        return self.said is None and (self.to_make > 0 or is_made_to_order(self.line))

    @property
    def promised_on(self) -> date | None:
        """The day as it stands now, slips included; of what is made only once it was promised."""
        if self.said is not None:
            return self.line.promised_on or self.said.promised_on
        return None if self.is_unpromised else self.line.promised_on

    @property
    def late(self) -> int:
        """By how many days the promised day lies behind the asked one; zero or less when it keeps it."""
        return days_late(self.line, self.promised_on) if self.promised_on else 0


def supply_of(order: Any) -> list[LineSupply]:
    """Line by line what is free, what is to be made, and until when: two queries, however many lines."""
    with_promises(order)
    return [
        LineSupply(each.line, each.from_stock, each.to_make, promise_of(each.line))
        for each in split_of(order)
        if each.line.product_id
    ]


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
