"""Documents: asked for with the change, rendered once after it, kept as they went out."""

import pypdfium2
import pytest
from django.db import IntegrityError, transaction

from core import documents
from core.documents import (
    document_kind,
    document_response,
    latest_document,
    next_version,
    render_document,
    request_document,
)
from core.files import read_stored
from core.models import Document, OutboxMessage, OutboxState, StoredFile
from core.outbox import deliver_due
from tests.core.papers import delivery_note, order_confirmation

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.8")]


@pytest.fixture(autouse=True)
def _kind(tmp_path, settings, monkeypatch):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    monkeypatch.setattr(documents, "KINDS", {})
    document_kind(
        "order_confirmation", template="documents/order_confirmation.html", title="Order confirmation"
    )


def ask(**changed) -> Document:
    wanted = {"number": "SO-1", "thread": "SO-1", "context": order_confirmation(), "language": "en"} | changed
    return request_document("order_confirmation", **wanted)


def test_a_document_is_asked_for_now_and_rendered_by_the_outbox():
    document = ask()
    assert not document.is_rendered
    assert list(OutboxMessage.objects.values_list("kind", "payload")) == [("pdf", {"document": document.pk})]

    assert deliver_due() == 1

    document.refresh_from_db()
    with pypdfium2.PdfDocument(read_stored(document.file)) as paper:
        assert "Order confirmation" in paper[0].get_textpage().get_text_range()
    assert document.file.content_type == "application/pdf"
    assert document.rendered_at is not None
    assert document.file.name == "order_confirmation-SO-1-v1-en.pdf"


def test_asking_twice_is_once_and_other_content_needs_a_version():
    first = ask()

    assert ask().pk == first.pk
    with pytest.raises(ValueError, match="next version"):
        ask(context=order_confirmation() | {"grand_total": "1"})
    assert Document.objects.count() == OutboxMessage.objects.count() == 1

    second = ask(
        context=order_confirmation() | {"grand_total": "1"},
        version=next_version("order_confirmation", number="SO-1", language="en"),
    )
    assert second.version == 2
    assert latest_document("order_confirmation", number="SO-1") == second


def test_a_rendered_document_keeps_its_snapshot_and_is_not_rendered_again(monkeypatch):
    document = render_document(ask().pk)
    monkeypatch.setattr(documents, "_printed", lambda _: pytest.fail("rendered twice"))

    assert render_document(document.pk).file == document.file
    ask()
    deliver_due()
    assert StoredFile.objects.count() == 1


def test_two_workers_at_once_leave_one_file(monkeypatch, tmp_path):
    document = ask()
    printed = documents._printed

    def overtaken(mine):
        if not Document.objects.get(pk=mine.pk).is_rendered:
            monkeypatch.setattr(documents, "_printed", printed)
            render_document(mine.pk)
        return printed(mine)

    monkeypatch.setattr(documents, "_printed", overtaken)
    render_document(document.pk)

    assert StoredFile.objects.count() == 1
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 1


def test_what_cannot_be_asked_for():
    with pytest.raises(LookupError):
        ask(language="fr")
    with pytest.raises(LookupError):
        request_document("poem", number="1", thread="1", context={}, language="en")
    with pytest.raises(LookupError):
        document_response(ask())
    assert OutboxMessage.objects.count() == 1


def test_a_failing_template_parks_nothing_else(monkeypatch):
    document_kind("order_confirmation", template="documents/missing.html")
    document = ask()

    assert deliver_due() == 0

    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == (OutboxState.WAITING, 1)
    assert "TemplateDoesNotExist" in message.last_error
    assert not Document.objects.get(pk=document.pk).is_rendered
    assert not StoredFile.objects.exists()


def test_characters_without_a_print_form_are_named():
    document = render_document(ask(context=order_confirmation() | {"note": "快🚚来"}).pk)

    assert document.unprintable == "🚚"


def test_a_rendered_document_is_shown_in_place():
    response = document_response(render_document(ask().pk))

    assert response["Content-Disposition"].startswith("inline")
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_a_document_without_its_file_is_not_rendered():
    document = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(rendered_at=document.requested_at)


def test_every_paper_can_be_declared_and_rendered():
    document_kind("delivery_note", template="documents/delivery_note.html")

    document = request_document(
        "delivery_note", number="DN/1", thread="SO-1", context=delivery_note(), language="zh-hans"
    )

    assert render_document(document.pk).file.name == "delivery_note-DN-1-v1-zh-hans.pdf"
