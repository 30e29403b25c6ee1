"""Entering an order: the draft, its header, its lines. Totals are the system's work (R1.4, R1.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from core import figures
from core.audit import record
from core.locks import lock
from core.money import round_money
from core.rules import Stale
from core.transitions import bump_version
from customers.models import Contact, Customer
from orders import gates
from orders.actions.lines import Rows, apply_rows
from orders.content import content_key, number_key, plain
from orders.models import OrderLine, Quotation, SalesOrder
from orders.parameters import ORDER_NUMBERS
from orders.pasted import read_rows
from orders.queries import usual_address, usual_contact

HEADER = (
    "contact_name",
    "contact_phone",
    "ship_to",
    "ship_from",
    "freight_bearer",
    "customer_order_number",
    "channel",
    "channel_reference",
    "klass",
    "class_reason",
    "payment_terms",
    "deposit_percent",
    "credit_days",
    "due_on",
    "freight",
    "message",
    "internal_note",
)
LONGEST_UNREAD = 500
TOTALS = ("goods_total", "discount_total", "tax_total", "grand_total")


@transaction.atomic
def create_draft(
    *,
    customer: Customer,
    actor: User,
    owner: User | None = None,
    external_key: str | None = None,
    ordered_on: date | None = None,
    **header: Any,
) -> SalesOrder:
    """Begin an order on the customer's terms; its number is taken now and never again (R1.4).

    The same `external_key` twice gives the order that is already there (R1.13).
    """
    if external_key and (known := SalesOrder.objects.filter(external_key=external_key).first()):
        return known
    order = begun_order(
        customer=customer,
        actor=actor,
        owner=owner,
        external_key=external_key,
        ordered_on=ordered_on,
        **header,
    )
    order.number = ORDER_NUMBERS.next(shop=customer.team.shop)
    order.save(force_insert=True)
    record("order.drafted", thread=order.thread, actor=actor, subject=order.number, customer=customer.name)
    return order


def begun_order(
    *,
    customer: Customer,
    actor: User,
    owner: User | None = None,
    external_key: str | None = None,
    ordered_on: date | None = None,
    **header: Any,
) -> SalesOrder:
    """A new order on the customer's terms, unsaved and without its number."""
    order = SalesOrder(
        customer=customer,
        owner=owner or (actor if actor.team_id == customer.team_id else customer.owner),
        team=customer.team,
        currency=customer.currency,
        ordered_on=ordered_on or timezone.localdate(),
        external_key=external_key,
        entered_by=actor,
        edited_by=actor,
        **(usual_terms(customer, header) | _known(header)),
    )
    order.grand_total = order.freight
    order.their_key = number_key(order.customer_order_number)
    return order


@transaction.atomic
def save_header(
    order: SalesOrder,
    *,
    actor: User,
    version: int | None,
    own: bool = False,
    was: Mapping[str, Any] | None = None,
    unread: Mapping[str, str] | None = None,
    **header: Any,
) -> SalesOrder:
    """Save header fields of a draft. Raises Blocked if it is none, Stale if somebody saved meanwhile (I12).

    A due date is taken over by the lines that have none. With `own`, only somebody else's save counts as
    meanwhile: the page saves by itself, often, in parts. With `was`, what each field showed before it was
    typed in, a field counts as saved meanwhile if it is neither that nor what is wanted, whoever saved it.
    `unread` is what was typed in fields and cannot be read: kept, to be mended before the order is submitted.
    """
    order = _opened(order, actor, version if was is None else None, own)
    if was is not None and saved_meanwhile(order, was, header):
        raise Stale(order)
    _keep_unread(order, header, unread or {})
    changed = {
        name: value for name, value in _known(header).items() if _shown(getattr(order, name)) != _shown(value)
    }
    if not changed:
        return order
    _follow_contact(order, changed)
    old = {name: _shown(getattr(order, name)) for name in changed}
    for name, value in changed.items():
        setattr(order, name, value)
    order.their_key = number_key(order.customer_order_number)
    if changed.get("due_on"):
        OrderLine.objects.filter(order=order, due_on=None).update(due_on=order.due_on)
    _saved(order, actor, version, own, [*changed, "their_key"])
    new = {name: _shown(value) for name, value in changed.items()}
    record("order.header_saved", thread=order.thread, actor=actor, subject=order.number, old=old, new=new)
    return order


@transaction.atomic
def save_lines(
    order: SalesOrder,
    *,
    rows: Iterable[Mapping[str, Any]],
    actor: User,
    version: int | None = None,
    own: bool = False,
) -> Rows:
    """Save rows of a draft: new ones, changed ones (with `id`), removed ones (with `delete`).

    A row gives `product` (a Product, or text to find one by), `quantity`, `price`, `due_on`,
    `discount_percent`, `tax_rate`, `specification`. An unknown product stays as a red row. Raises Blocked and
    Stale as `save_header`.
    """
    order = _opened(order, actor, version, own)
    done = apply_rows(order, rows)
    if done.changes:
        pairs = OrderLine.objects.filter(order=order).values_list("product_id", "quantity")
        order.content_key = content_key(pairs)
        _saved(order, actor, version, own, ("content_key",))
        record(
            "order.lines_saved",
            thread=order.thread,
            actor=actor,
            subject=order.number,
            count=len(done.touched) + done.removed,
            total=order.grand_total,
            currency=order.currency,
            old=done.old,
            new=done.new,
        )
    return done


