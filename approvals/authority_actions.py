"""The verb that moves a manager's authority (R2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import Team, User
from approvals import gates
from approvals.authority import authority_of
from approvals.models import AuthorityLimit
from core.audit import record
from core.rules import require

LIMITS = (
    "max_amount",
    "max_discount",
    "max_deviation",
    "min_margin",
    "max_payment_days",
    "may_exceed_credit",
    "may_special",
)


@transaction.atomic
def set_authority(
    *,
    actor: User,
    person: User | None,
    max_amount: Decimal,
    max_discount: Decimal,
    max_deviation: Decimal,
    min_margin: Decimal,
    max_payment_days: int,
    may_exceed_credit: bool,
    may_special: bool = False,
    effective_from: date,
    effective_until: date | None = None,
    role: str = "",
    team: Team | None = None,
    category: str = "",
    reason: str,
) -> AuthorityLimit:
    """Set the limits of a person, of a role, or with neither of every manager, for a span of days.

    They hold in one team or for one product category only, if named. Earlier decisions stand.

    Amounts in company currency, tax included; percentages as 10 for 10 %. Raises Blocked without the right
    and for oneself (R2.10).
    """
    limits = {
        "max_amount": max_amount,
        "max_discount": max_discount,
        "max_deviation": max_deviation,
        "min_margin": min_margin,
        "max_payment_days": max_payment_days,
        "may_exceed_credit": may_exceed_credit,
        "may_special": may_special,
    }
    wish = AuthorityLimit(
        person=person,
        role=role,
        team=team,
        category=category,
        effective_from=effective_from,
        effective_until=effective_until,
        **limits,
    )
    require(*gates.AUTHORITY, subject=wish, actor=actor)
    before = _before(wish)
    limit, _created = AuthorityLimit.objects.update_or_create(
        person=person,
        role=role,
        team=team,
        category=category,
        effective_from=effective_from,
        defaults={**limits, "effective_until": effective_until, "created_by": actor, "reason": reason},
    )
    record(
        "authority.set",
        thread="authority",
        actor=actor,
        subject=str(person or role or "*"),
        team=team or "",
        category=category,
        reason=reason,
        effective_from=effective_from,
        effective_until=effective_until,
        old={name: getattr(before, name) for name in LIMITS},
        new={name: getattr(limit, name) for name in LIMITS},
    )
    return limit


def _before(wish: AuthorityLimit) -> AuthorityLimit:
    """The row that this one takes the place of; the usual figures where there is none."""
    rows = AuthorityLimit.objects.in_force(wish.effective_from).filter(
        person=wish.person, role=wish.role, team=wish.team, category=wish.category
    )
    return rows.order_by("-effective_from").first() or authority_of(wish.person_id, on=wish.effective_from)
