"""Rows pasted from a spreadsheet; all or none (R1.13).

With headings (Chinese or English) the columns come in any order; without: code, quantity, price, due date,
discount.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import DateField, Percent, Price, Quantity, TaxRate, Text
from core.rules import Blocked, Reason
from orders.as_written import as_written, said_beside

LONGEST = 2000
COLUMNS: dict[str, tuple[Any, Any]] = {
    "product": (_("product"), Text(max_length=120, required=False)),
    "quantity": (_("quantity"), Quantity(required=False, min_value=0)),
    "price": (_("price"), Price(required=False)),
    "due_on": (_("due date"), DateField(required=False)),
    "discount_percent": (_("discount"), Percent(required=False)),
    "tax_rate": (_("tax rate"), TaxRate(required=False)),
    "specification": (_("specification"), Text(max_length=200, required=False)),
    "packaging": (_("packaging"), Text(max_length=120, required=False)),
    "tolerance": (_("tolerance"), Text(max_length=60, required=False)),
}
USUAL = ("product", "quantity", "price", "due_on", "discount_percent")
#: What people write over a column, without spaces, stops and letters' case.
HEADINGS: dict[str, str] = {
    "product": "product productcode code item itemcode itemno partno partnumber partnum sku material article "
    "yourpartno customerpartno 编码 产品 产品编码 产品编号 产品代码 物料 物料号 物料编码 料号 货号 型号 商品 "
    "商品编码 品号 客户料号 条码 代码",
    "quantity": "quantity qty pieces pcs 数量 订购数量 订单数量 需求数量 采购数量",
    "price": "price unitprice netprice 价格 单价 含税单价 价钱",
    "due_on": "due duedate deliverydate delivery date required needby 交期 交货日期 交货期 到货日期 要求交期 "
    "需求日期 日期",
    "discount_percent": "discount discountpercent 折扣 折扣率 优惠",
    "tax_rate": "tax taxrate vat vatrate 税率 增值税率",
    "specification": "specification spec specs description 规格 规格型号 描述 说明",
    "packaging": "packaging packing package 包装 包装要求 包装方式",
    "tolerance": "tolerance tolerances 公差 允差 容差",
}
_NAMES = {word: name for name, words in HEADINGS.items() for word in words.split()}


def read_rows(text: str) -> list[dict[str, Any]]:
    """The rows as values by column. Raises Blocked with every bad cell, by row and column (R1.13)."""
    split = cells_of(text)
    columns = _columns(split)
    rows: list[dict[str, Any]] = []
    reasons: list[Reason] = []
    for number, cells in enumerate(split, start=1):
        if any(cells):
            rows.append(_read(number, cells, columns, reasons))
    if reasons:
        raise Blocked(reasons)
    return rows


def cells_of(text: str) -> list[list[str]]:
    """The block's cells row by row, as a spreadsheet copies them: tabs between, quotes around what holds one.

    Raises Blocked when there are more rows than can be taken at once.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sign = next((each for each in ("\t", ";", ",") if each in text), "\t")
    try:
        split = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
    except csv.Error:  # a quotation mark that means inches
        split = [line.split(sign) for line in text.split("\n")]
    rows = [[" ".join(cell.split()) for cell in cells] for cells in split if any(map(str.strip, cells))]
    if len(rows) > LONGEST:
        raise Blocked([unreadable(LONGEST + 1, "–", _("more than %(n)s rows at once") % {"n": LONGEST})])
    return rows


def _columns(split: list[list[str]]) -> list[str | None]:
    """What each column holds; a heading is taken out of the rows."""
    if not split:
        return []
    named = [_NAMES.get(_bare(cell)) for cell in split[0]]
    if "product" in named and len(set(filter(None, named))) >= min(len(named), 2):
        split[0] = []
        if named == list(USUAL[: len(named)]):
            return list(USUAL)  # the heading stops short of the rows
        return [name if name not in named[:place] else None for place, name in enumerate(named)]
    if _is_head(split[0]):
        split[0] = []
    return list(USUAL)


def _bare(cell: str) -> str:
    """A heading without what stands in brackets, spaces, stops, percent signs."""
    return re.sub(r"[\s._\-:：%#/]+|[(（【\[].*", "", cell.lower())


def _is_head(cells: list[str]) -> bool:
    return len(cells) > 1 and bool(cells[1]) and not any(each.isdigit() for each in "".join(cells[1:]))


def _read(number: int, cells: list[str], columns: list[str | None], reasons: list[Reason]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=False):
        if name is None:
            continue
        label, field = COLUMNS[name]
        written = as_written(name, cell)
        try:
            row[name] = field.clean(written.text)
        except ValidationError as error:
            reasons.append(unreadable(number, label, " ".join(error.messages)))
        row |= said_beside(written, cell)
    return row


def unreadable(row: int, column: Any, why: Any) -> Reason:
    """R1.13: a cell of the block that cannot be read, by row and column."""
    return Reason(
        rule="R1.13",
        key="row_is_readable",
        text=_("Row %(row)s, column %(column)s: %(why)s"),
        facts={"row": row, "column": column, "why": why},
        opened_by=("sales_rep",),
    )
