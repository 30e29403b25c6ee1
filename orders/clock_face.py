"""What an order's processing clock says: the time left in words, and whether it is near or past (R1.5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.clocks import shows_clocks
from core.calendar import working_time_between
from core.parameters import Kind
from orders.models import SalesOrder
from orders.parameters import CLOCK_OF
from orders.states import OrderState

RUNNING = (OrderState.SUBMITTED, OrderState.IN_REVIEW, OrderState.APPROVED)
MINUTE = timedelta(minutes=1)
SHOWN = ("number", "klass", "state", "clock_warns_at", "clock_ends_at", "clock_stopped_at")


@dataclass(frozen=True)
class ClockFace:
    """Words, status colour (empty while there is time), when it ends, whether it still runs."""

    words: str
    tone: str
    ends_at: datetime
    runs: bool


def clock_face(order: Any, now: datetime | None = None) -> ClockFace | None:
    """The clock as it stands at the moment; None before the first submission."""
    now, ends = now or timezone.now(), order.clock_ends_at
    if ends is None:
        return None
    if order.clock_stopped_at is not None or order.state not in RUNNING:
        late = order.clock_stopped_at is not None and order.clock_stopped_at > ends
        if not late:
            return ClockFace(_("in time"), "", ends, False)
        words = _("%(time)s late") % {"time": in_words(_between(order, ends, order.clock_stopped_at))}
        return ClockFace(words, "blocked", ends, False)
    if now >= ends:
        words = _("%(time)s past its clock") % {"time": in_words(_between(order, ends, now))}
        return ClockFace(words, "blocked", ends, True)
    words = _("%(time)s left") % {"time": in_words(_between(order, now, ends))}
    return ClockFace(words, "pending" if now >= order.clock_warns_at else "", ends, True)


@shows_clocks("order")
def faces_of(numbers: Collection[str]) -> dict[str, ClockFace]:
    """The clocks that run for these orders, by number: what their approvers have left."""
    now = timezone.now()
    orders = SalesOrder.objects.on_the_clock().filter(number__in=numbers).only(*SHOWN)
    faces = {each.number: clock_face(each, now) for each in orders}
    return {number: face for number, face in faces.items() if face is not None}


def in_words(span: timedelta) -> str:
    """Hours and minutes; a day of working time is no 24 hours, so days are not named."""
    hours, minutes = divmod(span // MINUTE, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def _between(order: Any, start: datetime, end: datetime) -> timedelta:
    if CLOCK_OF[order.klass].kind is Kind.WORKING_HOURS:
        return working_time_between(start, end)
    return end - start
