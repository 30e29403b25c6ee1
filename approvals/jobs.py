"""The sweeps of approval."""

from datetime import datetime

from approvals.waiting import tell_waiting
from core.jobs import sweeps


@sweeps("waiting_steps")
def waiting_steps(*, as_of: datetime) -> int:
    """R2.12: remind of steps that wait, and escalate those that wait too long."""
    return tell_waiting(as_of=as_of)
