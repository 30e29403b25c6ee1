"""Rows of the line grid into order lines: found products, prices from the list, amounts (R1.6, R1.7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import F, Max

from core.rules import Stale
from inventory.models import Product
from orders.actions.amounts import ZERO, count_line
from orders.as_shown import overtaken, without_overtaken
from orders.as_written import is_unit_of
from orders.content import material_line, plain
from orders.meant import Meant, products_meant
from orders.models import OrderLine, SalesOrder
from orders.pricing import BY_ITSELF, PriceBook, price_book, put_price

FIELDS = (
    "product",
    "typed",
    "unread",
    "customer_words",
    "specification",
    "packaging",
    "tolerance",
    "quantity",
    "unit",
    "price",
    "list_price",
    "agreed_price",
    "price_source",
    "discount_percent",
    "tax_rate",
    "due_on",
    "goods",
    "discount",
    "tax",
    "total",
)
ASIDE = 1_000_000
DETAILS = ("specification", "packaging", "tolerance")
SAYS = ("product", "quantity", "price", "discount_percent", "due_on", "tax_rate", *DETAILS, "unread")
LONGEST_UNREAD = 500
SHOWN_CHANGES = 40


@dataclass
class Rows:
    """What saving rows did: the lines touched, how many were removed, and old and new for the timeline."""

    touched: list[Any] = field(default_factory=list)
    removed: int = 0
    old: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    changes: int = 0
    moved: bool = False  # whether a line was saved meanwhile, elsewhere than its row was typed (I12)
    overtaken: dict[int, dict[str, str]] = field(
        default_factory=dict
    )  # line → field typed in → what is there

    @property
    def unknown(self) -> list[Any]:
        """The lines whose product nobody found."""
        return [line for line in self.touched if line.product_id is None]

    def tell(self, name: str, old: str, new: str) -> None:
        """Keep one change for the timeline; of a long block only the first ones."""
        if old == new:
            return
        self.changes += 1
        if len(self.new) < SHOWN_CHANGES:
            self.old[name], self.new[name] = old, new

    def seen(self, draft: Any, row: Mapping[str, Any], lines: Mapping[int, Any]) -> Mapping[str, Any]:
        """The row without what was saved meanwhile; what is there where that was typed in is kept (I12).

        Raises Stale when the draft's line is gone.
        """
        if not row.get("was") or not row.get("id") or row.get("delete"):
            return row
        line = lines.get(row["id"])
        if line is None:
            raise Stale(draft)
        if lost := overtaken(line, row):
            self.overtaken[line.pk] = lost
        left = without_overtaken(line, row)
        self.moved = self.moved or left is not row
        return left


def apply_rows(order: SalesOrder, rows: Iterable[Mapping[str, Any]]) -> Rows:
    """Make the order's lines what the rows say; amounts are computed, the header is the caller's work.

    A row may give what its page showed (`was`) beside what was `typed`: what was saved meanwhile then stays
    as it is (I12). Raises Blocked when an amount passes what can be stored, Stale when such a line is gone.
    """
    rows, done = list(rows), Rows()
    lines = _lines_named(order, rows)
    rows = [done.seen(order, row, lines) for row in rows]
    wanted = [row for row in rows if row.get("id") in lines or _says_something(row)]
    found = _products(order, wanted, lines)
    products = {each.product.pk: each.product for each in found.values()}
    prices = prices_of(order, products.values())
    fresh, changed, gone = [], [], []
    last = _last_position(order) if any(row.get("id") not in lines for row in wanted) else 0
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
        _tell_change(done, line, partial(_fill, line, row, found, prices))
        done.touched.append(line)
    OrderLine.objects.bulk_create(fresh)
    OrderLine.objects.bulk_update(changed, FIELDS)
    _remove(order, gone, done)
    return done


def prices_of(order: SalesOrder, products: Collection[Product]) -> PriceBook:
    """What new lines of these products are priced by; the same for every order of its customer on its day."""
    return price_book(order, products)


def fresh_line(order: SalesOrder, position: int, row: Mapping[str, Any], prices: PriceBook) -> OrderLine:
    """A new line as entry makes it of a row that gives its Product: priced and counted, unsaved.

    Raises Blocked when the amount passes what can be stored.
    """
    line = OrderLine(order=order, position=position, quantity=ZERO, discount_percent=ZERO)
    _fill(line, row, {}, prices)
    count_line(line, order.currency)
    return line


def _last_position(order: SalesOrder) -> int:
    return OrderLine.objects.filter(order=order).aggregate(last=Max("position"))["last"] or 0


def _tell_change(done: Rows, line: OrderLine, change: Callable[[], None]) -> None:
    """Change the line, count it, keep old and new for the timeline."""
    before, details = "" if line.pk is None else _told(line), _details(line)
    change()
    count_line(line, line.order.currency)
    after = _told(line)
    if before and details != _details(line):  # told where something is new
        before, after = f"{before} · {details}", f"{after} · {_details(line)}"
    done.tell(_name(line), before, after)


def _says_something(row: Mapping[str, Any]) -> bool:
    return not row.get("delete") and any(row.get(name) for name in SAYS)


def _lines_named(order: SalesOrder, rows: Iterable[Mapping[str, Any]]) -> dict[int, OrderLine]:
    """The lines that the rows name: posting one row reads one line, however long the order is."""
    named = {row["id"] for row in rows if row.get("id")}
    if not named:
        return {}
    lines = OrderLine.objects.filter(order=order, pk__in=named).select_related("product")
    found = {line.pk: line for line in lines}
    for line in found.values():
        line.order = order
    return found


def _products(
    order: SalesOrder, rows: Iterable[Mapping[str, Any]], lines: Mapping[int, OrderLine]
) -> dict[Any, Meant]:
    """The products of the rows, by what the row gives: itself, or text; nothing given means as it was."""
    were = [lines[row["id"]].product for row in rows if row.get("id") in lines and _keeps_product(row, lines)]
    given = [*(row.get("product") for row in rows), *were]
    known = {each.code: Meant(each, is_theirs=False) for each in were if each}
    texts = {each for each in given if isinstance(each, str) and each} - set(known)
    by_text: dict[Any, Meant] = dict(products_meant(order.customer_id, texts))
    return (
        by_text
        | known
        | {each.pk: Meant(each, is_theirs=False) for each in given if isinstance(each, Product)}
    )


def _keeps_product(row: Mapping[str, Any], lines: Mapping[int, OrderLine]) -> bool:
    """Whether the row says nothing of its product, or our code of the one that it has."""
    product = lines[row["id"]].product
    return "product" not in row or (product is not None and row["product"] == product.code)


def _fill(line: OrderLine, row: Mapping[str, Any], found: Mapping[Any, Meant], prices: PriceBook) -> None:
    given = row.get("product", line.product or line.typed)
    meant = Meant(given, is_theirs=False) if isinstance(given, Product) else found.get(given)
    product = meant.product if meant else None
    was = line.product_id
    other = (product.pk if product else None) != was
    _keep_words(line, row, given, meant)
    row = _keep_unread(line, row, product)
    line.product, line.typed = product, ("" if product else str(given or "")[:120])
    _fill_details(line, row, taken_over=other)
    price = row.get("price", line.price)
    if price == line.price and (line.price_source in BY_ITSELF or (other and was)):
        price = None  # it stood for the other product, or came by itself and moves with the quantity
    put_price(line, price, prices)
    if "due_on" in row:
        line.due_on = row["due_on"]
    if line.due_on is None:
        line.due_on = line.order.due_on


def _keep_unread(line: OrderLine, row: Mapping[str, Any], product: Product | None) -> Mapping[str, Any]:
    """What cannot be read stays as it was typed, until its cell is saved; so does a quantity in another unit
    and a price in another currency.

    Nothing is converted: 5 boxes are not 5 pieces, 5 dollars not 5 yuan.
    """
    unread = dict(row.get("unread") or {})
    said = row.get("unit_said")
    if said and product and not is_unit_of(said, product.unit):
        unread["quantity"] = row["quantity_said"]
        row = {name: value for name, value in row.items() if name != "quantity"}
    said = row.get("currencies_said")
    if said and line.order.currency not in said:
        unread["price"] = row["price_said"]
        row = {name: value for name, value in row.items() if name != "price"}
    if unread.get("tax_rate") == plain(line.tax_rate):
        del unread["tax_rate"]  # it came so with its product: told as what it is
    kept = {name: typed for name, typed in line.unread.items() if name not in row}
    line.unread = kept | {name: typed[:LONGEST_UNREAD] for name, typed in unread.items()}
    return row


def _keep_words(line: OrderLine, row: Mapping[str, Any], given: Any, meant: Meant | None) -> None:
    """R1.9: the customer's words stay beside our code: what was found otherwise than by it, or not at all.

    A row that is still being typed (`typing`) says nothing yet.
    """
    if "customer_words" in row:
        line.customer_words = str(row["customer_words"] or "")[:200]
        return
    said = given.strip() if isinstance(given, str) and not row.get("typing") else ""
    if said and (meant is None or meant.is_theirs):
        line.customer_words = said[:200]


def _fill_details(line: OrderLine, row: Mapping[str, Any], *, taken_over: bool) -> None:
    """Quantity, discount, tax, specification, packaging, tolerance: what the row says, else the product's.

    With another product in the line, what stood there for the first one gives way.
    """
    product = line.product if taken_over else None
    usual = (
        {"specification": product.specification, "tax_rate": product.tax_rate, "unit": product.unit}
        if product
        else {}
    )
    for name in ("quantity", "discount_percent", "tax_rate", *DETAILS):
        said = row.get(name)
        if said is None or (name in usual and said in ("", getattr(line, name)) and taken_over):
            continue
        setattr(line, name, said)
        usual.pop(name, None)
    for name, value in usual.items():
        setattr(line, name, value)


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


def _details(line: OrderLine) -> str:
    words = (line.specification, line.packaging, line.tolerance, f"{plain(line.tax_rate)} %")
    return " · ".join([*words, *(f"{typed}?" for typed in line.unread.values())])


def _told(line: OrderLine) -> str:
    kept = material_line(line)
    price = f"{kept['quantity']} × {kept['price'] or '–'}"
    discount = f" −{kept['discount']} %" if line.discount_percent else ""
    return f"{kept['product']}: {price}{discount} = {plain(line.total)} · {kept['due_on'] or '–'}"
