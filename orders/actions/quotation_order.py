"""From the quotation to the order in one step, at the prices that are held (R1.14)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.audit import record
from core.calendar import add_working_days
from core.locks import lock
from core.transitions import bump_version
from customers.actions import lock_credit_account
from orders import gates
from orders.actions.draft import create_draft
from orders.models import Memo, OrderLine, Quotation, QuotationLine, SalesOrder
from orders.quoted import reread_quotation
from orders.states import PriceSource, QuotationState

TAKEN = ("payment_terms", "deposit_percent", "credit_days", "freight", "message")
SAME = (
    "position",
    "product",
    "typed",
    "specification",
    "quantity",
    "unit",
    "price",
    "list_price",
    "agreed_price",
    "discount_percent",
    "tax_rate",
    "goods",
    "discount",
    "tax",
    "total",
)
TOTALS = ("goods_total", "discount_total", "tax_total", "grand_total")


@transaction.atomic
def order_quotation(quotation: Quotation, *, actor: User) -> SalesOrder:
    """Begin the order that the customer gives by this quotation: its lines, prices and terms, as a draft.

    A second call answers with the first order. Raises Blocked unless the quotation is sent and still valid.
    """
    lock_credit_account(quotation.customer_id)
    quotation = reread_quotation(quotation.pk)
    if quotation.state == QuotationState.ORDERED:
        return quotation.orders.standing_on_quotations().get()
    memo = lock(Memo, quotation.memo_id, "customer") if quotation.memo_id else None
    quotation.order(actor=actor)
    bump_version(quotation)
    quotation.save(update_fields=["state", "state_since"])
    order = create_draft(
        customer=quotation.customer,
        actor=actor,
        owner=quotation.owner,
        contact_name=quotation.contact_name,
        **{name: getattr(quotation, name) for name in TAKEN},
    )
    _take_over(order, quotation)
    _settle_memo(memo, quotation, order, actor)
    record(
        "quotation.ordered",
        thread=quotation.thread,
        actor=actor,
        subject=str(quotation),
        order=order.number,
    )
    record(
        "order.drafted_from_quotation",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        quotation=str(quotation),
        total=order.grand_total,
        currency=order.currency,
    )
    return order


def give_back_quotation(order: SalesOrder, *, actor: User) -> None:
    """The order was cancelled before anybody approved it: its quotation is offered again, its prices held.

    Called in the transaction of the cancelling; nothing happens to an order that stood on none.
    """
    if order.quotation_id is None or order.approved_at is not None:
        return
    quotation = reread_quotation(order.quotation_id)
    quotation.give_back(actor=actor)
    bump_version(quotation)
    quotation.save(update_fields=["state", "state_since"])
    record(
        "quotation.given_back",
        thread=quotation.thread,
        actor=actor,
        subject=str(quotation),
        order=order.number,
    )


def _take_over(order: SalesOrder, quotation: Quotation) -> None:
    """Lines and totals as they were offered, to the cent; a line's due day by its delivery time."""
    for name in (*TOTALS, "currency", "freight_bearer"):
        setattr(order, name, getattr(quotation, name))
    order.quotation = quotation
    order.save(update_fields=[*TOTALS, "currency", "freight_bearer", "quotation"])
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            price_source=PriceSource.QUOTATION,
            due_on=_due_on(line),
            **{name: getattr(line, name) for name in SAME},
        )
        for line in quotation.lines.all()
    )


def _due_on(line: QuotationLine) -> date | None:
    return None if line.lead_days is None else add_working_days(timezone.localdate(), line.lead_days)


def _settle_memo(memo: Memo | None, quotation: Quotation, order: SalesOrder, actor: User) -> None:
    """The enquiry that led to it became this order, unless somebody ended it otherwise (R1.2)."""
    if memo is not None and gates.DRAFT_MEMO.applies(memo):
        memo.draft(actor=actor, order=order)
        bump_version(memo)
        memo.save(update_fields=["state", "state_since", "order"])
        record(
            "memo.quotation_ordered",
            thread=memo.thread,
            actor=actor,
            subject=memo.number,
            order=order.number,
            quotation=str(quotation),
        )
