"""Orders out of a file: brought, columns named, checked by a worker, mended, taken whole, once (R1.13)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import record
from core.files import read_upload, store_bytes
from core.locks import lock
from core.outbox import enqueue
from core.rules import Blocked, Reason, require
from core.sheets import letters, read_sheet
from core.transitions import bump_version
from customers.models import Customer
from orders import gates
from orders.gates.content import customer_is_not_blocked
from orders.gates.intake import actor_may_import, own_order_has_its_customer
from orders.intake.columns import BY_NAME
from orders.intake.mapping import find_head, propose, twice_named
from orders.models import ColumnMapping, ImportBatch
from orders.states import ImportState

#: As it was: nothing was said of it.
KEPT: Any = object()


@transaction.atomic
def upload_orders(
    *, upload: UploadedFile, actor: User, customer: Customer | None = None, is_source: bool = False
) -> tuple[ImportBatch, bool]:
    """Bring a file: the batch, and whether it is new. The same file again gives the first batch (R1.13).

    `is_source`: it is the customer's own order; each of its orders gets it as source document (R1.1).
    Raises ValidationError when the file cannot be read; then nothing is stored. Blocked without the right, or
    when the customer is blocked.
    """
    require(actor_may_import, subject=customer, actor=actor)
    _require_customer(customer, is_source)
    content = read_upload(upload)
    first = _first_of(hashlib.sha256(content).hexdigest(), customer, actor)
    if first is not None:
        return first, False
    head = find_head(read_sheet(content, name=upload.name or ""))
    stored = store_bytes(content, name=upload.name or "", actor=actor)
    batch = ImportBatch.objects.create(
        file=stored,
        digest=stored.sha256,
        customer=customer,
        is_source=is_source,
        head_row=head.row,
        headings=head.headings,
        sample=head.sample,
        mapping=propose(
            head.headings, ColumnMapping.objects.recall(customer=customer, headings=head.headings)
        ),
        uploaded_by=actor,
    )
    record("import.uploaded", thread=batch.thread, actor=actor, subject=stored.name, file=stored.name)
    return batch, True


@transaction.atomic
def name_columns(
    batch: ImportBatch,
    *,
    columns: Sequence[str],
    actor: User,
    customer: Any = KEPT,
    is_source: Any = KEPT,
) -> ImportBatch:
    """Say which of our columns each heading means, and whose orders they are if no column does; remembered.

    What was mended in the page goes with the columns that it was mended under. Raises Blocked.
    """
    batch = _locked(batch)
    gates.NAME_COLUMNS.require(batch, actor)
    customer = batch.customer if customer is KEPT else customer
    is_source = batch.is_source if is_source is KEPT else is_source
    _require_customer(customer, is_source)
    named = [each if each in BY_NAME else "" for each in columns][: len(batch.headings)]
    named += [""] * (len(batch.headings) - len(named))
    twice = twice_named(named)
    if twice:
        raise Blocked([_named_twice(each) for each in twice])
    was = {"customer": batch.customer, "is_source": batch.is_source, **_by_letter(batch, batch.mapping)}
    if named != batch.mapping:
        batch.mapping, batch.corrections = named, {}
    batch.customer, batch.is_source = customer, is_source
    now = {"customer": batch.customer, "is_source": batch.is_source, **_by_letter(batch, named)}
    changed = [each for each in now if now[each] != was[each]]
    if changed:
        batch.save(update_fields=["mapping", "corrections", "customer", "is_source"])
        bump_version(batch)
        old, new = ({each: _shown(side[each]) for each in changed} for side in (was, now))
        _record(batch, "import.columns_named", actor, old=old, new=new)
    ColumnMapping.objects.remember(customer=customer, headings=batch.headings, named=named)
    return batch


@transaction.atomic
def check_import(batch: ImportBatch, *, actor: User) -> ImportBatch:
    """Have a worker read the file whole; nothing of it is written. Raises Blocked."""
    batch = _locked(batch)
    batch.check_rows(actor=actor)
    _record(batch, "import.check_asked", actor)
    return _sent(batch, "check")


@transaction.atomic
def correct_import(
    batch: ImportBatch,
    *,
    cells: Mapping[tuple[int, str], str],
    actor: User,
    leave: Collection[int] = (),
    take_back: Collection[int] = (),
    check: bool = True,
) -> ImportBatch:
    """Put other texts in the place of bad cells, by (row, column), leave bad rows out, and check again.

    Without `check` they are only kept: there are more pages of bad cells to mend.

    `take_back` are rows that were left out and are wanted after all. Each cell and row is recorded with what
    stood there and what stands there now (R10.1). Raises Blocked.
    """
    batch = _locked(batch)
    gates.NAME_COLUMNS.require(batch, actor)
    rows = {row for row, _column in cells} | set(leave)
    bad = {(each.row, each.column): each.typed for each in batch.found.filter(row__in=rows)}
    old, new = {}, {}
    for (row, column), text in cells.items():
        if (row, column) in bad:
            batch.corrections.setdefault(str(row), {})[column] = text
            place = _place(batch, row, column)
            old[place], new[place] = bad[row, column], text
    gone = ({row for row, _column in bad} & set(leave)) - set(batch.left_out)
    back = set(batch.left_out) & set(take_back)
    batch.left_out = sorted((set(batch.left_out) | gone) - back)
    batch.save(update_fields=["corrections", "left_out"])
    bump_version(batch)
    if new or gone or back:
        facts = {"cells": len(new), "left": _listed(gone), "back": _listed(back)}
        _record(batch, "import.corrected", actor, old=old, new=new, **facts)
    return check_import(batch, actor=actor) if check else batch


@transaction.atomic
def take_import(batch: ImportBatch, *, actor: User) -> ImportBatch:
    """Have a worker take in all orders of the file, or none. Raises Blocked with every reason."""
    batch = _locked(batch)
    batch.take(actor=actor)
    _record(batch, "import.taking_asked", actor)
    return _sent(batch, "take")


@transaction.atomic
def discard_import(batch: ImportBatch, *, actor: User) -> ImportBatch:
    """Want the file no more. Raises Blocked once it was taken in."""
    batch = _locked(batch)
    batch.discard(actor=actor)
    batch.save(update_fields=["state", "state_since"])
    bump_version(batch)
    record("import.discarded", thread=batch.thread, actor=actor, subject=batch.file.name)
    return batch


def _first_of(digest: str, customer: Customer | None, actor: User) -> ImportBatch | None:
    """The batch of the same content: taken in by anybody, or still in the actor's hands."""
    same = ImportBatch.objects.filter(digest=digest, customer=customer).select_related("file").order_by("pk")
    gone = (ImportState.DISCARDED, ImportState.FAILED)
    return (
        same.filter(state=ImportState.TAKEN).first()
        or same.filter(uploaded_by=actor).exclude(state__in=gone).first()
    )


