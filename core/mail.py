"""Mail: written into the outbox with the change, sent after the commit, with the house's papers attached.

A message that goes out twice (the worker died after sending) carries the same Message-ID, so that the
receiving side can tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.core.mail import EmailMessage

from core.documents import render_document
from core.files import read_stored
from core.models import Document, OutboxMessage
from core.outbox import delivers, enqueue


def queue_mail(*, key: str, to: str, subject: str, text: str, documents: Iterable[Document] = ()) -> None:
    """Send a mail once, after the commit of the caller's transaction; the same key twice counts once.

    Documents go along as PDF files; one that is not rendered yet is rendered first.
    """
    enqueue(
        "mail",
        key=f"mail:{key}",
        payload={"to": to, "subject": subject, "text": text, "documents": [each.pk for each in documents]},
    )


@delivers("mail")
def deliver_mail(message: OutboxMessage) -> None:
    """Hand the mail to the mail server; an error is tried again by the outbox."""
    sent = message.payload
    mail = EmailMessage(
        subject=" ".join(sent["subject"].split()),
        body=sent["text"],
        to=[sent["to"]],
        headers={"Message-ID": f"<{hashlib.sha256(message.key.encode()).hexdigest()[:40]}@orderway>"},
    )
    for pk in sent["documents"]:
        document = render_document(pk)
        if document.file is None:
            raise LookupError(f"{document} has no file")
        mail.attach(document.file_name, read_stored(document.file), "application/pdf")
    mail.send()
