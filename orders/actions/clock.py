"""The processing clock: from submission to release or refusal, warned once, its breach told once (R1.5)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify, notify_all, notify_role
from accounts.models import User
from accounts.queries import office_holders, people_with_role, substitutes, system_user
from approvals.awaited import turn_of
from core.audit import record
from core.calendar import deadline
from core.escalation import fire_once
from core.locks import lock
from orders.models import SalesOrder
from orders.parameters import CLOCK_OF, CLOCK_WARNS
from orders.states import OrderState

log = structlog.get_logger(__name__)
RULE = "R1.5"
WARNED, BREACHED = 1, 2
STARTED = ("clock_warns_at", "clock_ends_at", "clock_stopped_at", "clock_round", "clock_told")
STOPPED = ("clock_stopped_at", "clock_told")


def start_clock(order: SalesOrder) -> tuple[str, ...]:
    """Let the clock of the order's class run from its submission, anew each time; the fields to save.

    Working hours for normal and special orders, hours by the wall for urgent ones; by the parameters in force
    at the submission.
    """
    begun = order.submitted_at or timezone.now()
    clock = CLOCK_OF[order.klass]
    span = clock.value(begun)
    order.clock_warns_at = deadline(begun, span * CLOCK_WARNS.value(begun) / Decimal(100), clock.kind)
    order.clock_ends_at = deadline(begun, span, clock.kind)
    order.clock_stopped_at, order.clock_told = None, 0
    order.clock_round += 1
    return STARTED


def stop_clock(order: SalesOrder) -> tuple[str, ...]:
    """Stop it at release, refusal, return, withdrawal or cancellation; the fields to save.

    A clock that stops late is a breach, whether or not the job came by: it is told here, unless it was.
    """
    if order.clock_ends_at is not None and order.clock_stopped_at is None:
        order.clock_stopped_at = timezone.now()
        if order.clock_stopped_at > order.clock_ends_at and _claims(order, BREACHED, order.clock_stopped_at):
            order.clock_told = BREACHED
            _breach(order)
    return STOPPED


def tell_clocks(*, as_of: datetime) -> int:
    """Warn of the clocks that are nearly used up, and tell of those that ran out; each level once a round.

    A level that was never reached in time because the job did not run is not told late: past its end an
    order's breach is told, not its warning.
    """
    due = list(
        SalesOrder.objects.clock_due(as_of=as_of).order_by("clock_ends_at").values_list("pk", flat=True)
    )
    return sum(_tell_safely(pk, as_of) for pk in due)


def _tell_safely(pk: int, as_of: datetime) -> int:
    """One order that cannot be told of does not keep the others waiting."""
    try:
        return _tell(pk, as_of)
    except Exception:
        log.exception("clock.failed", order=pk)
        return 0


@transaction.atomic
def _tell(pk: int, as_of: datetime) -> int:
    order = lock(SalesOrder, pk, "customer", "owner", "team__manager")
    if not SalesOrder.objects.clock_due(as_of=as_of).filter(pk=pk).exists():
        return 0
    level = BREACHED if order.clock_ends_at is not None and order.clock_ends_at <= as_of else WARNED
    ours = _claims(order, level, as_of)
    SalesOrder.objects.filter(pk=pk, clock_told__lt=level).update(clock_told=level)
    if not ours:
        return 0
    if level == BREACHED:
        _breach(order)
    else:
        _warn(order)
    return 1


def _claims(order: SalesOrder, level: int, at: datetime) -> bool:
    """Whether this level of the order's present round is ours to tell; a breach uses up its warning."""
    ours = fire_once(subject=order, rule=RULE, level=WARNED, cycle=order.clock_round, at=at)
    if level == BREACHED:
        ours = fire_once(subject=order, rule=RULE, level=BREACHED, cycle=order.clock_round, at=at)
    return ours


def _warn(order: SalesOrder) -> None:
    """R1.5: the rep, and those whose turn it is."""
    told = _notice(order, "clock_warns")
    notify(order.owner, "clock_warns", **told)
    if order.state == OrderState.IN_REVIEW and order.case is not None:
        notify_all(_deciders(order), "clock_warns", **told)
    else:
        notify_role("business_support", "clock_warns", **told)


def _breach(order: SalesOrder) -> None:
    """R1.5: recorded once, and told to those who stand above, and to whom they named as substitute."""
    record(
        "order.clock_breached",
        thread=order.thread,
        actor=system_user(),
        subject=order.number,
        klass=order.klass,
        since=_shown(order.submitted_at),
        until=_shown(order.clock_ends_at),
    )
    above = [*people_with_role("support_lead"), *([order.team.manager] if order.team.manager else [])]
    away = User.objects.filter(pk__in=substitutes(each.pk for each in above))
    notify_all([*above, *away], "clock_breached", **_notice(order, "clock_breached"))


def _deciders(order: SalesOrder) -> list[User]:
    """Those whose turn it is by the open steps, and who stands in for them."""
    turn: set[int] = set()
    for step in order.case.steps.open().select_related("case__team") if order.case else ():
        whose = turn_of(step)
        turn |= {*whose["_people"], *office_holders(whose["_opened_by"], order.team)} - {*whose["_not_for"]}
    return list(User.objects.filter(pk__in=turn | substitutes(turn)).order_by("pk"))


def _notice(order: SalesOrder, kind: str) -> dict[str, str]:
    return {
        "key": f"order:{order.number}:{kind}:{order.clock_round}",
        "link": order.get_absolute_url(),
        "order": order.number,
        "customer": order.customer.name,
        "until": _shown(order.clock_ends_at),
    }


def _shown(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else ""
