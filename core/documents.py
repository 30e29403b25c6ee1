"""Documents: asked for in the business transaction, rendered once afterwards, kept as they went out.

Apps declare their papers in `document_kinds.py`:
`document_kind("order_confirmation", template="documents/order_confirmation.html", title=_("…"))`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from django.http import FileResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from core import company
from core.files import file_response, path_of, store_bytes
from core.models import Document
from core.outbox import enqueue

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DocumentKind:
    """A paper the house sends out: its template and its name on screen."""

    kind: str
    template: str
    title: Any


KINDS: dict[str, DocumentKind] = {}


def document_kind(kind: str, *, template: str, title: Any = "") -> DocumentKind:
    """Declare a paper; declaring the same name again replaces it."""
    KINDS[kind] = DocumentKind(kind, template, title or kind)
    return KINDS[kind]


def request_document(
    kind: str, *, number: str, thread: str, context: dict[str, Any], language: str, version: int = 1
) -> Document:
    """Freeze the snapshot and ask for its PDF, in the caller's transaction; the same content twice is once.

    Raises LookupError for an undeclared kind or language, ValueError if this version holds other content.
    """
    if kind not in KINDS or language not in dict(settings.LANGUAGES):
        raise LookupError(f"no document {kind!r} in {language!r}")
    snapshot = _snapshot({**context, "house": house(language)})
    wanted = Document(
        kind=kind, number=number, thread=thread, language=language, version=version, context=snapshot
    )
    Document.objects.bulk_create([wanted], ignore_conflicts=True)
    document = Document.objects.get(kind=kind, number=number, language=language, version=version)
    if _without_house(document.context) != _without_house(snapshot):
        raise ValueError(f"{document} holds other content; ask for the next version")
    if not document.is_rendered:
        enqueue("pdf", key=f"pdf:{document.pk}", payload={"document": document.pk})
    return document


def next_version(kind: str, *, number: str, language: str) -> int:
    """The version after the last one of this paper; 1 for the first."""
    found = Document.objects.filter(kind=kind, number=number, language=language).aggregate(
        last=Max("version")
    )
    return (found["last"] or 0) + 1


def latest_document(kind: str, *, number: str, language: str = "") -> Document | None:
    """The newest version of a paper, rendered or not; in any language if none is named."""
    found = Document.objects.filter(kind=kind, number=number).select_related("file")
    return (found.filter(language=language) if language else found).order_by("-version", "-pk").first()


def render_document(document_id: int) -> Document:
    """Render a document once and store it; if it is rendered already, nothing happens."""
    document = Document.objects.select_related("file").get(pk=document_id)
    if document.is_rendered:
        return document
    content, unprintable = _printed(document)
    with transaction.atomic():
        stored = store_bytes(content, name=document.file_name)
        mine = Document.objects.filter(pk=document.pk, file=None).update(
            file=stored, rendered_at=timezone.now(), unprintable=unprintable[:200]
        )
        if not mine:  # another worker was faster; its file is the document
            stored.delete()
    if not mine:
        path_of(stored.key).unlink(missing_ok=True)
    return Document.objects.select_related("file").get(pk=document.pk)


def document_response(document: Document, *, inline: bool = True) -> FileResponse:
    """The rendered paper. The caller has checked the right; LookupError if it is not rendered yet."""
    if document.file is None:
        raise LookupError(f"{document} is not rendered yet")
    return file_response(document.file, inline=inline)


def house(language: str) -> dict[str, str]:
    """The selling company as its letterhead shows it."""
    chinese = language.startswith("zh")
    return {
        "name": (company.NAME_ZH if chinese else company.NAME_EN).value(),
        "other_name": (company.NAME_EN if chinese else company.NAME_ZH).value(),
        "address": (company.ADDRESS_ZH if chinese else company.ADDRESS_EN).value(),
        "phone": company.PHONE.value(),
        "bank": (company.BANK_ZH if chinese else company.BANK_EN).value(),
        "bank_account": company.BANK_ACCOUNT.value(),
        "tax_id": company.TAX_ID.value(),
    }


def _printed(document: Document) -> tuple[bytes, str]:
    pdf: Any = import_string("core.pdf.render_pdf")  # loads Pango, which only a worker needs
    missing = import_string("core.pdf.unprintable")(json.dumps(document.context, ensure_ascii=False))
    if missing:
        log.warning("document.unprintable", document=str(document), characters=missing)
    kind = KINDS[document.kind]
    context = {**document.context, "document": document, "version": document.version}
    return pdf(kind.template, context, document.language), missing


def _snapshot(context: dict[str, Any]) -> dict[str, Any]:
    """The context as JSON keeps it, so that what is compared is what is stored."""
    return json.loads(json.dumps(context, cls=DjangoJSONEncoder))


def _without_house(context: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in context.items() if name != "house"}
