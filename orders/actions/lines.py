"""Rows of the line grid into order lines: found products, prices from the list, amounts (R1.6, R1.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.money import line_amounts
from core.rules import Blocked, Reason
from inventory.models import Product
from orders.content import HUNDRED, material_line, plain
from orders.models import OrderLine, SalesOrder
from orders.queries import list_prices, products_by_text

FIELDS = (
    "product",
    "typed",
    "specification",
    "quantity",
    "unit",
    "price",
    "list_price",
    "price_source",
    "discount_percent",
    "tax_rate",
    "due_on",
    "goods",
    "discount",
    "tax",
    "total",
)
LARGEST = Decimal(10) ** 13
ASIDE = 1_000_000
ZERO = Decimal(0)
SHOWN_CHANGES = 40


@dataclass
class Rows:
    """What saving rows did: the lines touched, how many were removed, and old and new for the timeline."""

    touched: list[OrderLine] = field(default_factory=list)
    removed: int = 0
    old: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    changes: int = 0

    @property
    def unknown(self) -> list[OrderLine]:
        """The lines whose product nobody found."""
        return [line for line in self.touched if line.product_id is None]

    def tell(self, name: str, old: str, new: str) -> None:
        """Keep one change for the timeline; of a long block only the first ones."""
        if old == new:
            return
        self.changes += 1
        if len(self.new) < SHOWN_CHANGES:
            self.old[name], self.new[name] = old, new


def apply_rows(order: SalesOrder, rows: Iterable[Mapping[str, Any]]) -> Rows:
    """Make the order's lines what the rows say; amounts are computed, the header is the caller's work.

    Raises Blocked when an amount passes what can be stored.
    """
    lines = {line.pk: line for line in order.lines.all()}
    wanted = [row for row in rows if row.get("id") in lines or _says_something(row)]
    found = _products(wanted, lines)
    products = {each.pk: each for each in found.values()}
    prices = prices_of(order, products.values())
    done = Rows()
    fresh, changed, gone = [], [], []
    last = max((line.position for line in lines.values()), default=0)
    for row in wanted:
        line = lines.get(row.get("id") or 0)
        if row.get("delete"):
            gone += [line] if line else []
            continue
        if line is None:
            last += 1
            line = OrderLine(order=order, position=last, quantity=ZERO, discount_percent=ZERO)
            fresh.append(line)
        else:
            changed.append(line)
        before = "" if line.pk is None else _told(line)
        _fill(line, row, found, prices)
        _count(line, order)
        done.tell(_name(line), before, _told(line))
        done.touched.append(line)
    OrderLine.objects.bulk_create(fresh)
    OrderLine.objects.bulk_update(changed, FIELDS)
    _remove(order, gone, done)
    return done


def prices_of(order: SalesOrder, products: Collection[Product]) -> dict[int, Decimal]:
    """What new lines of these products are priced by; the same for every order of its customer on its day."""
    return list_prices(order, products) if products else {}


def fresh_line(
    order: SalesOrder, position: int, row: Mapping[str, Any], prices: dict[int, Decimal]
) -> OrderLine:
    """A new line as entry makes it of a row that gives its Product: priced and counted, unsaved.

    Raises Blocked when the amount passes what can be stored.
    """
    line = OrderLine(order=order, position=position, quantity=ZERO, discount_percent=ZERO)
    _fill(line, row, {}, prices)
    _count(line, order)
    return line


def _says_something(row: Mapping[str, Any]) -> bool:
    return not row.get("delete") and any(row.get(name) for name in ("product", "quantity", "price"))


def _products(rows: Iterable[Mapping[str, Any]], lines: Mapping[int, OrderLine]) -> dict[Any, Product]:
    """The products of the rows, by what the row gives: itself, or text; nothing given means as it was."""
    were = [lines[row["id"]].product for row in rows if "product" not in row and row.get("id") in lines]
    given = [*(row.get("product") for row in rows), *were]
    by_text = products_by_text({each for each in given if isinstance(each, str) and each})
    return by_text | {each.pk: each for each in given if isinstance(each, Product)}


def _fill(line: OrderLine, row: Mapping[str, Any], found: dict, prices: dict[int, Decimal]) -> None:
    given = row.get("product", line.product or line.typed)
    product = given if isinstance(given, Product) else found.get(given)
    other = (product.pk if product else None) != line.product_id
    price = row.get("price", line.price)
    if other and line.product_id and price == line.price:
        price = None  # the price stood for the other product
    if other and product:
        line.specification, line.unit, line.tax_rate = product.specification, product.unit, product.tax_rate
    line.product, line.typed = product, ("" if product else str(given or "")[:120])
    line.list_price = prices.get(line.product_id)
    line.price = line.list_price if price is None else price
    line.price_source = "" if line.price is None else "list" if line.price == line.list_price else "typed"
    for name in ("quantity", "discount_percent", "tax_rate", "specification"):
        if row.get(name) is not None:
            setattr(line, name, row[name])
    if "due_on" in row:
        line.due_on = row["due_on"]
    if line.due_on is None:
        line.due_on = line.order.due_on


def _count(line: OrderLine, order: SalesOrder) -> None:
    """R1.6: goods, discount, tax and total of the line, half up in the currency's minor unit."""
    if line.product_id is None or line.price is None:
        line.goods = line.discount = line.tax = line.total = ZERO
        return
    amounts = line_amounts(
        line.quantity, line.price, line.discount_percent, line.tax_rate / HUNDRED, order.currency
    )
    if amounts.goods >= LARGEST:
        raise Blocked([_too_large(line)])
    line.goods, line.discount, line.tax, line.total = (
        amounts.goods,
        amounts.discount,
        amounts.tax,
        amounts.total,
    )


def _remove(order: SalesOrder, gone: list[OrderLine], done: Rows) -> None:
    """Take lines out and count the positions from one again."""
    if not gone:
        return
    for line in gone:
        done.tell(_name(line), _told(line), "")
    done.removed = len(gone)
    done.changes += 1
    OrderLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    left = list(OrderLine.objects.filter(order=order).order_by("position"))
    moved = [line for place, line in enumerate(left, start=1) if line.position != place]
    for place, line in enumerate(left, start=1):
        line.position = place
    # Both databases check a position row by row: all step aside first, then each takes its place.
    aside = OrderLine.objects.filter(pk__in=[line.pk for line in moved])
    aside.update(position=F("position") + ASIDE)  # whole
    OrderLine.objects.bulk_update(moved, ["position"])


def _name(line: OrderLine) -> str:
    return f"{line.position} · {line.product.code if line.product else line.typed or '–'}"


def _told(line: OrderLine) -> str:
    kept = material_line(line)
    price = f"{kept['quantity']} × {kept['price'] or '–'}"
    discount = f" −{kept['discount']} %" if line.discount_percent else ""
    return f"{kept['product']}: {price}{discount} = {plain(line.total)} · {kept['due_on'] or '–'}"


def _too_large(line: OrderLine) -> Reason:
    return Reason(
        rule="R1.6",
        key="amount_can_be_stored",
        text=_("Line %(position)s: the amount is too large."),
        facts={"position": line.position},
        field_name="quantity",
    )
