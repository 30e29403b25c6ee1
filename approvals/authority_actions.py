"""The verb that moves a manager's authority (R2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.authority import authority_of
from approvals.models import AuthorityLimit
from core.audit import record
from core.rules import Blocked, Reason

LIMITS = (
    "max_amount",
    "max_discount",
    "max_deviation",
    "min_margin",
    "max_payment_days",
    "may_exceed_credit",
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
    effective_from: date,
    reason: str,
) -> AuthorityLimit:
    """Set one manager's authority, or with no person every manager's, from a day on; earlier decisions stand.

    Amounts in company currency, tax included; percentages as 10 for 10 %. Raises Blocked without the right
    and for oneself (R2.10).
    """
    reasons = []
    if not actor.has_perm("approvals.change_authoritylimit"):
        reasons.append(Reason("R10.2", "permission", _("Your role does not open this step.")))
    if person is not None and person.pk == actor.pk:
        reasons.append(Reason("R2.10", "own", _("Nobody sets their own authority.")))
    if reasons:
        raise Blocked(reasons)
    before = authority_of(person.pk if person else None, on=effective_from)
    limit, _created = AuthorityLimit.objects.update_or_create(
        person=person,
        effective_from=effective_from,
        defaults={
            "max_amount": max_amount,
            "max_discount": max_discount,
            "max_deviation": max_deviation,
            "min_margin": min_margin,
            "max_payment_days": max_payment_days,
            "may_exceed_credit": may_exceed_credit,
        },
    )
    record(
        "authority.set",
        thread="authority",
        actor=actor,
        subject=str(person) if person else "*",
        reason=reason,
        effective_from=effective_from,
        old={name: getattr(before, name) for name in LIMITS},
        new={name: getattr(limit, name) for name in LIMITS},
    )
    return limit
