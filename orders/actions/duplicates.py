"""Likely duplicates, looked at and ruled out by a person (R1.12)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from core.audit import record
from core.rules import Blocked
from orders.gates import duplicates as gates
from orders.models import SalesOrder
from orders.queries import reread


@transaction.atomic
def rule_out_duplicates(
    order: SalesOrder, *, numbers: Collection[str], reason: str, actor: User
) -> SalesOrder:
    """Say that these orders are no duplicates of this one; another twin that appears later asks again.

    Raises Blocked when the order is not the rep's any more, a number is no likely duplicate that this person
    sees, or no reason is given.
    """
    order = reread(order.pk)
    reasons = [
        *gates.RULE_OUT.reasons(order, actor),
        *gates.numbers_are_twins.broken(order, numbers, actor),
        *gates.ruling_out_has_a_reason.broken(order, reason),
    ]
    if reasons:
        raise Blocked(reasons)
    ruled_out = sorted({*order.not_duplicates, *numbers})
    if ruled_out == order.not_duplicates:
        return order
    order.not_duplicates = ruled_out
    order.save(update_fields=["not_duplicates"])
    record(
        "order.duplicates_ruled_out",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        orders=", ".join(sorted(numbers)),
        reason=reason.strip(),
    )
    return order
