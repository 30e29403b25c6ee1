"""The price of a late confirmation: each working day moves the promised dates by one, once (R1.11)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify
from accounts.queries import system_user
from core.audit import record_all
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


def _late(today: date) -> list[int]:
    """Orders whose confirmation went out before the last counted day, and have no slip for that day yet."""
    late: list[int] = []
    last = {Kind.WORKING_DAYS: add_working_days(today + timedelta(1), -1), Kind.DAYS: today}
    for day in set(last.values()):
        morning = timezone.make_aware(datetime.combine(day, datetime.min.time()))
        found = SalesOrder.objects.outstanding().filter(
            confirmations__state=ConfirmationState.SENT, confirmations__sent_at__lt=morning
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
    known = dict(order.slips.values_list("on", "days"))
    kind = SLIP_DAYS.value(sent.sent_at)
    missed = [day for day in _days_late(_first_sent(order, sent), today, kind) if day not in known]
    lines = [line for line in order.lines.all() if line.promised_on and line.open_quantity > 0]
    if not missed or not lines:
        return 0
    so_far = max(known.values(), default=0)
    PromiseSlip.objects.bulk_create(
        PromiseSlip(order=order, on=day, days=so_far + place) for place, day in enumerate(missed, start=1)
    )
    entries = [(order.number, {"on": day, **_move(lines, kind)}) for day in missed]
    OrderLine.objects.bulk_update(lines, ["promised_on", "first_promised_on"])
    record_all("order.promise_slipped", thread=order.thread, actor=system_user(), entries=entries)
    _tell(order, so_far + len(missed), missed[-1])
    return len(missed)


def _first_sent(order: SalesOrder, sent: OrderConfirmation) -> date:
    """The day on which exactly this content first went out: sent again unchanged, the delay goes on."""
    same = [each.sent_at for each in order.confirmations.all() if each.digest == sent.digest]
    return timezone.localdate(min(same))


def _days_late(sent_on: date, today: date, kind: str) -> list[date]:
    days = [sent_on + timedelta(each) for each in range(1, (today - sent_on).days + 1)]
    return [day for day in days if kind == Kind.DAYS or is_working_day(day)]


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
