"""Orders out of a file: brought, columns named, checked by a worker, mended, taken whole, once (R1.13)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import record
from core.files import read_upload, store_bytes
from core.locks import lock
from core.outbox import enqueue
from core.rules import Blocked, Reason, require
from core.sheets import read_sheet
from core.transitions import bump_version
from customers.models import Customer
from orders import gates
from orders.gates.intake import actor_may_import
from orders.intake.columns import BY_NAME
from orders.intake.mapping import find_head, propose, twice_named
from orders.models import ColumnMapping, ImportBatch
from orders.states import ImportState


@transaction.atomic
def upload_orders(
    *, upload: UploadedFile, actor: User, customer: Customer | None = None
) -> tuple[ImportBatch, bool]:
    """Bring a file: the batch, and whether it is new. The same file again gives the first batch (R1.13).

    Raises ValidationError when the file cannot be read; then nothing is stored. Blocked without the right.
    """
    require(actor_may_import, subject=customer, actor=actor)
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
        head_row=head.row,
        headings=head.headings,
        sample=head.sample,
        mapping=propose(head.headings, _remembered(head.headings, customer, actor)),
        uploaded_by=actor,
    )
    record("import.uploaded", thread=batch.thread, actor=actor, subject=stored.name, file=stored.name)
    return batch, True


@transaction.atomic
def name_columns(batch: ImportBatch, *, columns: Sequence[str], actor: User) -> ImportBatch:
    """Say which of our columns each heading means; remembered for the customer. Raises Blocked."""
    batch = _locked(batch)
    gates.NAME_COLUMNS.require(batch, actor)
    named = [each if each in BY_NAME else "" for each in columns][: len(batch.headings)]
    named += [""] * (len(batch.headings) - len(named))
    twice = twice_named(named)
    if twice:
        raise Blocked([_named_twice(each) for each in twice])
    if named != batch.mapping:
        batch.mapping, batch.corrections = named, {}
        batch.save(update_fields=["mapping", "corrections"])
        bump_version(batch)
    if batch.customer_id is not None:
        known = {heading: name for heading, name in zip(batch.headings, named, strict=True) if heading}
        ColumnMapping.objects.update_or_create(customer_id=batch.customer_id, defaults={"columns": known})
    return batch


@transaction.atomic
def check_import(batch: ImportBatch, *, actor: User) -> ImportBatch:
    """Have a worker read the file whole; nothing of it is written. Raises Blocked."""
    batch = _locked(batch)
    batch.check_rows(actor=actor)
    return _sent(batch, "check")


@transaction.atomic
def correct_import(batch: ImportBatch, *, cells: Mapping[tuple[int, str], str], actor: User) -> ImportBatch:
    """Put other texts in the place of bad cells, by (row, column), and check again. Raises Blocked."""
    batch = _locked(batch)
    gates.NAME_COLUMNS.require(batch, actor)
    bad = {(each["row"], each["column"]) for each in batch.problems}
    for (row, column), text in cells.items():
        if (row, column) in bad:
            batch.corrections.setdefault(str(row), {})[column] = text
    batch.save(update_fields=["corrections"])
    bump_version(batch)
    return check_import(batch, actor=actor)


@transaction.atomic
def take_import(batch: ImportBatch, *, actor: User) -> ImportBatch:
    """Have a worker take in all orders of the file, or none. Raises Blocked with every reason."""
    batch = _locked(batch)
    batch.take(actor=actor)
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


def _remembered(headings: list[str], customer: Customer | None, actor: User) -> dict[str, str]:
    """How these headings were read last: of the customer, else by the actor in a file headed alike."""
    if customer is not None:
        kept = ColumnMapping.objects.filter(customer=customer).first()
        return kept.columns if kept else {}
    mine = ImportBatch.objects.filter(uploaded_by=actor, customer=None, run__gt=0).order_by("-pk")
    last = next((each for each in mine[:10] if each.headings == headings), None)
    return dict(zip(headings, last.mapping, strict=False)) if last else {}


def _locked(batch: ImportBatch) -> ImportBatch:
    return lock(ImportBatch, batch.pk, "file", "customer", "uploaded_by")


def _sent(batch: ImportBatch, step: str) -> ImportBatch:
    batch.failure = {}
    batch.save(update_fields=["state", "state_since", "run", "done_count", "failure"])
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
