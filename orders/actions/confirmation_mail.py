"""The mail of an order confirmation: the link's secret is made as it leaves, kept nowhere (R1.8, R1.10).

The secret follows from the house's own key and the confirmation's number; the database holds its hash only.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.inbox import notify_role
from accounts.queries import system_user
from core.audit import record
from core.escalation import fire_once
from core.mail import Letter, letter, send_letter
from core.models import OutboxMessage, OutboxState
from core.outbox import enqueue
from orders.models import OrderConfirmation, SalesOrder
from orders.states import ConfirmationState

KIND = "confirmation"
SALT = "orders.confirmation.link"


def link_secret(order: SalesOrder, issue: int) -> str:
    """What opens this confirmation to whoever has its mail."""
    made = salted_hmac(SALT, f"{order.number}/{issue}", algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def hash_of(secret: str) -> str:
    """What the database knows of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def queue_confirmation(sent: OrderConfirmation) -> None:
    """The mail leaves after the commit, once."""
    enqueue(KIND, key=mail_key(sent), payload={"confirmation": sent.pk, "to": sent.sent_to})


def mail_key(sent: OrderConfirmation) -> str:
    """The name of its message in the outbox."""
    return f"confirmation:{sent.order.number}:{sent.issue}"


def mail_confirmation(pk: int) -> None:
    """Hand the mail to the mail server and note when it left; one replaced meanwhile does not go out."""
    sent = OrderConfirmation.objects.select_related("order__owner").get(pk=pk)
    if sent.state == ConfirmationState.SUPERSEDED:
        return
    send_letter(key=mail_key(sent), to=sent.sent_to, letter=_letter(sent), documents=[sent.document_id])
    note_left(sent)


def note_left(sent: OrderConfirmation) -> None:
    """It is out of the house now; said once, the delay counts from here (R1.11)."""
    OrderConfirmation.objects.filter(pk=sent.pk, left_at=None).update(left_at=timezone.now())


def tell_stuck(*, as_of: datetime) -> int:
    """Business support learns of each mail that cannot be delivered, once; how many were told."""
    parked = OutboxMessage.objects.filter(kind=KIND, state=OutboxState.PARKED)
    stuck = {each.payload["confirmation"]: each.last_error for each in parked.order_by("-pk")}
    waiting = OrderConfirmation.objects.filter(pk__in=stuck, left_at=None, state=ConfirmationState.SENT)
    told = waiting.select_related("order__customer")
    return sum(_tell_stuck(each, stuck[each.pk], as_of) for each in told.order_by("pk"))


@transaction.atomic
def _tell_stuck(sent: OrderConfirmation, error: str, as_of: datetime) -> int:
    if not fire_once(subject=sent, rule="R1.8", at=as_of):
        return 0
    order = sent.order
    facts = {"order": order.number, "customer": order.customer.name, "to": sent.sent_to}
    record(
        "order.confirmation_stuck",
        thread=order.thread,
        actor=system_user(),
        subject=order.number,
        to=sent.sent_to,
        error=error,
    )
    link = f"{order.get_absolute_url()}#confirmation"
    notify_role("business_support", "confirmation_stuck", key=f"{mail_key(sent)}:stuck", link=link, **facts)
    return 1


def _letter(sent: OrderConfirmation) -> Letter:
    order = sent.order
    with translation.override(sent.language):
        subject = _("Order confirmation %(order)s") % {"order": order.number}
        text = _(
            "Please find our order confirmation attached. Look at it and answer here, without an account:\n\n"
            "%(link)s\n\nThe link is good until %(until)s. You may also return the paper signed or sealed. "
            "If your answer comes later than today, the promised dates move by as many working days."
        ) % {
            "link": f"{settings.SITE_URL}/confirm/{link_secret(order, sent.issue)}/",
            "until": timezone.localdate(sent.link_ends_at).isoformat(),
        }
    return letter(
        subject=subject,
        text=text,
        to_name=order.contact_name,
        person=str(order.owner),
        reply_to=order.owner.email,
        language=sent.language,
    )