def save_line(
    order: SalesOrder,
    *,
    actor: User,
    line_id: int | None = None,
    version: int | None = None,
    own: bool = False,
    **fields: Any,
) -> OrderLine:
    """Save one line, new without `line_id`; see `save_lines`."""
    row = {**fields, "id": line_id}
    return save_lines(order, rows=[row], actor=actor, version=version, own=own).touched[0]


def delete_line(
    order: SalesOrder, *, line_id: int, actor: User, version: int | None = None, own: bool = False
) -> None:
    """Remove one line of a draft."""
    row = {"id": line_id, "delete": True}
    save_lines(order, rows=[row], actor=actor, version=version, own=own)


def paste_lines(
    order: SalesOrder, *, text: str, actor: User, version: int | None = None, own: bool = False
) -> Rows:
    """Add the rows of a pasted block: code, quantity, price, due date, discount.

    Raises Blocked with every cell that cannot be read, by row and column; then nothing is taken in (R1.13).
    """
    return save_lines(order, rows=read_rows(text), actor=actor, version=version, own=own)


def saved_meanwhile(
    order: SalesOrder | Quotation, was: Mapping[str, Any], header: Mapping[str, Any]
) -> list[str]:
    """The fields that are neither what they were when they were typed in, nor what is wanted of them."""
    now = {name: _shown(getattr(order, name)) for name in was}
    wanted = {name: _shown(header[name]) for name in was if name in header}
    return [name for name in was if now[name] not in (_shown(was[name]), wanted.get(name))]


def usual_terms(customer: Customer, header: Mapping[str, Any]) -> dict[str, Any]:
    """What the customer's file says of contact, address, terms and channel."""
    usual: dict[str, Any] = {
        "channel": customer.channel,
        "payment_terms": customer.payment_terms,
        "deposit_percent": customer.deposit_percent,
        "credit_days": customer.credit_days,
    }
    if "contact_name" not in header:
        contact = usual_contact(customer)
        usual |= {"contact_name": contact.name, "contact_phone": contact.phone} if contact else {}
    if "ship_to" not in header:
        address = usual_address(customer)
        usual |= {"ship_to": address.for_papers} if address else {}
    return usual


def _known(header: Mapping[str, Any]) -> dict[str, Any]:
    strange = set(header) - set(HEADER)
    if strange:
        raise TypeError(f"an order's header has no {', '.join(sorted(strange))}")
    return dict(header)


def _opened(order: SalesOrder, actor: User, version: int | None, own: bool) -> SalesOrder:
    """The order under its lock, open to editing, and as the page showed it; its lines are not read."""
    order = lock(SalesOrder, order.pk, "customer", "team", "owner", "quotation", "ship_from")
    gates.EDIT.require(order, actor)
    _refuse_stale(order, actor, version, own)
    return order


def _refuse_stale(order: SalesOrder, actor: User, version: int | None, own: bool) -> None:
    ours = own and order.edited_by_id == actor.pk
    if version is not None and not ours and version != order.version:
        bump_version(order, expected=version)


def _keep_unread(order: SalesOrder, header: Mapping[str, Any], unread: Mapping[str, str]) -> None:
    """What cannot be read stays as it was typed, until its field is saved."""
    kept = {name: typed for name, typed in order.unread.items() if name not in header}
    kept |= {name: typed[:LONGEST_UNREAD] for name, typed in _known(unread).items()}
    if kept != order.unread:
        order.unread = kept
        order.save(update_fields=["unread"])


def _follow_contact(order: SalesOrder, changed: dict[str, Any]) -> None:
    """Another contact of the customer brings that person's phone, unless one was typed with it."""
    if not changed.get("contact_name") or "contact_phone" in changed:
        return
    phones = Contact.objects.filter(customer=order.customer_id, name=changed["contact_name"])
    phone = phones.values_list("phone", flat=True).first()
    if phone and phone != order.contact_phone:
        changed["contact_phone"] = phone


def _saved(order: SalesOrder, actor: User, version: int | None, own: bool, fields: Iterable[str]) -> None:
    order.edited_by = actor
    recount(order)
    bump_version(order)
    order.save(update_fields=["edited_by", *TOTALS, *fields])


def recount(order: SalesOrder) -> None:
    """R1.6: the header is the sum of the lines, and freight."""
    sums = OrderLine.objects.filter(order=order).aggregate(
        goods_total=figures.money(Sum("goods")),
        discount_total=figures.money(Sum("discount")),
        tax_total=figures.money(Sum("tax")),
    )
    for name, total in sums.items():
        setattr(order, name, round_money(total or Decimal(0), order.currency))
    order.grand_total = order.goods_total - order.discount_total + order.freight


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)
