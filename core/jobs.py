"""Jobs: sweeps over due rows, each registered by its app and run by the minute's tick.

A sweep is `sweep(*, as_of) -> int`, selects "due and not done", and repeats the condition when it writes:
run twice, late, at once or after a kill, its effect is once. Apps declare theirs in `jobs.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.utils import timezone

from core.audit import acting_from
from core.outbox import deliver_due
from core.parameters import reset_cache

log = structlog.get_logger(__name__)
Sweep = Callable[..., int]
SWEEPS: dict[str, Sweep] = {}


def sweeps(name: str) -> Callable[[Sweep], Sweep]:
    """Declare a sweep that the tick runs each minute."""

    def declare(function: Sweep) -> Sweep:
        SWEEPS[name] = function
        return function

    return declare


def run_sweep(name: str, *, as_of: datetime | None = None) -> int:
    """Run one sweep as of a moment; returns how much it did."""
    reset_cache()
    with acting_from(f"job {name}"):
        return SWEEPS[name](as_of=as_of or timezone.now())


def tick(*, as_of: datetime | None = None) -> dict[str, int]:
    """Run every sweep, then deliver the outbox. One sweep's failure does not stop the others."""
    done = {}
    for name in sorted(SWEEPS):
        try:
            done[name] = run_sweep(name, as_of=as_of)
        except Exception:
            log.exception("sweep.failed", sweep=name)
    with acting_from("job outbox"):
        done["outbox"] = deliver_due(as_of=as_of)
    return done
