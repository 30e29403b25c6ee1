"""Querysets: who sees what, and the one Q behind each definition."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from accounts.queries import sees_everything, team_ids
from core import figures
from core.transitions import GuardedQuerySet
from invoicing.parameters import GRACE, LIMIT
from invoicing.states import InvoiceState


def add_months(day: date, months: int) -> date:
    """The same day so many months on, its last day if there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_uninvoiced(as_of: datetime, prefix: str = "") -> Q:
    """R6.3: of a shipment: a month has passed since its dispatch, and not all of it is invoiced."""
    return _left_by(_latest_dispatch(timezone.localdate(as_of)), prefix)


def is_problem(as_of: datetime, prefix: str = "") -> Q:
    """R6.4: of a shipment: the rep was asked, the days of grace passed, and still not all is invoiced."""
    return _left_by(_latest_dispatch(timezone.localdate(as_of) - timedelta(days=GRACE.value())), prefix)


def limit_of(dispatched_at: datetime) -> date:
    """The day on which a shipment's time for invoicing has passed (R6.3)."""
    return add_months(timezone.localdate(dispatched_at), LIMIT.value())


def _latest_dispatch(today: date) -> date:
    """The latest day of dispatch whose month has passed on this day."""
    back = add_months(today.replace(day=1), -LIMIT.value())
    last = calendar.monthrange(back.year, back.month)[1]
    month_ends = today.day == calendar.monthrange(today.year, today.month)[1]
    return back.replace(day=last if month_ends else min(today.day, last))


def _left_by(day: date, prefix: str) -> Q:
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    billable = figures.money(F(f"{prefix}goods_value") + F(f"{prefix}freight"))
    return Q(**{f"{prefix}dispatched_at__lt": end, f"{prefix}invoiced_value__lt": billable})


class InvoiceQuerySet(GuardedQuerySet):
    """Invoices of one's own teams' orders, all for those who serve all, a customer's own once issued."""

    def visible_to(self, user: Any) -> InvoiceQuerySet:
        """The rows this person may see (R10.2)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if sees_everything(user):
            return self
        issued = Q(state__in=(InvoiceState.ISSUED, InvoiceState.PAID))
        mine = issued & Q(customer__in=user.portal_customers.values("pk"))
        teams = team_ids(user)
        return self.filter(mine | Q(order__team__in=teams)) if teams else self.filter(mine)

    def to_issue(self) -> InvoiceQuerySet:
        """Revenue confirmed, waiting for finance (R6.1)."""
        return self.filter(state=InvoiceState.REQUESTED)

    def open(self) -> InvoiceQuerySet:
        """Issued and not paid in full."""
        return self.filter(state=InvoiceState.ISSUED)

    def past_due(self, on: date | None = None) -> InvoiceQuerySet:
        """R6.9: not paid in full by the day on which it was due, however long ago."""
        return self.open().filter(due_on__lt=on or timezone.localdate())


class ReceiptQuerySet(GuardedQuerySet):
    """Money of one's own teams' customers, all of it for those who serve all."""

    def visible_to(self, user: Any) -> ReceiptQuerySet:
        """The rows this person may see (R10.2)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if sees_everything(user):
            return self
        return self.filter(customer__team__in=team_ids(user))

    def unapplied(self) -> ReceiptQuerySet:
        """R6.7: received, and not named for any order or invoice in full."""
        return self.filter(allocated__lt=F("amount"))
