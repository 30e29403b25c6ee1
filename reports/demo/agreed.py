"""What the demo's customers agreed with us: contracts, prices, part numbers, and a change that waits."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from customers.actions import (
    add_agreements,
    add_contract,
    ask_change,
    decide_change,
    set_part_numbers,
    update_customer,
)
from customers.models import Customer, PaymentTerms
from inventory.models import PriceListItem, Product
from reports.demo.paper import page

_SHARES = ((Decimal(0), Decimal("0.98")), (Decimal(100), Decimal("0.95")), (Decimal(500), Decimal("0.92")))


def build_agreements(people: dict[str, User], products: list[Product], customers: list[Customer]) -> None:
    """Eight customers buy under a contract; one asks for a longer term and a higher limit."""
    today = timezone.localdate()
    begin = date(today.year, 1, 1)
    prices = dict(PriceListItem.objects.values_list("product", "price"))
    for place, customer in enumerate(customers[:8]):
        contract = add_contract(
            customer,
            number=f"HT-{today.year}-{place + 1:03}",
            title="年度采购框架合同",
            valid_from=begin,
            valid_until=date(today.year, 12, 31),
            upload=SimpleUploadedFile(
                "年度框架合同.pdf", page(["FRAMEWORK CONTRACT", f"HT-{today.year}-{place + 1:03}"])
            ),
            actor=people["support"],
        )
        chosen = products[place : place + 4]
        rows = [
            {
                "product": product,
                "min_quantity": quantity,
                "price": (prices[product.pk] * share).quantize(Decimal("0.01")),
                "valid_from": begin,
                "valid_until": contract.valid_until,
                "contract": contract,
            }
            for product in chosen
            for quantity, share in _SHARES
        ]
        _agree(customer, rows, people)
        numbers = [(f"{customer.code}-{1000 + each.pk}", each) for each in chosen]
        set_part_numbers(customer, rows=numbers, actor=people["support"])
        _know(customer, today - timedelta(days=400 * (place + 1)), people["support"])
    ask_change(
        customers[2],
        changes={
            "payment_terms": PaymentTerms.CREDIT,
            "credit_line": True,
            "credit_limit": Decimal(300000),
            "credit_days": 45,
        },
        reason="年度采购额增加，客户要求账期 45 天",
        actor=people["rep"],
    )


def _agree(customer: Customer, rows: list[dict[str, Any]], people: dict[str, User]) -> None:
    """Finance enters the prices; to those below the list the sales manager says yes."""
    agreed = add_agreements(customer, rows=rows, actor=people["finance"], reason="年度框架合同约定的阶梯价")
    if agreed.change is not None:
        case = agreed.change.case
        decide_change(
            agreed.change,
            step_id=case.steps.get().pk,
            approve=True,
            digest=case.digest,
            actor=customer.team.manager,
        )


def _know(customer: Customer, since: date, actor: User) -> None:
    """Since when it is a customer, and what to mind."""
    customer.refresh_from_db(fields=["version"])
    update_customer(
        customer,
        version=customer.version,
        customer_since=since,
        preferences="木箱包装，防锈油封；周一至周五 8:30–16:00 收货。",
        actor=actor,
    )
