"""The sweeps of orders."""

from datetime import datetime

from core.jobs import sweeps
from orders.actions.clock import tell_clocks
from orders.actions.confirmation_mail import tell_stuck
from orders.actions.quotation_expiry import tell_expiring
from orders.actions.slips import slip_promises
from orders.intake.working import give_up


@sweeps("order_clocks")
def order_clocks(*, as_of: datetime) -> int:
    """R1.5: warn of processing clocks that run out, and tell of those that did."""
    return tell_clocks(as_of=as_of)


@sweeps("order_imports")
def order_imports(*, as_of: datetime) -> int:
    """R1.13: say of files that no worker will come back to that they failed."""
    return give_up(as_of=as_of)


@sweeps("stuck_confirmations")
def stuck_confirmations(*, as_of: datetime) -> int:
    """R1.8: tell of confirmations whose mail cannot be delivered."""
    return tell_stuck(as_of=as_of)


@sweeps("promise_slips")
def promise_slips(*, as_of: datetime) -> int:
    """R1.11: a confirmation that is not back moves the promised dates."""
    return slip_promises(as_of=as_of)


@sweeps("quotation_expiry")
def quotation_expiry(*, as_of: datetime) -> int:
    """R1.14: tell of quotations that expire."""
    return tell_expiring(as_of=as_of)
