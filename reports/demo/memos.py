"""The demo's customer memos, and a draft that looks like an order already there (R1.2, R1.12)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from customers.models import Customer
from orders.actions import close_memo, create_draft, save_lines, take_memo
from orders.models import SalesOrder
from orders.states import OrderState

SAID = (
    ("phone", "要 20 套，下周五前到苏州仓库，价格照旧。", "包装方式待定"),
    ("visit", "新产线四月投产，要两批样件，先报价。", "图纸还没给"),
    ("phone", "问上批货的到货时间，顺便想加 5 件。", ""),
)


def build_memos(customers: list[Customer]) -> None:
    """Two memos to follow up, one closed; and of a submitted order a draft of the same once more."""
    for customer, (channel, said, open_points) in zip(customers, SAID, strict=False):
        contact = customer.contacts.first()
        memo = take_memo(
            customer=customer,
            actor=customer.owner,
            channel=channel,
            caller=contact.name if contact else customer.name,
            phone=contact.phone if contact else "",
            said_at=timezone.now() - timedelta(hours=3),
            said=said,
            open_points=open_points,
        )
    close_memo(memo, reason="客户只是询问，没有新订单", actor=memo.taken_by)
    order = SalesOrder.objects.filter(state=OrderState.SUBMITTED).order_by("pk").first()
    if order is not None:
        again = create_draft(
            customer=order.customer,
            actor=order.owner,
            channel="email",
            customer_order_number=order.customer_order_number,
            due_on=order.due_on,
        )
        rows = [{"product": line.product, "quantity": line.quantity} for line in order.lines.all()]
        save_lines(again, rows=rows, actor=order.owner)
