"""The customer's papers, and what people say about an order."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core.audit import record
from core.files import store_upload
from core.locks import lock
from core.models import StoredFile
from core.showing import word_fact
from orders import gates
from orders.actions.acknowledging import acknowledge
from orders.models import Comment, SalesOrder, SourceDocument
from orders.states import MarkKind


@transaction.atomic
def attach_document(
    order: SalesOrder,
    *,
    actor: User,
    upload: UploadedFile | None = None,
    stored: StoredFile | None = None,
    purpose: str = "",
) -> SourceDocument:
    """Attach a paper: the customer's order or contract (R1.1), or a demanded attachment (R1.3).

    With the customer's order in hand the customer is thanked at once (R1.8). Raises ValidationError when the
    file is not taken in, Blocked when the order is cancelled.
    """
    gates.ATTACH.require(order, actor)
    if stored is None:
        if upload is None:
            raise TypeError("a document needs a file")
        stored = store_upload(upload, actor=actor)
    order = lock(SalesOrder, order.pk, "customer", "owner")
    gates.ATTACH.require(order, actor)
    document = SourceDocument.objects.create(order=order, file=stored, added_by=actor, purpose=purpose)
    record(
        "order.document_attached", thread=order.thread, actor=actor, subject=order.number, file=stored.name
    )
    if not purpose:
        acknowledge(order)
    return document


@transaction.atomic
def record_mark(
    document: SourceDocument,
    *,
    mark: str,
    marked_by: str,
    marked_on: date,
    actor: User,
    marked_page: str = "",
) -> SourceDocument:
    """R1.1: record what makes the paper the customer's: kind of mark, by whom, when, on which page.

    A mark once recorded changes only while the order can be edited: raises Blocked afterwards, and when the
    order is cancelled.
    """
    document = lock(SourceDocument, document.pk, "order", "file")
    gate = gates.EDIT if document.is_confirmed else gates.ATTACH
    gate.require(document.order, actor)
    document.mark, document.marked_by, document.marked_on = mark, marked_by, marked_on
    document.marked_page = marked_page
    document.save(update_fields=["mark", "marked_by", "marked_on", "marked_page"])
    record(
        "order.mark_recorded",
        thread=document.order.thread,
        actor=actor,
        subject=document.order.number,
        file=document.file.name,
        mark=word_fact(MarkKind(mark).label),
        by=marked_by,
        on=marked_on,
        page=marked_page,
    )
    return document


@transaction.atomic
def remove_document(document: SourceDocument, *, actor: User) -> None:
    """Take a wrongly attached paper off an order that can be edited; raises Blocked afterwards.

    The stored file stays, named in the timeline: what was once shown as the customer's is not destroyed.
    """
    document = lock(SourceDocument, document.pk, "order", "file")
    order = document.order
    gates.EDIT.require(lock(SalesOrder, order.pk), actor)
    removed = {"file": document.file.name, "stored": document.file_id, "digest": document.file.sha256}
    if document.is_confirmed:
        removed |= {"mark": document.mark, "by": document.marked_by, "on": document.marked_on}
    document.delete()
    record("order.document_removed", thread=order.thread, actor=actor, subject=order.number, **removed)


@transaction.atomic
def add_comment(order: SalesOrder, *, text: str, actor: User) -> Comment:
    """Say something about the order; it stands in its timeline."""
    return Comment.objects.create(order=order, text=text, author=actor)
