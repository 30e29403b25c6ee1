"""Our order confirmation: a PDF by mail with a link, and the customer's answer to it (R1.8, R1.10)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.inbox import notify_all
from accounts.models import User
from accounts.queries import system_user
from approvals.authority import digest_of
from core.audit import record
from core.calendar import add_working_days
from core.documents import request_document
from core.files import store_upload
from core.locks import lock
from core.money import capital_numerals
from core.rules import Blocked, Reason
from core.showing import filled, listed, word_fact
from customers.terms import IN_DAYS
from orders import gates
from orders.actions.confirmation_mail import hash_of, link_secret, queue_confirmation
from orders.actions.slips import take_back_slips
from orders.content import HUNDRED, plain, stated
from orders.feasible import promise_of, with_promises
from orders.models import OrderConfirmation, OrderLine, ProductionPromise, SalesOrder
from orders.parameters import LINK_DAYS
from orders.queries import confirmation_address, reread
from orders.states import ConfirmationState, MarkKind, OrderState

ANSWERED = (
    *("state", "state_since", "answered_at", "answered_by", "answer"),
    *("answer_mark", "answer_file", "recorded_by", "disputed_at", "disputed_by"),
)


@transaction.atomic
def send_confirmation(order: SalesOrder, *, language: str, to: str, actor: User) -> OrderConfirmation:
    """Send the approved order's lines, prices, dates to the customer, with a link to answer by.

    Without an address the paper is handed over, and counts as gone out now. Each sending is a version of its
    own and takes the place of the one before; what the customer confirmed stays confirmed only as long as the
    content is the same. Raises Blocked before the approval and after settlement.
    """
    order = reread(order.pk)
    gates.CONFIRM.require(order, actor)
    return _send(order, language, to, actor)


def confirm_by_itself(order: SalesOrder) -> OrderConfirmation | None:
    """R1.8: at its approval the order is confirmed to its contact; without an address support does it."""
    to = confirmation_address(order)
    return _send(order, order.customer.language, to, system_user()) if to else None


def is_before_the_customer(order: SalesOrder) -> bool:
    """Whether the newest confirmation states just this and was not called wrong: it is not sent again."""
    last = gates.newest(order)
    standing = (ConfirmationState.SENT, ConfirmationState.CONFIRMED)
    return last is not None and last.state in standing and last.digest == digest_of(stated(order))


@transaction.atomic
def answer_confirmation(
    sent: OrderConfirmation,
    *,
    right: bool,
    by: str,
    actor: User,
    words: str = "",
    mark: str = MarkKind.PORTAL,
    on: date | None = None,
    upload: UploadedFile | None = None,
) -> OrderConfirmation:
    """The customer's answer: it is right, or what is not; by link or portal, or as support recorded it.

    `by` is the customer's person, `on` the day a paper came back (today if none is given): days counted as
    late after it are taken back (R1.11). A yes opens the release (R1.10); what was not right before stays
    said. Raises Blocked with every reason, ValidationError for a file that is not taken in.
    """
    order = reread(sent.order_id)
    sent = lock(OrderConfirmation, sent.pk)
    sent.order = order
    gate = gates.CONFIRM_BACK if right else gates.DISPUTE
    _require(
        [
            *gate.reasons(sent, actor),
            *gates.dispute_has_words.broken(right, words),
            *gates.answer_came_after_the_sending.broken(sent, on),
            *gates.signed_paper_is_on_file.broken(mark, upload),
            *gates.house_records_what_it_was_given.broken(mark, actor),
        ]
    )
    sent.answered_at = answered_at = _moment(sent, on)
    sent.answered_by, sent.answer_mark = by, mark
    sent.answer_file = store_upload(upload, actor=actor) if upload else None
    sent.recorded_by = None if actor.is_system else actor
    if right:
        sent.confirm(actor=actor)
        order.confirmed_at = order.confirmed_at or answered_at
    else:
        sent.dispute(actor=actor)
        sent.answer, sent.disputed_at, sent.disputed_by = words, answered_at, by
        order.confirmed_at = None
    sent.save(update_fields=ANSWERED)
    order.save(update_fields=["confirmed_at"])
    take_back_slips(order, after=timezone.localdate(answered_at), actor=actor)
    _tell_answer(order, sent, actor)
    return sent


def take_down(order: SalesOrder) -> list[str]:
    """What was approved goes back to be changed: no link opens, no yes counts, dates are promised anew.

    What production promised in writing stands, slipped as it is (R2.9). Answers which fields of the order
    the caller saves.
    """
    for sent in order.confirmations.all():
        if gates.SUPERSEDE.applies(sent):
            sent.supersede(actor=system_user())
            sent.save(update_fields=["state", "state_since"])
    written = set(ProductionPromise.objects.filter(line__order=order).values_list("line", flat=True))
    open_again = [line for line in order.lines.all() if line.pk not in written]
    for line in open_again:
        line.promised_on = line.first_promised_on = None
    OrderLine.objects.bulk_update(open_again, ["promised_on", "first_promised_on"])
    if not written:
        order.slips.filter(taken_back_at=None).update(taken_back_at=timezone.now())
    order.confirmed_at = order.promise_asked_at = None
    return ["confirmed_at", "promise_asked_at"]


def by_token(token: str) -> OrderConfirmation | None:
    """The confirmation that a link opens; None for an unknown or expired one, or one not asked about now."""
    found = OrderConfirmation.objects.filter(token_hash=hash_of(token), link_ends_at__gt=timezone.now())
    sent = found.exclude(state=ConfirmationState.SUPERSEDED).exclude(order__state=OrderState.CANCELLED)
    return sent.select_related("order__customer", "order__owner", "document__file").first()


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
        "lines": [_line(line, language) for line in with_promises(order).lines.all()],
        "goods_total": str(order.goods_total),
        "discount_total": str(order.discount_total),
        "tax_total": str(order.tax_total),
        "freight": str(order.freight),
        "freight_bearer": order.freight_bearer,
        "grand_total": str(order.grand_total),
        "capital_total": capital_numerals(order.grand_total) if order.currency == "CNY" else "",
        "payment_terms": terms,
        "ship_to": order.ship_to,
        "note": order.message,
    }


def payment_terms(order: SalesOrder) -> str:
    """The terms in words, in the language that is active."""
    days = {"days": order.credit_days}
    counted = IN_DAYS.get(order.payment_terms) if order.credit_days else None
    words = [filled(counted, days) if counted else str(order.get_payment_terms_display())]
    if order.deposit_percent:
        words.append(_("deposit %(percent)s %%") % {"percent": plain(order.deposit_percent)})
    if order.credit_days and not counted:
        words.append(filled(_("%(days)s days"), days))
    return listed(words)


def _send(order: SalesOrder, language: str, to: str, actor: User) -> OrderConfirmation:
    now, digest = timezone.now(), digest_of(stated(order))
    last = gates.newest(order)
    issue = last.issue + 1 if last else 1
    _supersede(order, digest, actor)
    _promise(order)
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
        sent_at=now,
        left_at=None if to else now,
        digest=digest,
        token_hash=hash_of(link_secret(order, issue)),
        link_ends_at=now + timedelta(days=LINK_DAYS.value(now)),
    )
    record(
        "order.confirmation_sent" if to else "order.confirmation_handed_over",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        version=issue,
        to=to,
        language=language,
    )
    if to:
        queue_confirmation(sent)
    return sent


def _supersede(order: SalesOrder, digest: str, actor: User) -> None:
    """A newer confirmation goes out: the older ones are closed; other content is no longer confirmed."""
    alive = [each for each in order.confirmations.all() if each.state != ConfirmationState.SUPERSEDED]
    for each in alive:
        each.supersede(actor=actor)
        each.save(update_fields=["state", "state_since"])
    if order.confirmed_at is not None and digest not in {each.digest for each in alive}:
        order.confirmed_at = None
        order.save(update_fields=["confirmed_at"])


def _promise(order: SalesOrder) -> None:
    """What production has not promised is planned for its due date, or the next day we work: the paper says
    so, and a production order never takes such a day for a promise (R2.9).
    """
    soonest = add_working_days(timezone.localdate(), 1)
    fresh = [line for line in order.lines.all() if line.first_promised_on is None]
    for line in fresh:
        line.promised_on = line.promised_on or max(line.due_on or soonest, soonest)
        line.first_promised_on = line.promised_on
    OrderLine.objects.bulk_update(fresh, ["promised_on", "first_promised_on"])


def _tell_answer(order: SalesOrder, sent: OrderConfirmation, actor: User) -> None:
    kind = "confirmation_back" if sent.state == ConfirmationState.CONFIRMED else "confirmation_disputed"
    record(
        f"order.{kind}",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        reason=sent.answer if kind == "confirmation_disputed" else "",
        version=sent.issue,
        by=sent.answered_by,
        mark=word_fact(sent.answered_how),
        on=timezone.localdate(sent.answered_at),
    )
    told: dict[str, str] = {
        "key": f"order:{order.number}:{kind}:{sent.issue}:{sent.state_since:%Y%m%d%H%M%S%f}",
        "link": f"{order.get_absolute_url()}#confirmation",
        "order": order.number,
        "customer": order.customer.name,
        "by": sent.answered_by,
        "words": sent.answer,
    }
    people = User.objects.filter(groups__name="business_support", is_active=True)
    notify_all([order.owner, *people], kind, **told)


def _moment(sent: OrderConfirmation, on: date | None) -> datetime:
    """Now, or the end of the day on which the paper came back."""
    if on is None or on >= timezone.localdate():
        return timezone.now()
    return max(timezone.make_aware(datetime.combine(on, time(18))), sent.sent_at)


def _require(reasons: list[Reason]) -> None:
    if reasons:
        raise Blocked(reasons)


def _line(line: OrderLine, language: str) -> dict[str, Any]:
    return {
        "position": line.position,
        "code": line.product.code if line.product else "",
        "name": _named(line.product, language) if line.product else line.typed,
        "specification": line.specification,
        "packaging": line.packaging,
        "tolerance": line.tolerance,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "price": str(line.price),
        "discount": str(line.discount_percent),
        "tax_rate": str(line.tax_rate / HUNDRED),
        "due_on": line.due_on.isoformat() if line.due_on else "",
        "promised_on": line.promised_on.isoformat() if line.promised_on else "",
        "planned": promise_of(line) is None,
        "total": str(line.total),
    }


def _named(noun: Any, language: str) -> str:
    return (noun.name_en if language == "en" else "") or noun.name
