"""The verbs that move a manager's authority: set limits, end them (R2.2)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Team, User
from approvals import gates
from approvals.authority import authority_of
from approvals.models import AuthorityLimit
from core.audit import record
from core.locks import lock
from core.rules import Blocked, require

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

    They hold in one team or for one product category only, if named. Nothing is overwritten: what held for
    the same people, team and category ends the day before, or at once if it began on the same day; with a
    last day it holds again afterwards. Earlier decisions stand.

    Amounts in company currency, tax included; percentages as 10 for 10 %. Raises Blocked without the right
    and for limits that would bind oneself (R2.10).
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
        created_by=actor,
        reason=reason,
        **limits,
    )
    require(*gates.AUTHORITY, subject=wish, actor=actor)
    before = _before(wish)
    ended = _give_way(wish)
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
    except IntegrityError:
        raise Blocked(gates.day_is_free.broken(wish, actor)) from None
    record(
        "authority.set",
        thread="authority",
        actor=actor,
        **_named(wish),
        reason=reason,
        effective_from=effective_from,
        effective_until=effective_until,
        ended=ended,
        old={name: getattr(before, name) for name in LIMITS},
        new={name: getattr(wish, name) for name in LIMITS},
    )
    return wish


@transaction.atomic
def end_authority(limit: AuthorityLimit, *, on: date, reason: str, actor: User) -> AuthorityLimit:
    """Let limits hold until a day and no longer; then what is less one's own counts again (R2.2).

    Raises Blocked without the right, for limits that bind oneself (R2.10), for days gone by.
    """
    limit = lock(AuthorityLimit, limit.pk, "person", "team")
    limit.ended_on, limit.effective_until = limit.effective_until, on
    limit.reason = reason
    require(*gates.AUTHORITY_END, subject=limit, actor=actor)
    limit.save(update_fields=["effective_until"])
    record(
        "authority.ended",
        thread="authority",
        actor=actor,
        **_named(limit),
        reason=reason,
        effective_from=limit.effective_from,
        old={"effective_until": limit.ended_on},
        new={"effective_until": on},
        until=on,
    )
    return limit


def _named(row: AuthorityLimit) -> dict[str, Any]:
    """Whose limits, as an event names them."""
    return {
        "subject": str(row.person or row.role or "*"),
        "team": row.team or "",
        "category": row.category,
    }


def _give_way(wish: AuthorityLimit) -> list[int]:
    """End what the new limits take the place of; answers which rows that were."""
    first = wish.effective_from
    same = AuthorityLimit.objects.beside(wish).filter(replaced_at=None)
    rows = list(same.select_for_update(of=("self",)).filter(effective_from__lte=first).order_by("pk"))
    running = [row for row in rows if row.effective_until is None or row.effective_until >= first]
    replaced = [row.pk for row in rows if row.effective_from == first]
    same.filter(pk__in=replaced).update(replaced_at=timezone.now())
    if wish.effective_until is not None:
        return replaced
    ended = [row.pk for row in running if row.effective_from < first]
    same.filter(pk__in=ended).update(effective_until=first - timedelta(days=1))
    return [*replaced, *ended]


def _before(wish: AuthorityLimit) -> AuthorityLimit:
    """The row that this one takes the place of; the usual figures where there is none."""
    rows = AuthorityLimit.objects.in_force(wish.effective_from).beside(wish)
    return rows.order_by("-effective_from").first() or authority_of(wish.person_id, on=wish.effective_from)
