"""The uninvoiced ladder and the month's proposed classes, run by the minute's tick."""

from datetime import datetime

from core.jobs import sweeps
from invoicing.actions import propose_classes, tell_uninvoiced


@sweeps("uninvoiced")
def sweep_uninvoiced(*, as_of: datetime) -> int:
    """Tell of shipments that nobody invoices (R6.3, R6.4)."""
    return tell_uninvoiced(as_of=as_of)


@sweeps("customer_classes")
def sweep_classes(*, as_of: datetime) -> int:
    """Propose each customer's class by the standard, once a month (R3.3)."""
    return propose_classes(as_of=as_of)
