"""Mail: written into the outbox with the change, sent after the commit, with the house's papers attached.

A message that goes out twice (the worker died after sending) carries the same Message-ID, so that the
receiving side can tell. A letter to a customer greets, is signed by the house and its person there, and its
answer goes to that person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.documents import house, render_document
from core.files import read_stored
from core.models import Document, OutboxMessage
from core.outbox import delivers, enqueue


@dataclass(frozen=True)
class Letter:
    """What a customer reads: subject and text as they leave, from the house, answered to its person there."""

    subject: str
    text: str
    sender: str = ""
    reply_to: str = ""


def letter(*, subject: str, text: str, to_name: str, person: str, reply_to: str, language: str) -> Letter:
    """The text between greeting and signature, in the language that its words are in."""
    of_house = house(language)
    with translation.override(language):
        hello = _("Dear %(name)s,") % {"name": to_name} if to_name else pgettext("letter", "Hello,")
        regards = pgettext("letter", "Kind regards")
        phone = _("Telephone %(number)s") % {"number": of_house["phone"]}
    signed = "\n".join(each for each in (regards, person, of_house["name"], phone) if each)
    return Letter(subject, f"{hello}\n\n{text}\n\n{signed}\n", of_house["name"], reply_to)


def queue_mail(*, key: str, to: str, subject: str, text: str, documents: Iterable[Document] = ()) -> None:
    """Send a mail once, after the commit of the caller's transaction; the same key twice counts once.

    Documents go along as PDF files; one that is not rendered yet is rendered first.
    """
    queue_letter(key=key, to=to, letter=Letter(subject, text), documents=documents)


def queue_letter(*, key: str, to: str, letter: Letter, documents: Iterable[Document] = ()) -> None:
    """As `queue_mail`, for what a customer reads."""
    payload = {"to": to, "subject": letter.subject, "text": letter.text}
    payload |= {"sender": letter.sender, "reply_to": letter.reply_to}
    enqueue("mail", key=f"mail:{key}", payload={**payload, "documents": [each.pk for each in documents]})


@delivers("mail")
def deliver_mail(message: OutboxMessage) -> None:
    """Hand the mail to the mail server; an error is tried again by the outbox."""
    sent = message.payload
    words = Letter(sent["subject"], sent["text"], sent.get("sender", ""), sent.get("reply_to", ""))
    send_letter(key=message.key, to=sent["to"], letter=words, documents=sent["documents"])


def send_letter(*, key: str, to: str, letter: Letter, documents: Iterable[int] = ()) -> None:
    """Hand it to the mail server now, from the outbox only; documents by their ids."""
    mail = EmailMessage(
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        from_email=formataddr((letter.sender, settings.DEFAULT_FROM_EMAIL)) if letter.sender else None,
        to=[to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@orderway>"},
    )
    for pk in documents:
        document = render_document(pk)
        if document.file is None:
            raise LookupError(f"{document} has no file")
        mail.attach(document.file_name, read_stored(document.file), "application/pdf")
    mail.send()
