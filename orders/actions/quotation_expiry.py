"""Quotations whose validity ends: their rep is told before, and when it is over, once each (R1.14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.inbox import notify
from accounts.queries import system_user
from core.audit import record
from core.escalation import fire_once, subject_type
from core.locks import lock
from core.models import Escalation
from orders.models import Quotation
from orders.parameters import QUOTATION_WARNS
from orders.states import QuotationState

log = structlog.get_logger(__name__)
RULE = "R1.14"
SOON, OVER = 1, 2


def tell_expiring(*, as_of: datetime) -> int:
    """Tell the rep of each sent quotation that expires soon, and that expired; how many were told.

    One that expired while no sweep ran is told as expired only. Run twice, the effect is once.
    """
    today = timezone.localdate(as_of)
    soon = Quotation.objects.expiring(on=today, days=QUOTATION_WARNS.value())
    waiting = soon.filter(
        Q(valid_until__gte=today) & ~_fired(SOON) | Q(valid_until__lt=today) & ~_fired(OVER)
    )
    due = list(waiting.order_by("valid_until", "pk").values_list("pk", flat=True))
    return sum(_tell_safely(pk, today, as_of) for pk in due)


def _fired(level: int) -> Exists:
    return Exists(
        Escalation.objects.filter(
            subject_type=subject_type(Quotation),
            subject_id=Cast(OuterRef("pk"), CharField()),
            rule=RULE,
            level=level,
        )
    )


def _tell_safely(pk: int, today: date, as_of: datetime) -> int:
    """One quotation that cannot be told of does not keep the others waiting."""
    try:
        return _tell(pk, today, as_of)
    except Exception:
        log.exception("quotation_expiry.failed", quotation=pk)
        return 0


@transaction.atomic
def _tell(pk: int, today: date, as_of: datetime) -> int:
    quotation = lock(Quotation, pk, "customer", "owner", "team__manager")
    until = quotation.valid_until
    warned_until = today + timedelta(days=QUOTATION_WARNS.value())
    if quotation.state != QuotationState.SENT or until is None or until > warned_until:
        return 0
    level = OVER if until < today else SOON
    fires = [fire_once(subject=quotation, rule=RULE, level=each, at=as_of) for each in range(1, level + 1)]
    if not fires[-1]:
        return 0
    facts = {"quotation": str(quotation), "customer": quotation.customer.name, "until": until}
    kind = "quotation_expired" if level == OVER else "quotation_expiring"
    person = quotation.owner if quotation.owner.is_active else quotation.team.manager
    if person is not None:
        notify(person, kind, key=f"{kind}:{quotation}", link=quotation.get_absolute_url(), **facts)
    verb = "quotation.expired_told" if level == OVER else "quotation.expiring_told"
    record(
        verb,
        thread=quotation.thread,
        actor=system_user(),
        subject=str(quotation),
        until=until,
        person=str(person or "–"),
    )
    return 1
