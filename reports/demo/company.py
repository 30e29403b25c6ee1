"""The demo company itself: people, price list, warehouse, products with stock, customers with credit."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Team, User
from accounts.queries import system_user
from core.parameter_actions import set_parameter
from core.rate_actions import DayRate, set_rates
from customers.actions import create_customer
from customers.models import Channel, Customer, CustomerClass, PaymentTerms
from customers.tax_identity import check_character
from inventory.actions import create_product, receive_stock, set_price
from inventory.models import PriceList, Product, ProductCategory, Warehouse
from inventory.states import MovementKind, Supply
from logistics.models import Carrier
from reports.demo import catalogue

_TERMS = [
    (CustomerClass.A, PaymentTerms.CREDIT, True, "800000", 30),
    (CustomerClass.A, PaymentTerms.MONTHLY, True, "500000", 15),
    (CustomerClass.B, PaymentTerms.CREDIT, True, "150000", 30),
    (CustomerClass.B, PaymentTerms.DEPOSIT, False, "0", 0),
    (CustomerClass.C, PaymentTerms.PREPAID, False, "0", 0),
]


def build_goods(people: dict[str, User]) -> list[Product]:
    """Price list, warehouse, categories, and every product with its price and opening stock."""
    system = system_user()
    warehouse, _made = Warehouse.objects.get_or_create(code="MAIN", defaults={"name": "成品主库"})
    prices, _made = PriceList.objects.get_or_create(
        name="标准价目表",
        defaults={"currency": "CNY", "valid_from": timezone.localdate() - timedelta(days=400)},
    )
    groups = {}
    for code, name, papers in catalogue.categories():
        groups[code], _made = ProductCategory.objects.get_or_create(
            code=code, defaults={"name": name, "demanded_attachments": papers}
        )
    made = []
    dice = random.Random(7)  # noqa: S311 - the same demo every time, nothing secret
    for good in catalogue.goods():
        product = create_product(
            actor=system,
            code=good.code,
            name=good.name,
            name_en=good.name_en,
            barcode=good.barcode,
            specification=good.specification,
            category=groups[good.category],
            unit=good.unit,
            quantity_step=Decimal("0.5") if good.unit in ("kg", "m") else Decimal(1),
            supply=Supply.MAKE if good.made_to_order else Supply.STOCK,
            cost=(good.price * Decimal("0.68")).quantize(Decimal("0.01")),
            minimum_stock=Decimal(20),
        )
        set_price(product, price_list=prices, price=good.price, actor=system)
        if not good.made_to_order:
            receive_stock(
                product=product,
                warehouse=warehouse,
                quantity=Decimal(dice.choice([15, 60, 120, 300, 800])),
                document="期初盘点",
                reason="期初库存",
                kind=MovementKind.OPENING,
                actor=people["warehouse"],
            )
        made.append(product)
    return made


def build_customers(people: dict[str, User]) -> list[Customer]:
    """Sixty customers, half a team each, on all kinds of terms."""
    system = system_user()
    north, east = Team.objects.get(code="NORTH"), Team.objects.get(code="EAST")
    years = {"A": 6, "B": 3, "C": 1}
    made = []
    for place, buyer in enumerate(catalogue.buyers()):
        klass, terms, line, limit, days = _TERMS[place % len(_TERMS)]
        northern = place < 30
        made.append(
            create_customer(
                actor=system,
                code=buyer.code,
                name=buyer.name,
                tax_id=_tax_id(f"91{110000 + place * 731:06}MA{place:02}K7R{place % 9}X"),
                owner=people["rep" if northern else "rep2"],
                team=north if northern else east,
                klass=klass,
                customer_since=timezone.localdate() - timedelta(days=365 * years[klass] + place),
                payment_terms=terms,
                credit_line=line,
                credit_limit=Decimal(limit),
                credit_days=days,
                deposit_percent=Decimal(30) if terms == PaymentTerms.DEPOSIT else Decimal(0),
                channel=list(Channel)[place % 5],
                email=f"caigou{place + 1:03}@example.com",
                invoice_address=f"{buyer.city}市{buyer.district}{place + 8}号 {buyer.phone}",
                contacts=[
                    {"name": buyer.contact, "phone": buyer.phone, "title": "采购经理", "is_default": True}
                ],
                addresses=[
                    {
                        "text": f"{buyer.city}市{buyer.district}{place + 8}号",
                        "recipient": buyer.contact,
                        "phone": buyer.phone,
                        "is_default": True,
                    }
                ],
            )
        )
    made[0].portal_users.add(people["customer"])
    return made


def _tax_id(first: str) -> str:
    """A unified social credit code that checks: the first 17 characters and the one that goes with them."""
    return first + check_character(first)


def build_house(people: dict[str, User]) -> None:
    """Letterhead and carriers."""
    system = system_user()
    words = {
        "company.name_zh": catalogue.COMPANY,
        "company.name_en": "Hongyuan Precision Manufacturing Co., Ltd.",
        "company.address_zh": "江苏省苏州市工业园区星湖街328号",
        "company.address_en": "328 Xinghu Street, Suzhou Industrial Park, Jiangsu",
        "company.phone": "0512-6288 0328",
        "company.tax_id": "91320594MA1W3RK85X",
    }
    for key, value in words.items():
        set_parameter(key=key, value=value, reason="演示公司", actor=system)
    since = timezone.localdate() - timedelta(days=400)
    rates = [DayRate("USD", since, Decimal("7.12")), DayRate("EUR", since, Decimal("7.86"))]
    set_rates(rows=rates, reason="演示公司", actor=people["finance"])
    for code, name, phone in [("SF", "顺丰速运", "95338"), ("DB", "德邦物流", "95353")]:
        Carrier.objects.get_or_create(code=code, defaults={"name": name, "phone": phone})
