"""The columns of the standard order format: one row a line, the order's own columns repeated (R1.13).

Each column has its label, the headings by which it is known in Chinese and English, and a reader that gives
the value of a cell's text or raises ValidationError. It takes what people write in sheets (1,234.5, 5 %,
2026/11/21, 2026年11月21日) where that can mean one thing only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.fields import DateField, LongText, MoneyField, Number, Percent, Price, Text
from customers.models import Channel
from orders.states import FreightBearer, OrderClass

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
HUNDRED = Decimal(100)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")
_CURRENCY = re.compile(r"^(CNY|RMB|USD|EUR|[¥￥$€])\s*|\s*(CNY|RMB|USD|EUR|元)$", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?(?:\.0+)?)?", re.ASCII)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_FILLING = re.compile(r"[\s_\-./:：()（）\[\]【】*#'’,，%％]+")
ORDER, LINE = "order", "line"


@dataclass(frozen=True)
class Column:
    """One column: what it is called, how its cells are read, whether it is the order's or the line's."""

    name: str
    label: Any
    headings: str  # known headings, parted by spaces, as `plain_heading` writes them
    reader: Any
    level: str = LINE
    required: bool = False
    joins: bool = False  # several columns of a file may make it up
    prepare: Callable[[str], str] = str.strip

    def read(self, text: str) -> Any:
        """The value of a cell; ValidationError says what is wrong with it. Blank is None."""
        value = self.reader.clean(self.prepare(text))
        return None if value == "" else value


class _Share(Number):
    """A discount as a share of one: 0.05 is 5 %."""

    def __init__(self, **kwargs: Any):
        super().__init__(min_value=0, max_value=1, max_digits=5, decimal_places=4, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        share = super().clean(value)
        return None if share is None else (share * HUNDRED).quantize(Decimal("0.01"))


class _Words:
    """One of the choices, by its value or by its name in any language of the house."""

    def __init__(self, choices: Any):
        self.choices = choices

    def clean(self, text: str) -> str:
        found = _by_words(self.choices).get(text.casefold())
        if text and found is None:
            offered = ", ".join(str(label) for label in self.choices.labels)
            raise ValidationError(_("Write one of: %(offered)s."), code="choice", params={"offered": offered})
        return found or ""


@cache
def _by_words(choices: Any) -> dict[str, str]:
    known = {value.casefold(): value for value in choices.values}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {str(label).casefold(): value for value, label in choices.choices}
    return known


def _figure(text: str) -> str:
    return _CURRENCY.sub("", _THOUSANDS.sub("", text.strip())).strip()


def _percent(text: str) -> str:
    return text.strip().removesuffix("%").removesuffix("％").strip()


def _day(text: str) -> str:
    found = _DAY.fullmatch(text.strip()) or _EIGHT.fullmatch(text.strip())
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text.strip()


def _text(most: int) -> Text:
    return Text(max_length=most, required=False)


def _date() -> DateField:
    return DateField(required=False, earliest=EARLIEST, latest=LATEST)


COLUMNS: tuple[Column, ...] = (
    Column(
        "customer_order_number",
        _("Customer’s order number"),
        "customersordernumber customerordernumber ordernumber orderno orderid order pono ponumber po "
        "客户订单号 客户订单编号 订单号 订单编号 采购单号 采购订单号 客户单号",
        _text(60),
        ORDER,
        required=True,
    ),
    Column(
        "customer",
        _("Customer"),
        "customer customercode customername customerid customerno 客户 客户代码 客户编码 客户编号 客户名称",
        _text(120),
        ORDER,
    ),
    Column(
        "ordered_on",
        _("Ordered on"),
        "orderedon orderdate date 订单日期 下单日期 订货日期 日期",
        _date(),
        ORDER,
        prepare=_day,
    ),
    Column(
        "due_on",
        _("Due"),
        "due dueon duedate requireddate requestdate 交期 交货期 交货日期 要求交期 到货日期",
        _date(),
        ORDER,
        prepare=_day,
    ),
    Column("channel", _("Channel"), "channel 渠道 下单渠道 来源", _Words(Channel), ORDER),
    Column(
        "channel_reference",
        _("Channel’s reference"),
        "channelreference channelsreference reference 渠道单号 渠道编号",
        _text(80),
        ORDER,
    ),
    Column("klass", _("Class"), "class orderclass priority 类别 订单类别 优先级", _Words(OrderClass), ORDER),
    Column(
        "class_reason",
        _("Why special or urgent"),
        "whyspecialorurgent classreason 特急原因 加急原因 原因",
        _text(200),
        ORDER,
    ),
    Column("contact_name", _("Contact"), "contact contactname contactperson 联系人 收货人", _text(80), ORDER),
    Column(
        "contact_phone",
        _("Contact’s phone"),
        "contactsphone contactphone phone mobile 电话 联系电话 手机",
        _text(40),
        ORDER,
    ),
    Column(
        "ship_to",
        _("Ship to"),
        "shipto shippingaddress deliveryaddress address 收货地址 送货地址 地址",
        _text(300),
        ORDER,
        joins=True,
    ),
    Column(
        "freight",
        _("Freight"),
        "freight shipping shippingcost 运费",
        MoneyField(required=False, max_value=Decimal(10) ** 9),
        ORDER,
        prepare=_figure,
    ),
    Column(
        "freight_bearer",
        _("Freight borne by"),
        "freightborneby freightbearer freightpaidby 运费承担方 运费承担",
        _Words(FreightBearer),
        ORDER,
    ),
    Column(
        "message",
        _("Message to the customer"),
        "messagetothecustomer message 客户留言 给客户的话",
        LongText(max_length=1000, required=False),
        ORDER,
        joins=True,
    ),
    Column(
        "internal_note",
        _("Internal note"),
        "internalnote note notes remark remarks comment 备注 内部备注 说明",
        LongText(max_length=2000, required=False),
        ORDER,
        joins=True,
    ),
    Column(
        "product",
        _("Product"),
        "product productcode code item itemcode itemno sku productid partnumber customerspartnumber "
        "partno barcode "
        "产品 产品代码 产品编码 产品编号 物料编码 物料号 料号 客户料号 条码 货号 编码",
        _text(120),
        required=True,
    ),
    Column(
        "customer_words",
        _("The customer’s words"),
        "thecustomerswords description productname itemname productdescription "
        "客户品名 产品名称 品名 名称 物料名称 描述",
        _text(200),
        joins=True,
    ),
    Column(
        "quantity",
        _("Quantity"),
        "quantity qty amount pcs 数量 订购数量 订货数量",
        Number(required=False, max_value=10**9, max_digits=12, decimal_places=3),
        required=True,
        prepare=_figure,
    ),
    Column("unit", _("Unit"), "unit uom 单位 计量单位", _text(12)),
    Column(
        "price",
        _("Price"),
        "price unitprice 单价 含税单价 价格",
        Price(required=False, max_value=Decimal(10) ** 9),
        prepare=_figure,
    ),
    Column(
        "discount_percent",
        _("Discount, %"),
        "discount discountpercent 折扣 折扣率",
        Percent(required=False),
        prepare=_percent,
    ),
    Column(
        "discount_share",
        _("Discount, share of one"),
        "discountshare discountfraction",
        _Share(required=False),
    ),
    Column("tax_rate", _("Tax rate, %"), "taxrate vat tax 税率", Percent(required=False), prepare=_percent),
    Column("line_due_on", _("Line due"), "linedue linedueon linedate 行交期 明细交期", _date(), prepare=_day),
    Column("specification", _("Specification"), "specification spec model 规格 规格型号 型号", _text(200)),
    Column("packaging", _("Packaging"), "packaging packing 包装 包装要求", _text(120)),
    Column("tolerance", _("Tolerance"), "tolerance 公差", _text(60)),
)
BY_NAME: dict[str, Column] = {each.name: each for each in COLUMNS}


def plain_heading(text: str) -> str:
    """A heading as it is compared: no case, no spaces, no marks."""
    return _FILLING.sub("", text).casefold()


@cache
def known_headings() -> dict[str, str]:
    """Heading as `plain_heading` writes it → column; the labels of every language count."""
    known: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {plain_heading(str(each.label)): each.name for each in COLUMNS}
    return {heading: each.name for each in COLUMNS for heading in each.headings.split()} | known


def unnamed(mapping: Iterable[str], *, with_customer: bool) -> list[tuple[str, Any]]:
    """The columns that must be there and are not: name and label."""
    named = set(mapping)
    needed = [each for each in COLUMNS if each.required or (with_customer and each.name == "customer")]
    return [(each.name, each.label) for each in needed if each.name not in named]
