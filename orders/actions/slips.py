"""The price of a late confirmation: each working day moves the promised dates by one, once (R1.11).

The delay counts from the day on which the mail left, and not while the house settles a "not right". An answer
that is recorded later than it came takes the days after it back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify
from accounts.models import User
from accounts.queries import system_user
from core.audit import record, record_all
from core.calendar import add_working_days, deadline_day, is_working_day
from core.parameters import Kind
from orders import gates
from orders.models import OrderConfirmation, OrderLine, PromiseSlip, SalesOrder
from orders.parameters import SLIP_DAYS
from orders.queries import reread
from orders.states import ConfirmationState

log = structlog.get_logger(__name__)
SHOWN_LINES = 40


def slip_promises(*, as_of: datetime) -> int:
    """Move the promised dates of every order whose confirmation is late; how many days in all.

    Each order and day counts once, whenever and however often the job runs; days it missed are caught up.
    """
    today = timezone.localdate(as_of)
    return sum(_slip_safely(pk, today) for pk in _late(today))


def take_back_slips(order: SalesOrder, *, after: date, actor: User) -> int:
    """The answer came on this day: what slipped for later days moves back; how many days.

    Called in the transaction of the answer.
    """
    live = order.slips.filter(taken_back_at=None)
    late = live.filter(on__gt=after)
    count, slipped = late.count(), live.count()
    if not count:
        return 0
    moved = [line for line in order.lines.all() if line.promised_on and line.first_promised_on]
    sent = gates.newest(order)
    told = _move_back(moved, slipped, slipped - count, SLIP_DAYS.value(sent.sent_at if sent else None))
    OrderLine.objects.bulk_update(moved, ["promised_on"])
    late.update(taken_back_at=timezone.now())
    record(
        "order.promise_regained",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        on=after,
        count=count,
        **told,
    )
    return count


def _late(today: date) -> list[int]:
    """Orders whose confirmation left before the last counted day, and have no slip for that day yet."""
    late: list[int] = []
    last = {Kind.WORKING_DAYS: add_working_days(today + timedelta(1), -1), Kind.DAYS: today}
    for day in set(last.values()):
        morning = timezone.make_aware(datetime.combine(day, datetime.min.time()))
        found = SalesOrder.objects.outstanding().filter(
            state__in=gates.CONFIRM.states,
            confirmations__state=ConfirmationState.SENT,
            confirmations__left_at__lt=morning,
        )
        done = PromiseSlip.objects.filter(on=day).values("order")
        late += found.exclude(pk__in=done).values_list("pk", flat=True)
    return sorted(set(late))


def _slip_safely(pk: int, today: date) -> int:
    """One order that cannot be moved does not keep the others waiting."""
    try:
        return _slip(pk, today)
    except Exception:
        log.exception("slip.failed", order=pk)
        return 0


@transaction.atomic
def _slip(pk: int, today: date) -> int:
    order = reread(pk)
    sent = gates.newest(order)
    if order.state not in gates.CONFIRM.states or order.confirmed_at is not None:
        return 0
    if sent is None or sent.state != ConfirmationState.SENT:
        return 0
    known = {each.on: each for each in order.slips.all()}
    kind = SLIP_DAYS.value(sent.sent_at)
    missed = [day for day in _days_late(order, sent, today, kind) if day not in known]
    lines = [line for line in order.lines.all() if line.promised_on and line.open_quantity > 0]
    if not missed or not lines:
        return 0
    so_far = sum(each.taken_back_at is None for each in known.values())
    PromiseSlip.objects.bulk_create(
        PromiseSlip(order=order, on=day, days=so_far + place) for place, day in enumerate(missed, start=1)
    )
    entries = [(order.number, {"on": day, **_move(lines, kind)}) for day in missed]
    OrderLine.objects.bulk_update(lines, ["promised_on", "first_promised_on"])
    record_all("order.promise_slipped", thread=order.thread, actor=system_user(), entries=entries)
    _tell(order, so_far + len(missed), missed[-1])
    return len(missed)


def _days_late(order: SalesOrder, sent: OrderConfirmation, today: date, kind: str) -> list[date]:
    """The days that count: sent again unchanged, the delay goes on; while the house settles a dispute, or
    nothing is out that could be answered, it does not.
    """
    same = [each for each in order.confirmations.all() if each.digest == sent.digest and each.left_at]
    same.sort(key=lambda each: each.issue)
    counted: set[date] = set()
    for place, each in enumerate(same):
        until = today if each is same[-1] else min(_left_on(same[place + 1]), _closed_on(each))
        if each.disputed_at is not None:
            until = min(until, timezone.localdate(each.disputed_at))
        first = _left_on(each)
        counted |= {first + timedelta(day) for day in range(1, (until - first).days + 1)}
    return [day for day in sorted(counted) if kind == Kind.DAYS or is_working_day(day)]


def _closed_on(sent: OrderConfirmation) -> date:
    """When it could no longer be answered: another took its place, or the order was opened again."""
    return timezone.localdate(sent.state_since)


def _left_on(sent: OrderConfirmation) -> date:
    return timezone.localdate(sent.left_at or sent.sent_at)


def _move(lines: list[OrderLine], kind: str) -> dict[str, dict[str, str]]:
    """Each promised date a day later; old and new for the timeline."""
    old, new = {}, {}
    for line in lines:
        before = line.promised_on
        line.first_promised_on = line.first_promised_on or before
        line.promised_on = deadline_day(before, 1, kind)
        if len(new) < SHOWN_LINES:
            old[str(line.position)], new[str(line.position)] = str(before), str(line.promised_on)
    return {"old": old, "new": new}


def _move_back(lines: list[OrderLine], slipped: int, left: int, kind: str) -> dict[str, dict[str, str]]:
    """Each date to where it was after the days that are left; a line that moved less was shipped before."""
    old, new = {}, {}
    for line in lines:
        steps = [line.first_promised_on]
        while steps[-1] != line.promised_on and len(steps) <= slipped:
            steps.append(deadline_day(steps[-1], 1, kind))
        if steps[-1] != line.promised_on or len(steps) <= left:
            continue  # promised anew since, or not moved that far
        if len(new) < SHOWN_LINES:
            old[str(line.position)], new[str(line.position)] = str(line.promised_on), str(steps[left])
        line.promised_on = steps[left]
    return {"old": old, "new": new}


def _tell(order: SalesOrder, days: int, day: date) -> None:
    notify(
        order.owner,
        "promise_slipped",
        key=f"order:{order.number}:slip:{day}",
        link=f"{order.get_absolute_url()}#confirmation",
        order=order.number,
        customer=order.customer.name,
        days=days,
    )
