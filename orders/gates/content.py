"""Rules of what an order must be before it is submitted (R1.1–R1.6, R1.12, R2.5)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.money import TAX_RATES
from core.rules import Facts, rule
from inventory.queries import attachments_of
from orders.content import plain
from orders.states import OrderClass

REP = ("sales_rep",)
SUPPORT = ("business_support",)
VERBAL = ("phone", "visit")
HEADER = {
    "contact_name": _("Contact"),
    "ship_to": _("Ship to"),
    "payment_terms": _("Payment terms"),
    "klass": _("Class"),
}
#: Cell of the line grid in which a line's field is mended, where it has another name.
CELL_OF = {
    "discount_percent": "discount",
    "due_on": "due",
    "tax_rate": "tax",
    "unit": "product",
}
LINE = {
    "specification": _("specification"),
    "unit": _("unit"),
    "tax_rate": _("tax rate"),
    "due": _("due date"),
}


def _mend(order, field: str) -> dict:
    """Where the person mends it: the field of the order's edit page."""
    url = reverse("orders:edit", args=[order.number])
    return {"_field": field, "_next_step": f"{url}#id_{field}", **its_rep(order)}


def _mend_line(order, line, name: str) -> dict:
    """The same for a cell of a line, wherever in the grid the line stands by then."""
    url = reverse("orders:edit", args=[order.number])
    step = f"{url}#at-{line.pk}-{CELL_OF.get(name, name)}"
    return {"_field": f"lines-{line.position - 1}-{name}", "_next_step": step, **its_rep(order)}


def its_rep(order) -> dict:
    """The one rep whose order it is, instead of all who hold the role."""
    return {"_people": (order.owner_id,), "_opened_by": ()}


def _attach(order) -> dict:
    """Where the person attaches a paper, and records its mark: beside the entry."""
    url = reverse("orders:edit", args=[order.number])
    return {"_field": "papers", "_next_step": f"{url}#beside", **its_rep(order)}


@rule("R1.1", _("No source document of the customer is attached."), opened_by=REP)
def source_document_is_attached(order) -> Facts | None:
    if any(not each.purpose for each in order.source_documents.all()):
        return None
    return _attach(order)


@rule("R1.1", _("The confirmation mark on %(files)s is not recorded: kind, by whom, when."), opened_by=REP)
def confirmation_mark_is_recorded(order) -> Facts | None:
    papers = [each for each in order.source_documents.all() if not each.purpose]
    if not papers or any(each.is_confirmed for each in papers):
        return None
    files = ", ".join(each.file.name for each in papers)
    return {"files": files, **_attach(order)}


@rule("R1.2", _("The order does not say by which channel it came."), opened_by=REP)
def channel_is_said(order) -> Facts | None:
    return None if order.channel else _mend(order, "channel")


@rule("R1.2", _("A verbal order rests on a customer memo: who said what, and when."), opened_by=REP)
def verbal_order_rests_on_a_memo(order) -> Facts | None:
    if order.channel not in VERBAL or order.memo_of() is not None:
        return None
    url = reverse("orders:new_memo")
    return {"_field": "channel", "_next_step": f"{url}?order={order.number}", **its_rep(order)}


@rule("R1.3", _("%(field)s: “%(typed)s” cannot be read."), opened_by=REP)
def what_was_typed_is_read(order) -> list[Facts]:
    shape = order._meta
    found: list[Facts] = [
        {"field": shape.get_field(name).verbose_name, "typed": typed[:60], **_mend(order, name)}
        for name, typed in order.unread.items()
    ]
    text = _("Line %(position)s, %(field)s: “%(typed)s” cannot be read.")
    for line in order.lines.all():
        for name, typed in line.unread.items():
            named = {"position": line.position, "field": line._meta.get_field(name).verbose_name}
            found.append({**named, "typed": typed[:60], "_text": text, **_mend_line(order, line, name)})
    return found


@rule("R1.3", _("%(field)s is missing."), opened_by=REP)
def header_is_complete(order) -> list[Facts]:
    return [
        {"field": label, **_mend(order, name)} for name, label in HEADER.items() if not getattr(order, name)
    ]


