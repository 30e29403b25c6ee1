"""Left uninvoiced: a month after dispatch the rep is asked, a week later it is a problem (R6.3, R6.4)."""

from __future__ import annotations

from datetime import datetime
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
from invoicing.querysets import is_problem, is_uninvoiced, limit_of
from logistics.models import Shipment

log = structlog.get_logger(__name__)
ASKED, PROBLEM = 1, 2
RULE = {ASKED: "R6.3", PROBLEM: "R6.4"}


def tell_uninvoiced(*, as_of: datetime) -> int:
    """Tell whom it concerns of shipments past their time for invoicing, each level once; how many.

    Days that were missed are caught up at the level reached; the one below then counts as passed (R4.11).
    """
    due = Q(uninvoiced_level__lt=ASKED) & is_uninvoiced(as_of)
    due |= Q(uninvoiced_level__lt=PROBLEM) & is_problem(as_of)
    waiting = Shipment.objects.filter(due).order_by("dispatched_at", "pk").values_list("pk", flat=True)
    return sum(_tell_safely(pk, as_of) for pk in list(waiting))


def _tell_safely(pk: int, as_of: datetime) -> int:
    """One shipment that cannot be told of does not keep the others waiting."""
    try:
        return _tell(pk, as_of)
    except Exception:
        log.exception("uninvoiced.failed", shipment=pk)
        return 0


@transaction.atomic
def _tell(pk: int, as_of: datetime) -> int:
    shipment = lock(Shipment, pk, "order__owner", "order__customer", "team__manager")
    mine = Shipment.objects.filter(pk=pk)
    level = PROBLEM if mine.filter(is_problem(as_of)).exists() else ASKED
    claimed = mine.filter(is_uninvoiced(as_of), uninvoiced_level__lt=level).update(uninvoiced_level=level)
    if not claimed:
        return 0
    fires = [
        fire_once(subject=shipment, rule=RULE[each], level=each, at=as_of) for each in range(1, level + 1)
    ]
    if not fires[-1]:
        return 0
    _say(shipment, level, as_of)
    return 1


def _say(shipment: Shipment, level: int, as_of: datetime) -> None:
    left = shipment.billable - shipment.invoiced_value
    facts = {
        "shipment": shipment.number,
        "order": shipment.order.number,
        "left": f"{left:,.2f} {shipment.currency}",
        "limit": limit_of(shipment.dispatched_at).isoformat(),
        "days": (timezone.localdate(as_of) - timezone.localdate(shipment.dispatched_at)).days,
    }
    link, key = shipment.get_absolute_url(), f"uninvoiced:{shipment.pk}:{level}"
    actor = system_user()
    if level == ASKED:
        record(
            "shipment.invoice_asked", thread=shipment.thread, actor=actor, subject=shipment.number, **facts
        )
        _tell_rep(shipment, "shipment_uninvoiced", key=key, link=link, **facts)
        return
    record("shipment.invoice_problem", thread=shipment.thread, actor=actor, subject=shipment.number, **facts)
    _tell_rep(shipment, "shipment_problem", key=key, link=link, **facts)
    _tell_manager(shipment, "shipment_problem", key=key, link=link, **facts)


def _tell_rep(gone: Shipment, notice: str, **facts: Any) -> None:
    """Whose order it is; who left the house learns nothing, so the manager does."""
    if gone.order.owner.is_active:
        notify(gone.order.owner, notice, **facts)
    else:
        _tell_manager(gone, notice, **facts)


def _tell_manager(gone: Shipment, notice: str, **facts: Any) -> None:
    manager = gone.team.manager
    if manager is not None and manager.is_active:
        notify(manager, notice, **facts)
    else:
        notify_role("general_manager", notice, **facts)
