"""The columns of the standard order format: one row a line, the order's own columns repeated (R1.13).

Each column has its label, the headings by which it is known in Chinese and English, and a reader that gives
the value of a cell's text or raises ValidationError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.fields import LongText, MoneyField, Number, Percent, Price, TaxRate
from core.money import without_sign
from customers.models import Channel
from orders.intake.cells import (
    Currency,
    Share,
    Words,
    date_of,
    day,
    figure,
    money,
    percent,
    text_of,
)
from orders.states import FreightBearer, OrderClass

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
    is_figure: bool = False
    is_money: bool = False  # may name its currency
    prepare: Callable[[str], str] = str.strip

    def read(self, text: str) -> Any:
        """The value of a cell; ValidationError says what is wrong with it. Blank is None."""
        value = self.reader.clean(self.prepare(text))
        return None if value == "" else value

    def currency(self, text: str) -> frozenset[str]:
        """The currencies that a cell of money may name; empty where it names none."""
        return without_sign(text.strip())[1] if self.is_money else frozenset()


COLUMNS: tuple[Column, ...] = (
    Column(
        "customer_order_number",
        _("Customer’s order number"),
        "customersordernumber customerordernumber ordernumber orderno orderid order pono ponumber po "
        "客户订单号 客户订单编号 订单号 订单编号 采购单号 采购订单号 客户单号",
        text_of(60),
        ORDER,
        required=True,
    ),
    Column(
        "customer",
        _("Customer"),
        "customer customercode customername customerid customerno 客户 客户代码 客户编码 客户编号 客户名称",
        text_of(120),
        ORDER,
    ),
    Column(
        "ordered_on",
        _("Ordered on"),
        "orderedon orderdate date 订单日期 下单日期 订货日期 日期",
        date_of(),
        ORDER,
        prepare=day,
    ),
    Column(
        "due_on",
        _("Due"),
        "due dueon duedate requireddate requestdate 交期 交货期 交货日期 要求交期 到货日期",
        date_of(),
        ORDER,
        prepare=day,
    ),
    Column(
        "channel",
        _("Channel"),
        "channel 渠道 下单渠道 来源",
        Words(
            Channel,
            phone="来电 致电 call telephone",
            email="邮件 邮箱 电邮 mail email",
            rep="业务员 销售 微信 wechat",
            shop="网店 电商 webshop",
            portal="门户 网站",
        ),
        ORDER,
    ),
    Column(
        "channel_reference",
        _("Channel’s reference"),
        "channelreference channelsreference reference 渠道单号 渠道编号",
        text_of(80),
        ORDER,
    ),
    Column(
        "klass",
        _("Class"),
        "class orderclass priority 类别 订单类别 优先级",
        Words(OrderClass, normal="正常 一般 常规 standard", urgent="特急 紧急 急 急单 rush express"),
        ORDER,
    ),
    Column(
        "class_reason",
        _("Why special or urgent"),
        "whyspecialorurgent classreason 特急原因 加急原因 原因",
        text_of(200),
        ORDER,
    ),
    Column(
        "contact_name", _("Contact"), "contact contactname contactperson 联系人 收货人", text_of(80), ORDER
    ),
    Column(
        "contact_phone",
        _("Contact’s phone"),
        "contactsphone contactphone phone mobile 电话 联系电话 手机",
        text_of(40),
        ORDER,
    ),
    Column(
        "ship_to",
        _("Ship to"),
        "shipto shippingaddress deliveryaddress address 收货地址 送货地址 地址",
        text_of(300),
        ORDER,
        joins=True,
    ),
    Column(
        "freight",
        _("Freight"),
        "freight shipping shippingcost 运费",
        MoneyField(required=False, max_value=Decimal(10) ** 9),
        ORDER,
        is_figure=True,
        is_money=True,
        prepare=money,
    ),
    Column("currency", _("Currency"), "currency currencycode 币种 货币 币别", Currency(), ORDER),
    Column(
        "freight_bearer",
        _("Freight borne by"),
        "freightborneby freightbearer freightpaidby 运费承担方 运费承担",
        Words(
            FreightBearer, customer="客户承担 买方 到付 buyer collect", us="我方承担 卖方 包邮 seller prepaid"
        ),
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
        text_of(120),
        required=True,
    ),
    Column(
        "customer_words",
        _("The customer’s words"),
        "thecustomerswords description productname itemname productdescription "
        "客户品名 产品名称 品名 名称 物料名称 描述",
        text_of(200),
        joins=True,
    ),
    Column(
        "quantity",
        _("Quantity"),
        "quantity qty pcs 数量 订购数量 订货数量",
        Number(required=False, max_value=10**9, max_digits=12, decimal_places=3),
        required=True,
        is_figure=True,
        prepare=figure,
    ),
    Column("unit", _("Unit"), "unit uom 单位 计量单位", text_of(12)),
    Column(
        "price",
        _("Price"),
        "price unitprice 单价 含税单价 价格",
        Price(required=False, max_value=Decimal(10) ** 9),
        is_figure=True,
        is_money=True,
        prepare=money,
    ),
    Column(
        "discount_percent",
        _("Discount, %"),
        "discount discountpercent 折扣 折扣率",
        Percent(required=False),
        is_figure=True,
        prepare=percent,
    ),
    Column(
        "discount_share",
        _("Discount, share of one"),
        "discountshare discountfraction",
        Share(required=False),
        is_figure=True,
    ),
    Column(
        "tax_rate",
        _("Tax rate, %"),
        "taxrate vatrate 税率",
        TaxRate(required=False),
        is_figure=True,
        prepare=percent,
    ),
    Column(
        "line_due_on", _("Line due"), "linedue linedueon linedate 行交期 明细交期", date_of(), prepare=day
    ),
    Column("specification", _("Specification"), "specification spec model 规格 规格型号 型号", text_of(200)),
    Column("packaging", _("Packaging"), "packaging packing 包装 包装要求", text_of(120)),
    Column("tolerance", _("Tolerance"), "tolerance 公差", text_of(60)),
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