@rule("R1.3", _("Line %(position)s: %(field)s is missing."), opened_by=REP)
def lines_are_complete(order) -> list[Facts]:
    lines = list(order.lines.all())
    if not lines:
        return [{"_text": _("The order has no line."), **_mend(order, "lines-0-product")}]
    return [facts for line in lines for facts in _line_gaps(order, line)]


def _line_gaps(order, line) -> Iterator[Facts]:
    at = {"position": line.position}
    if not line.product_id:
        text = _("Line %(position)s: the product “%(typed)s” is unknown.")
        yield {**at, "typed": line.typed or "–", "_text": text, **_mend_line(order, line, "product")}
        return
    if line.quantity <= 0:
        yield {**at, "field": _("quantity"), **_mend_line(order, line, "quantity")}
    elif line.quantity % line.product.quantity_step:
        text = _("Line %(position)s: %(quantity)s is not in steps of %(step)s %(unit)s.")
        step = {"step": plain(line.product.quantity_step), "unit": line.product.unit}
        yield {
            **at,
            **step,
            "quantity": plain(line.quantity),
            "_text": text,
            **_mend_line(order, line, "quantity"),
        }
    if line.price is None:
        yield {**at, "field": _("price"), **_mend_line(order, line, "price")}
    present = {
        "specification": line.specification or not line.product.specification,
        "unit": line.unit,
        "tax_rate": line.tax_rate is not None,
        "due": line.due_on,
    }
    for name, label in LINE.items():
        if not present[name]:
            yield {**at, "field": label, **_mend_line(order, line, name)}
    if plain(line.tax_rate) not in ("", *TAX_RATES) and "tax_rate" not in line.unread:
        text = _("Line %(position)s: the tax rate %(rate)s %% is not one of %(offered)s.")
        rate = {"rate": plain(line.tax_rate), "offered": ", ".join(TAX_RATES), "_text": text}
        yield {**at, **rate, **_mend_line(order, line, "tax_rate")}
    if line.due_on and line.due_on < order.ordered_on:
        text = _("Line %(position)s: due on %(due)s, before it was ordered (%(ordered)s).")
        days = {"due": line.due_on, "ordered": order.ordered_on, "_text": text}
        yield {**at, **days, **_mend_line(order, line, "due")}


@rule("R1.3", _("The category %(category)s demands an attachment: %(attachment)s."), opened_by=REP)
def demanded_attachments_are_there(order) -> list[Facts]:
    attached = {each.purpose for each in order.source_documents.all()}
    categories = {line.product.category for line in order.lines.all() if line.product_id}
    return [
        {"category": category, "attachment": each, **_attach(order)}
        for category in sorted((each for each in categories if each), key=lambda each: each.code)
        for each in attachments_of(category)
        if each not in attached
    ]


@rule("R1.5", _("A special or urgent order says why."), opened_by=REP)
def class_has_its_reason(order) -> Facts | None:
    if order.klass == OrderClass.NORMAL or order.class_reason:
        return None
    return _mend(order, "class_reason")


@rule("R1.6", _("The total %(total)s is not the sum of the lines, %(sum)s."), opened_by=SUPPORT)
def totals_are_the_sum(order) -> Facts | None:
    summed = sum(line.total for line in order.lines.all()) + order.freight
    return None if summed == order.grand_total else {"total": order.grand_total, "sum": summed}


@rule("R2.5", _("%(customer)s is blocked: %(why)s."), opened_by=("finance", "sales_manager"))
def customer_is_not_blocked(order) -> Facts | None:
    if not order.customer.is_blocked:
        return None
    return {
        "customer": order.customer.name,
        "why": order.customer.block_reason,
        "_since": order.customer.blocked_at,
    }


@rule("R2.5", _("Line %(position)s: %(product)s is no longer sold."), opened_by=REP)
def products_are_sold(order) -> list[Facts]:
    return [
        {"position": line.position, "product": line.product, **_mend_line(order, line, "product")}
        for line in order.lines.all()
        if line.product_id and not line.product.active
    ]
