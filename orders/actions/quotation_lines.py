"""Rows of the grid into quotation lines: found products, usual prices, amounts (R1.6, R1.14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F

from customers.queries import agreement_steps, price_at
from inventory.models import Product
from inventory.queries import listed_prices
from orders.actions.amounts import ZERO, count_line
from orders.actions.lines import Rows
from orders.content import plain
from orders.models import Quotation, QuotationLine
from orders.queries import products_by_text

FIELDS = (
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
    "lead_days",
    "goods",
    "discount",
    "tax",
    "total",
)
ASIDE = 1_000_000
Found = Mapping[Any, Product]


def apply_quoted_rows(quotation: Quotation, rows: Iterable[Mapping[str, Any]]) -> Rows:
    """Make the quotation's lines what the rows say; amounts are computed, the header is the caller's work.

    A row gives `product` (a Product, or text to find one by), `quantity`, `price`, `discount_percent`,
    `tax_rate`, `lead_days`, `specification`; `id` for a line that is there, `delete` to remove it. Without a
    price the agreed one stands, then the list's. A row may give what its page showed (`was`) beside what was
    `typed`: what was saved meanwhile then stays as it is (I12). Raises Blocked when an amount passes what
    can be stored, Stale when such a line is gone.
    """
    done, lines = Rows(), {line.pk: line for line in quotation.lines.all()}
    rows = [done.seen(quotation, row, lines) for row in rows]
    wanted = [row for row in rows if row.get("id") in lines or _says_something(row)]
    found = _products(wanted, lines)
    last = max((line.position for line in lines.values()), default=0)
    kept: list[tuple[QuotationLine, Mapping[str, Any], str]] = []
    gone = []
    for row in wanted:
        line = lines.get(row.get("id") or 0)
        if row.get("delete"):
            gone += [line] if line else []
            continue
        if line is None:
            last += 1
            line = QuotationLine(quotation=quotation, position=last, quantity=ZERO, discount_percent=ZERO)
        kept.append((line, row, "" if line.pk is None else told(line)))
        _choose(line, row, found)
    _price(quotation, kept)
    for line, _row, before in kept:
        count_line(line, quotation.currency)
        done.tell(_name(line), before, told(line))
        done.touched.append(line)
    QuotationLine.objects.bulk_create([line for line in done.touched if line.pk is None])
    QuotationLine.objects.bulk_update([line for line, _row, before in kept if before], FIELDS)
    _remove(quotation, gone, done)
    return done


def told(line: QuotationLine) -> str:
    """A line in one row of words: product, quantity, price, discount, delivery."""
    product = line.product.code if line.product else line.typed
    discount = f" −{plain(line.discount_percent)} %" if line.discount_percent else ""
    days = f" · {line.lead_days} d" if line.lead_days is not None else ""
    return f"{product} · {plain(line.quantity)} {line.unit} × {plain(line.price) or '–'}{discount}{days}"


def price_anew(quotation: Quotation, lines: list[QuotationLine]) -> None:
    """Set the lines' agreed and list prices as they are on the quotation's day: two queries."""
    products = {line.product_id: line.product for line in lines if line.product is not None}
    if not products:
        return
    listed = listed_prices(products.values(), currency=quotation.currency, on=quotation.quoted_on)
    steps = agreement_steps(
        quotation.customer_id, products, currency=quotation.currency, on=quotation.quoted_on
    )
    for line in lines:
        line.list_price = listed.get(line.product_id or 0)
        line.agreed_price = price_at(steps.get(line.product_id or 0, ()), line.quantity)


def _says_something(row: Mapping[str, Any]) -> bool:
    return not row.get("delete") and any(row.get(name) for name in ("product", "quantity", "price"))


def _products(rows: Iterable[Mapping[str, Any]], lines: Mapping[int, QuotationLine]) -> Found:
    """The products of the rows, by what the row gives: itself, or text; nothing given means as it was."""
    were = [lines[row["id"]].product for row in rows if "product" not in row and row.get("id") in lines]
    given = [*(row.get("product") for row in rows), *were]
    by_text = products_by_text({each for each in given if isinstance(each, str) and each})
    return by_text | {each.pk: each for each in given if isinstance(each, Product)}  # type: ignore[operator]


def _choose(line: QuotationLine, row: Mapping[str, Any], found: Found) -> None:
    """Product, quantity and what else was typed; another product takes its own unit, tax rate and price."""
    given = row.get("product", line.product or line.typed)
    product = given if isinstance(given, Product) else found.get(given)
    other = (product.pk if product else None) != line.product_id
    price = row.get("price", line.price)
    if other and line.product_id and price == line.price:
        price = None  # the price stood for the other product
    was = {"specification": line.specification, "tax_rate": line.tax_rate} if other and product else {}
    if other and product:
        line.specification, line.unit, line.tax_rate = product.specification, product.unit, product.tax_rate
    line.product, line.typed = product, ("" if product else str(given or "")[:120])
    line.price = price
    for name in ("quantity", "discount_percent", "tax_rate", "specification"):
        if row.get(name) is not None and (name not in was or row[name] != was[name]):
            setattr(line, name, row[name])  # what came with the other product is not typed
    if "lead_days" in row:
        line.lead_days = row["lead_days"]


def _price(quotation: Quotation, kept: Iterable[tuple[QuotationLine, Any, str]]) -> None:
    lines = [line for line, _row, _before in kept]
    price_anew(quotation, lines)
    for line in lines:
        if line.product_id and line.price is None:
            line.price = line.list_price if line.agreed_price is None else line.agreed_price


def _remove(quotation: Quotation, gone: list[QuotationLine], done: Rows) -> None:
    """Take lines out and count the positions from one again."""
    if not gone:
        return
    for line in gone:
        done.tell(_name(line), told(line), "")
    done.removed = len(gone)
    QuotationLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    left = list(QuotationLine.objects.filter(quotation=quotation).order_by("position"))
    moved = [line for place, line in enumerate(left, start=1) if line.position != place]
    for place, line in enumerate(left, start=1):
        line.position = place
    # Both databases check a position row by row: all step aside first, then each takes its place.
    aside = QuotationLine.objects.filter(pk__in=[line.pk for line in moved])
    aside.update(position=F("position") + ASIDE)  # whole
    QuotationLine.objects.bulk_update(moved, ["position"])


def _name(line: QuotationLine) -> str:
    return f"#{line.position}"
