"""Our order confirmation: a PDF in the customer's language, sent by mail, kept as it went out (R1.8)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.audit import record
from core.documents import request_document
from core.mail import queue_mail
from core.money import capital_numerals
from core.showing import listed
from orders import gates
from orders.content import HUNDRED, plain
from orders.models import OrderConfirmation, OrderLine, SalesOrder
from orders.queries import reread


@transaction.atomic
def send_confirmation(order: SalesOrder, *, language: str, to: str, actor: User) -> OrderConfirmation:
    """Send the approved order's lines, prices, dates to the customer; each sending is a version of its own.

    Raises Blocked before the approval and after settlement.
    """
    order = reread(order.pk)
    gates.CONFIRM.require(order, actor)
    issue = order.confirmations.count() + 1
    document = request_document(
        "order_confirmation",
        number=order.number,
        thread=order.thread,
        context=confirmation_content(order, language),
        language=language,
        version=issue,
    )
    sent = OrderConfirmation.objects.create(
        order=order,
        issue=issue,
        language=language,
        document=document,
        sent_to=to,
        sent_by=actor,
        sent_at=timezone.now(),
    )
    record(
        "order.confirmation_sent",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        version=issue,
        to=to,
        language=language,
    )
    with translation.override(language):
        subject = _("Order confirmation %(order)s") % {"order": order.number}
        text = _("Please find our order confirmation attached. Check it and return it signed or sealed.")
    queue_mail(
        key=f"confirmation:{order.number}:{issue}",
        to=to,
        subject=subject,
        text=text,
        documents=[document],
    )
    return sent


def confirmation_content(order: SalesOrder, language: str) -> dict[str, Any]:
    """What the paper says, as plain values: decimals as text, days as ISO."""
    with translation.override(language):
        terms = payment_terms(order)
    return {
        "number": order.number,
        "order_date": order.ordered_on.isoformat(),
        "customer": {
            "name": _named(order.customer, language),
            "address": order.customer.invoice_address or order.ship_to,
            "contact": order.contact_name,
            "phone": order.contact_phone,
        },
        "customer_order_number": order.customer_order_number,
        "currency": order.currency,
        "lines": [_line(line, language) for line in order.lines.all()],
        "goods_total": str(order.goods_total),
        "discount_total": str(order.discount_total),
        "tax_total": str(order.tax_total),
        "freight": str(order.freight),
        "grand_total": str(order.grand_total),
        "capital_total": capital_numerals(order.grand_total) if order.currency == "CNY" else "",
        "payment_terms": terms,
        "ship_to": order.ship_to,
        "note": order.message,
    }


def payment_terms(order: SalesOrder) -> str:
    """The terms in words, in the language that is active."""
    words = [str(order.get_payment_terms_display())]
    if order.deposit_percent:
        words.append(_("deposit %(percent)s %%") % {"percent": plain(order.deposit_percent)})
    if order.credit_days:
        words.append(_("%(days)s days") % {"days": order.credit_days})
    return listed(words)


def _line(line: OrderLine, language: str) -> dict[str, Any]:
    return {
        "position": line.position,
        "code": line.product.code if line.product else "",
        "name": _named(line.product, language) if line.product else line.typed,
        "specification": line.specification,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "price": str(line.price),
        "discount": str(line.discount_percent),
        "tax_rate": str(line.tax_rate / HUNDRED),
        "due_on": line.due_on.isoformat() if line.due_on else "",
        "promised_on": line.promised_on.isoformat() if line.promised_on else "",
        "total": str(line.total),
    }


def _named(noun: Any, language: str) -> str:
    return (noun.name_en if language == "en" else "") or noun.name
