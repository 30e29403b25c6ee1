"""The demo's quotations: one in each state, at prices near the list (R1.14)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from customers.models import Customer
from inventory.models import Product
from orders.actions import (
    create_quotation,
    lose_quotation,
    order_quotation,
    revise_quotation,
    save_quotation,
    send_quotation,
)
from orders.models import Quotation
from reports.demo.timeline import at


def build_quotations(customers: list[Customer], products: list[Product]) -> None:
    """A draft, two that are out, one begun anew beside the version that is out, one ordered, one lost."""
    stock = [each for each in products if each.supply == "stock"]
    _quoted(customers[1], stock[0:2], days_ago=1)
    _sent(customers[8], stock[2:5], days_ago=5)
    _sent(customers[33], stock[5:7], days_ago=28)
    begun_anew = _sent(customers[15], stock[7:9], days_ago=12)
    revise_quotation(begun_anew, actor=begun_anew.owner)
    with at(timezone.now() - timedelta(days=2)):
        order_quotation(_sent(customers[22], stock[9:11], days_ago=9), actor=customers[22].owner)
    lost = _sent(customers[40], stock[11:13], days_ago=20)
    lose_quotation(lost, reason="同行报价低 6%，客户已另行采购", actor=lost.owner)


def _quoted(customer: Customer, products: list[Product], *, days_ago: int) -> Quotation:
    with at(timezone.now() - timedelta(days=days_ago)):
        quotation = create_quotation(customer=customer, actor=customer.owner, enquiry="年度备件询价")
        rows = [
            {
                "product": each,
                "quantity": Decimal(40 * place),
                "lead_days": 15,
                "discount_percent": Decimal(2),
            }
            for place, each in enumerate(products, start=1)
        ]
        save_quotation(quotation, rows=rows, actor=customer.owner, message="含税含运费，质保 12 个月。")
    return Quotation.objects.get(pk=quotation.pk)


def _sent(customer: Customer, products: list[Product], *, days_ago: int) -> Quotation:
    quotation = _quoted(customer, products, days_ago=days_ago)
    with at(timezone.now() - timedelta(days=days_ago)):
        send_quotation(quotation, to=customer.email, language="zh-hans", actor=customer.owner)
    return Quotation.objects.select_related("owner").get(pk=quotation.pk)
