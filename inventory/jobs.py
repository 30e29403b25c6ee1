"""The sweeps of the stock rules."""

from datetime import datetime

from core.jobs import sweeps
from inventory import actions


@sweeps("overdue_stock")
def overdue_stock(*, as_of: datetime) -> int:
    """R4.7, R4.8: tell of finished goods left lying."""
    return actions.tell_overdue(as_of=as_of)
