"""The quotation: entered, sent, revised, ordered in one step, or lost (R1.14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import figures
from core.audit import record
from core.documents import request_document
from core.locks import lock_all
from core.mail import letter, queue_letter
from core.money import round_money
from core.rules import Stale, require
from core.transitions import bump_version
from customers.actions import lock_credit_account
from customers.models import Customer
from orders import gates
from orders.actions.draft import saved_meanwhile
from orders.actions.lines import Rows
from orders.actions.quotation_lines import apply_quoted_rows, price_anew
from orders.actions.quotation_paper import quotation_content
from orders.content import plain
from orders.models import Memo, Quotation, QuotationLine
from orders.parameters import QUOTATION_DAYS, QUOTATION_NUMBERS
from orders.queries import usual_contact
from orders.quoted import reread_quotation
from orders.states import QuotationState

HEADER = (
    "contact_name",
    "enquiry",
    "payment_terms",
    "deposit_percent",
    "credit_days",
    "freight",
    "freight_bearer",
    "valid_until",
    "message",
)
KEPT = (*HEADER, "customer", "memo", "currency", "owner", "team", "language")
TOTALS = ("goods_total", "discount_total", "tax_total", "grand_total")


@transaction.atomic
def create_quotation(
    *, actor: User, customer: Customer | None = None, memo: Memo | None = None, **header: Any
) -> Quotation:
    """Begin a quotation on the customer's terms, valid for the usual span; from a memo, for who called.

    Raises Blocked when the memo names no customer.
    """
    if memo is not None:
        require(gates.memo_names_a_customer, subject=memo)
        customer = memo.customer
        header = {"contact_name": memo.caller, "enquiry": memo.number} | header
    if customer is None:
        raise TypeError("a quotation is for a customer, or from a memo that names one")
    quotation = Quotation(
        customer=customer,
        memo=memo,
        currency=customer.currency,
        owner=actor if actor.team_id == customer.team_id else customer.owner,
        team=customer.team,
        language=customer.language,
        entered_by=actor,
        edited_by=actor,
        quoted_on=timezone.localdate(),
        **({"freight": Decimal(0)} | _usual(customer, header) | _known(header)),
    )
    quotation.grand_total = quotation.freight
    quotation.number = QUOTATION_NUMBERS.next(shop=customer.team.shop)
    quotation.save(force_insert=True)
    record(
        "quotation.drafted",
        thread=quotation.thread,
        actor=actor,
        subject=str(quotation),
        customer=customer.name,
    )
    return quotation


@transaction.atomic
def save_quotation(
    quotation: Quotation,
    *,
    actor: User,
    rows: Iterable[Mapping[str, Any]] = (),
    version: int | None = None,
    own: bool = False,
    was: Mapping[str, Any] | None = None,
    **header: Any,
) -> Rows:
    """Save header fields and rows of a draft; totals are the system's work (R1.6).

    Raises Blocked if it is none, Stale if somebody saved meanwhile (with `own`: somebody else, I12). With
    `was`, what each header field showed before it was typed in, a field counts as saved meanwhile as an
    order's does.
    """
    quotation = reread_quotation(quotation.pk)
    gates.EDIT_QUOTATION.require(quotation, actor)
    ours = own and quotation.edited_by_id == actor.pk
    if was is not None and saved_meanwhile(quotation, was, header):
        raise Stale(quotation)
    if was is None and version is not None and not ours and version != quotation.version:
        bump_version(quotation, expected=version)
    done = apply_quoted_rows(quotation, rows)
    fields = _set_header(quotation, _known(header), done)
    if not done.changes:
        return done
    quotation.edited_by = actor
    _recount(quotation)
    bump_version(quotation)
    quotation.save(update_fields=["edited_by", *TOTALS, *fields])
    record(
        "quotation.saved",
        thread=quotation.thread,
        actor=actor,
        subject=str(quotation),
        total=quotation.grand_total,
        currency=quotation.currency,
        old=done.old,
        new=done.new,
    )
    return done


@transaction.atomic
def send_quotation(
    quotation: Quotation, *, to: str, language: str, actor: User, version: int | None = None
) -> Quotation:
    """Send it to the customer as a PDF by mail; from here on only a new version changes it.

    The version that was offered before is replaced now, not sooner: until then its prices are held. Raises
    Blocked unless every line is complete and the validity lies ahead, Stale if it was saved meanwhile.
    """
    same = Quotation.objects.filter(number=quotation.number).order_by("pk").values_list("pk", flat=True)
    versions = list(lock_all(Quotation, same))
    quotation = reread_quotation(quotation.pk)
    gates.SEND_QUOTATION.require(quotation, actor)
    for old in versions:
        if old.state == QuotationState.SENT:
            old.replace(actor=actor)
            bump_version(old)
            old.save(update_fields=["state", "state_since"])
    quotation.send(actor=actor, at=timezone.now())
    bump_version(quotation, expected=version)
    quotation.sent_to, quotation.language = to, language
    quotation.document = request_document(
        "quotation",
        number=quotation.number,
        thread=quotation.thread,
        context=quotation_content(quotation, language),
        language=language,
        version=quotation.issue,
    )
    quotation.save(update_fields=["state", "state_since", "sent_at", "sent_to", "language", "document"])
    record(
        "quotation.sent",
        thread=quotation.thread,
        actor=actor,
        subject=str(quotation),
        to=to,
        until=quotation.valid_until,
        total=quotation.grand_total,
        currency=quotation.currency,
    )
    _mail(quotation, to, key=f"quotation:{quotation}")
    return quotation


@transaction.atomic
def send_quotation_again(quotation: Quotation, *, to: str, actor: User) -> Quotation:
    """The same paper to another address; Raises Blocked unless it is offered and still valid."""
    quotation = reread_quotation(quotation.pk)
    gates.SEND_QUOTATION_AGAIN.require(quotation, actor)
    bump_version(quotation)
    quotation.sent_to = to
    quotation.save(update_fields=["sent_to"])
    record("quotation.sent_again", thread=quotation.thread, actor=actor, subject=str(quotation), to=to)
    _mail(quotation, to, key=f"quotation:{quotation}:again:{quotation.version}")
    return quotation


@transaction.atomic
def revise_quotation(quotation: Quotation, *, actor: User) -> Quotation:
    """Begin the next version with the same lines and prices, valid anew; the one before stays offered.

    Raises Blocked unless it is sent and no next version is begun.
    """
    lock_credit_account(quotation.customer_id)
    old = reread_quotation(quotation.pk)
    gates.REVISE_QUOTATION.require(old, actor)
    bump_version(old)
    today = timezone.localdate()
    new = Quotation(
        number=old.number,
        issue=max(each.issue for each in (old, *old.others())) + 1,
        entered_by=actor,
        edited_by=actor,
        quoted_on=today,
        **{name: getattr(old, name) for name in (*KEPT, *TOTALS)},
    )
    new.valid_until = today + timedelta(days=QUOTATION_DAYS.value())
    new.save(force_insert=True)
    lines = list(old.lines.all())
    for line in lines:
        line.pk, line.quotation = None, new
        line._state.adding = True
    price_anew(new, lines)
    QuotationLine.objects.bulk_create(lines)
    record(
        "quotation.revised", thread=new.thread, actor=actor, subject=str(new), before=str(old), now=str(new)
    )
    return new


@transaction.atomic
def lose_quotation(quotation: Quotation, *, reason: str, actor: User) -> Quotation:
    """Say that nothing comes of it, and why. Raises Blocked unless it is a draft or sent."""
    quotation = reread_quotation(quotation.pk)
    quotation.lose(actor=actor, reason=reason[:200])
    bump_version(quotation)
    quotation.save(update_fields=["state", "state_since", "lost_reason"])
    record("quotation.lost", thread=quotation.thread, actor=actor, subject=str(quotation), reason=reason)
    return quotation


def _mail(quotation: Quotation, to: str, *, key: str) -> None:
    with translation.override(quotation.language):
        subject = _("Quotation %(quotation)s") % {"quotation": quotation}
        text = _("Please find our quotation attached. It is valid until %(until)s.")
        text %= {"until": quotation.valid_until}
    words = letter(
        subject=subject,
        text=text,
        to_name=quotation.contact_name,
        person=str(quotation.owner),
        reply_to=quotation.owner.email,
        language=quotation.language,
    )
    queue_letter(key=key, to=to, letter=words, documents=[quotation.document] if quotation.document else [])


def _usual(customer: Customer, header: Mapping[str, Any]) -> dict[str, Any]:
    """What the customer's file says of contact and terms, and the usual validity."""
    usual = {
        "payment_terms": customer.payment_terms,
        "deposit_percent": customer.deposit_percent,
        "credit_days": customer.credit_days,
        "valid_until": timezone.localdate() + timedelta(days=QUOTATION_DAYS.value()),
    }
    contact = None if "contact_name" in header else usual_contact(customer)
    return usual | ({"contact_name": contact.name} if contact else {})


def _known(header: Mapping[str, Any]) -> dict[str, Any]:
    strange = set(header) - set(HEADER)
    if strange:
        raise TypeError(f"a quotation's header has no {', '.join(sorted(strange))}")
    return dict(header)


def _set_header(quotation: Quotation, header: Mapping[str, Any], done: Rows) -> list[str]:
    """Set what differs, tell it; the names of what was set."""
    changed = []
    for name, value in header.items():
        before, after = _shown(getattr(quotation, name)), _shown(value)
        if before != after:
            setattr(quotation, name, value)
            done.tell(name, before, after)
            changed.append(name)
    return changed


def _recount(quotation: Quotation) -> None:
    """R1.6: the header is the sum of the lines, and freight."""
    sums = QuotationLine.objects.filter(quotation=quotation).aggregate(
        goods_total=figures.money(Sum("goods")),
        discount_total=figures.money(Sum("discount")),
        tax_total=figures.money(Sum("tax")),
    )
    for name, total in sums.items():
        setattr(quotation, name, round_money(total or Decimal(0), quotation.currency))
    quotation.grand_total = quotation.goods_total - quotation.discount_total + quotation.freight


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)
