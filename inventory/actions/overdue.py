"""Left lying: finished goods past their due date climb a ladder, each step told once (R4.7, R4.8, R4.11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.inbox import notify, notify_role
from accounts.queries import system_user
from core.audit import record
from core.escalation import fire_once
from core.locks import lock
from core.parameters import Parameter
from inventory.models import Requirement
from inventory.parameters import OVERDUE_IS_ABNORMAL, OVERDUE_TELLS_REP
from inventory.quantities import plain
from inventory.querysets import lies_past

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Level:
    """One step of the ladder: its rule, after how many days from the due date, what is said to whom."""

    number: int
    rule: str
    days: Parameter
    verb: str
    notice: str
    tell: Callable[..., None]


def _tell_rep(requirement: Requirement, notice: str, **facts: Any) -> None:
    if requirement.owner.is_active:
        notify(requirement.owner, notice, **facts)
    else:
        _tell_manager(requirement, notice, **facts)


def _tell_manager(requirement: Requirement, notice: str, **facts: Any) -> None:
    manager = requirement.team.manager
    if manager is not None and manager.is_active:
        notify(manager, notice, **facts)
    else:
        notify_role("general_manager", notice, **facts)


LADDER = (
    Level(1, "R4.7", OVERDUE_TELLS_REP, "stock.overdue_told", "stock_overdue", _tell_rep),
    Level(2, "R4.8", OVERDUE_IS_ABNORMAL, "stock.abnormal_told", "stock_abnormal", _tell_manager),
)


def tell_overdue(*, as_of: datetime) -> int:
    """Tell whom it concerns of finished goods left lying, each level once per line and cycle; how many.

    Days that were missed are caught up at the highest level reached; the levels below count as passed.
    """
    today = timezone.localdate(as_of)
    due = Q()
    for level in LADDER:
        due |= _reached(level, today) & Q(overdue_level__lt=level.number)
    waiting = Requirement.objects.filter(due).order_by("due_on", "pk").values_list("pk", flat=True)
    return sum(_tell_safely(pk, today, as_of) for pk in list(waiting))


def _tell_safely(pk: int, today: date, as_of: datetime) -> int:
    """One requirement that cannot be told of does not keep the others waiting."""
    try:
        return _tell(pk, today, as_of)
    except Exception:
        log.exception("overdue_stock.failed", requirement=pk)
        return 0


def _reached(level: Level, today: date) -> Q:
    return lies_past(today - timedelta(days=level.days.value()))


@transaction.atomic
def _tell(pk: int, today: date, as_of: datetime) -> int:
    requirement = lock(Requirement, pk, "product", "owner", "team__manager")
    reached = [level for level in LADDER if _has_reached(requirement, level, today)]
    if not reached:
        return 0
    highest = reached[-1]
    claimed = Requirement.objects.filter(
        pk=pk,
        finished_on_hand__gt=0,
        lying_cycle=requirement.lying_cycle,
        overdue_level__lt=highest.number,
    ).update(overdue_level=highest.number)
    fires = [
        fire_once(
            subject=requirement,
            rule=level.rule,
            level=level.number,
            cycle=requirement.lying_cycle,
            at=as_of,
        )
        for level in LADDER[: highest.number]
    ]
    if not claimed or not fires[-1]:
        return 0
    _say(requirement, highest, (today - requirement.due_on).days)
    return 1


def _has_reached(requirement: Requirement, level: Level, today: date) -> bool:
    days = timedelta(days=level.days.value())
    return (
        requirement.finished_on_hand > 0
        and requirement.due_on <= today - days
        and requirement.overdue_level < level.number
    )


def _say(requirement: Requirement, level: Level, days: int) -> None:
    facts = {
        "reference": requirement.reference,
        "product": str(requirement.product),
        "quantity": plain(requirement.finished_on_hand),
        "unit": requirement.product.unit,
        "due": str(requirement.due_on),
        "days": days,
    }
    actor = system_user()
    record(level.verb, thread=requirement.thread, actor=actor, subject=requirement.reference, **facts)
    key = f"{level.notice}:{requirement.pk}:{requirement.lying_cycle}"
    level.tell(requirement, level.notice, key=key, link=requirement.link, **facts)
