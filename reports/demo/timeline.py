"""A clock for the demo's past: what happens inside `at` happens at that moment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from core.calendar import add_working_time, next_working_moment
from core.parameters import reset_cache


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the house's clock show `moment` inside (the demo runs in one process, before anyone signs in)."""
    real = timezone.now
    timezone.now = lambda: moment
    reset_cache()
    try:
        yield
    finally:
        timezone.now = real


class Story:
    """One order's own time: it moves on by working hours and never passes the present."""

    def __init__(self, start: datetime, end: datetime):
        self.moment = next_working_moment(start)
        self.end = end

    def later(self, hours: float) -> contextlib.AbstractContextManager[None]:
        """So many working hours later."""
        self.moment = min(add_working_time(self.moment, timedelta(hours=hours)), self.end)
        return at(self.moment)

    def days_later(self, days: int) -> contextlib.AbstractContextManager[None]:
        """So many calendar days later, at a working moment."""
        self.moment = min(next_working_moment(self.moment + timedelta(days=days)), self.end)
        return at(self.moment)
