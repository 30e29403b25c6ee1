"""The sweeps of approval."""

from datetime import datetime

from approvals.stranded import pass_on_stranded
from approvals.waiting import tell_waiting
from core.jobs import sweeps


@sweeps("waiting_steps")
def waiting_steps(*, as_of: datetime) -> int:
    """R2.12: pass on what nobody can decide any more, remind of steps that wait, escalate the late ones."""
    return pass_on_stranded() + tell_waiting(as_of=as_of)
