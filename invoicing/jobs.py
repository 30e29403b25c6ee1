"""The uninvoiced ladder, run by the minute's tick."""

from datetime import datetime

from core.jobs import sweeps
from invoicing.actions import tell_uninvoiced


@sweeps("uninvoiced")
def sweep_uninvoiced(*, as_of: datetime) -> int:
    """Tell of shipments that nobody invoices (R6.3, R6.4)."""
    return tell_uninvoiced(as_of=as_of)
