"""The acknowledgement: the customer hears at once that the order is with us (R1.8)."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.inbox import notify_all
from accounts.queries import system_user
from core.audit import record
from core.mail import letter, queue_letter
from orders.models import SalesOrder
from orders.queries import confirmation_address


def acknowledge(order: SalesOrder) -> None:
    """Received, thanks; once an order, to the order's contact, else to the customer's own address.

    Called where the customer's paper is attached, and again where the order is submitted: an address may have
    been noted since. Without one nobody is thanked, and the order's page says so.
    """
    taken = SalesOrder.objects.filter(pk=order.pk, acknowledged_at=None)
    to, customer = confirmation_address(order), order.customer
    portal = list(customer.portal_users.all())
    if not (to or portal) or not taken.update(acknowledged_at=timezone.now()):
        return
    notify_all(portal, "order_received", key=f"order:{order.number}:received", order=order.number)
    record("order.acknowledged", thread=order.thread, actor=system_user(), subject=order.number, to=to or "–")
    if not to:
        return
    with translation.override(customer.language):
        subject = _("We have received your order %(number)s") % {
            "number": order.customer_order_number or order.number
        }
        text = _(
            "Thank you. Your order is with us under the number %(order)s; our confirmation follows when it "
            "is approved."
        ) % {"order": order.number}
    words = letter(
        subject=subject,
        text=text,
        to_name=order.contact_name,
        person=str(order.owner),
        reply_to=order.owner.email,
        language=customer.language,
    )
    queue_letter(key=f"received:{order.number}", to=to, letter=words)