def _require_customer(customer: Customer | None, is_source: bool) -> None:
    wish = ImportBatch(customer=customer, is_source=is_source)
    rules = [own_order_has_its_customer] + ([customer_is_not_blocked] if customer else [])
    require(*rules, subject=wish)


def _by_letter(batch: ImportBatch, mapping: Sequence[str]) -> dict[str, str]:
    return {letters(place): name for place, name in enumerate(mapping)}


def _place(batch: ImportBatch, row: int, column: str) -> str:
    """A cell as the sheet calls it; one without a column in the file by our column's name."""
    places = [letters(place) for place, name in enumerate(batch.mapping) if name == column]
    return f"{places[0]}{row}" if places else f"{column} {row}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    return str(value or "")


def _listed(rows: Collection[int]) -> str:
    return ", ".join(str(each) for each in sorted(rows)) or "–"


def _record(batch: ImportBatch, verb: str, actor: User, **facts: Any) -> None:
    record(verb, thread=batch.thread, actor=actor, subject=batch.file.name, **facts)


def _locked(batch: ImportBatch) -> ImportBatch:
    return lock(ImportBatch, batch.pk, "file", "customer", "uploaded_by")


def _sent(batch: ImportBatch, step: str) -> ImportBatch:
    batch.failure = {}
    batch.save(update_fields=["state", "state_since", "run", "stage", "done_count", "failure"])
    bump_version(batch)
    enqueue("import", key=batch.job_key, payload={"batch": batch.pk, "run": batch.run, "step": step})
    return batch


def _named_twice(column: str) -> Reason:
    return Reason(
        rule="R1.13",
        key="column_is_named_once",
        text=_("Two headings are named as: %(column)s."),
        facts={"column": BY_NAME[column].label},
        field_name=column,
    )
