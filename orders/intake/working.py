"""What a worker does with a file: reads it and reports, or takes it in; killed at any step it begins again.

Reading and pricing happen outside any transaction, and the progress is there to be seen. One short
transaction at the end writes the report, or all the orders: under the batch's lock, and only if nobody was
there first (R1.13).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.inbox import notify
from accounts.queries import system_user
from core.audit import record
from core.models import OutboxMessage, OutboxState
from core.rules import Blocked
from core.transitions import bump_version
from orders import gates
from orders.intake.checking import Look, look_through
from orders.intake.problems import spoken
from orders.intake.taking import AT_ONCE, Composed, compose, totals, write
from orders.models import ImportBatch, ImportProblem
from orders.states import PRICING, READING, WRITING, ImportState

EVERY = 500
#: A worker that was killed is waited for as long as the outbox tries again.
GIVEN_UP_AFTER = timedelta(minutes=10)
FOUND = ("row_count", "done_count", "hidden_count", "order_count", "problem_count", "known", "totals")


def work_on(*, batch_id: int, run: int, step: str) -> None:
    """Carry out one order to a worker; what is done, or was ordered anew, is left alone."""
    batch = _mine(ImportBatch.objects.select_related("file", "customer", "uploaded_by__team"), batch_id, run)
    if batch is None:
        return
    actor = batch.uploaded_by
    try:
        gates.REPORT_IMPORT.require(batch, actor)
        look = look_through(batch, actor=actor, began=_began(batch), tick=_tick(batch))
        _reach(batch, PRICING)
        composed = compose(look, actor=actor, tick=_tick(batch))
        if step == "take" and composed:
            _reach(batch, WRITING)
            _finish(batch, look, composed)
        else:
            _report(batch, look, composed)
    except (ValidationError, Blocked) as refusal:
        fail_import(batch, say=partial(_words_of, refusal))


@transaction.atomic
def fail_import(batch: ImportBatch, *, say: Callable[[], str]) -> None:
    """Say why the file went no further; nothing of it was taken in."""
    found = _mine(_locked(), batch.pk, batch.run)
    if found is None:
        return
    found.fail(actor=system_user())
    found.failure = spoken(say)
    found.save(update_fields=["state", "state_since", "failure"])
    bump_version(found)
    why = found.failure[found.uploaded_by.language]
    record("import.failed", thread=found.thread, actor=system_user(), subject=found.file.name, why=why)
    _tell(found, "import_failed", why=why)


def give_up(*, as_of: datetime) -> int:
    """Fail what no worker will come back to: its message is parked or gone."""
    left = 0
    for batch in ImportBatch.objects.running().filter(state_since__lt=as_of - GIVEN_UP_AFTER):
        waiting = OutboxMessage.objects.filter(key=batch.job_key, state=OutboxState.WAITING)
        if not waiting.exists():
            fail_import(
                batch, say=lambda: str(_("The work was interrupted. Nothing was taken in; try again."))
            )
            left += 1
    return left


def _words_of(refusal: ValidationError | Blocked) -> str:
    if isinstance(refusal, Blocked):
        return " ".join(each.sentence for each in refusal.reasons)
    return " ".join(refusal.messages)


def _locked() -> Any:
    return ImportBatch.objects.select_for_update(of=("self",)).select_related("file", "uploaded_by")


def _mine(batches: Any, pk: int, run: int) -> ImportBatch | None:
    return batches.filter(pk=pk, run=run, state__in=(ImportState.CHECKING, ImportState.TAKING)).first()


def _began(batch: ImportBatch) -> Callable[[int], None]:
    rows = ImportBatch.objects.filter(pk=batch.pk, run=batch.run)

    def began(count: int) -> None:
        rows.update(row_count=count, done_count=0, stage=READING)

    return began


def _tick(batch: ImportBatch) -> Callable[[int], None]:
    rows = ImportBatch.objects.filter(pk=batch.pk, run=batch.run)
    told = 0

    def tick(number: int) -> None:
        nonlocal told
        if number // EVERY > told:
            told = number // EVERY
            rows.update(done_count=number)

    return tick


def _reach(batch: ImportBatch, stage: int) -> None:
    """The next stage begins: it is there to be seen before the work on it."""
    ImportBatch.objects.filter(pk=batch.pk, run=batch.run).update(stage=stage, done_count=0)


@transaction.atomic
def _report(batch: ImportBatch, look: Look, composed: list[Composed]) -> None:
    found = _mine(_locked(), batch.pk, batch.run)
    if found is None:
        return
    actor = batch.uploaded_by
    found.report(actor=actor)
    _keep(found, look, composed)
    found.save(update_fields=["state", "state_since", *FOUND])
    bump_version(found)
    facts = {"problems": found.problem_count, "orders": found.order_count, "lines": look.rows}
    record("import.checked", thread=found.thread, actor=actor, subject=batch.file.name, **facts)
    _tell(found, "import_checked", **facts)


@transaction.atomic
def _finish(batch: ImportBatch, look: Look, composed: list[Composed]) -> None:
    found = _mine(_locked(), batch.pk, batch.run)
    if found is None:
        return
    actor = batch.uploaded_by
    _keep(found, look, composed)
    found.finish(actor=actor, at=timezone.now())
    found.made = write(composed, actor=actor, batch=found)
    found.save(update_fields=["state", "state_since", "taken_at", "made", *FOUND])
    bump_version(found)
    facts = {"orders": len(composed), "lines": look.rows}
    name = batch.file.name
    record("import.taken", thread=found.thread, actor=actor, subject=name, file=name, **facts)
    _tell(found, "import_taken", **facts)


def _keep(found: ImportBatch, look: Look, composed: list[Composed]) -> None:
    """What was found, in the place of what an earlier look found."""
    found.row_count = found.done_count = look.rows
    found.hidden_count, found.known = look.hidden, look.known
    found.order_count, found.problem_count = len(composed), len(look.problems)
    found.totals = totals(composed)
    found.found.all().delete()
    ImportProblem.objects.bulk_create(
        (ImportProblem(batch=found, **each.kept(look.cells)) for each in look.problems), batch_size=AT_ONCE
    )


def _tell(found: ImportBatch, kind: str, **facts: Any) -> None:
    """Who brought the file learns how the work ended, on whatever page they are (R10.3)."""
    key, link = f"{kind}:{found.pk}:{found.run}", found.get_absolute_url()
    notify(found.uploaded_by, kind, key=key, link=link, file=found.file.name, **facts)
