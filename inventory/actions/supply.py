"""Requirements: the demands of lines, without knowing what a line is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import Team, User
from core.rules import Blocked
from inventory.gates import quantity_is_in_steps
from inventory.models import Product, Requirement


@dataclass(frozen=True)
class NewRequirement:
    """A demand to be written: `unit_value` in `currency`, tax included; `link` leads to what it is for."""

    product: Product
    quantity: Decimal
    due_on: date
    owner: User
    team: Team
    thread: str
    reference: str
    link: str
    unit_value: Decimal = Decimal(0)
    currency: str = "CNY"


def create_requirement(
    *,
    product: Product,
    quantity: Decimal,
    due_on: date,
    owner: User,
    team: Team,
    thread: str,
    reference: str,
    link: str,
    unit_value: Decimal,
    currency: str,
    actor: User,
) -> Requirement:
    """Write one demand. Raises Blocked when its unit cannot have the quantity (R4.5)."""
    wanted = NewRequirement(
        product, quantity, due_on, owner, team, thread, reference, link, unit_value, currency
    )
    return create_requirements([wanted], actor=actor)[0]


@transaction.atomic
def create_requirements(wanted: Iterable[NewRequirement], *, actor: User) -> list[Requirement]:
    """Write several demands in one statement, in the order given; the caller records what they are for."""
    wanted = list(wanted)
    reasons = [
        reason for each in wanted for reason in quantity_is_in_steps.broken(each.product, each.quantity)
    ]
    if reasons:
        raise Blocked(reasons)
    return Requirement.objects.bulk_create([Requirement(**vars(each)) for each in wanted])
