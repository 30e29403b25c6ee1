"""A snapshot as people read it: facts, tables, and what differs from the round before.

The noun hands over a mapping; keys are named by `labels(total=_("Total"))`, a list of mappings is a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Any] = {}
VALUES: dict[str, Mapping[str, Any]] = {}
NAMES: dict[str, Callable[[Collection[str]], Mapping[str, str]]] = {}


def labels(**names: Any) -> None:
    """Declare how keys of snapshots are called on screen."""
    LABELS.update(names)


def values(**choices: Mapping[str, Any]) -> None:
    """Declare how the codes under a key read: `values(payment_terms=dict(PaymentTerms.choices))`."""
    VALUES.update(choices)


def names(**lookups: Callable[[Collection[str]], Mapping[str, str]]) -> None:
    """Declare who reads the numbers under a key, all of a snapshot at once: `names(product=product_names)`.

    The snapshot keeps the number (its digest must not move with a name); people read number and name.
    """
    NAMES.update(lookups)


labels(
    amount=_("Amount"),
    address=_("Address"),
    channel=_("Channel"),
    class_reason=_("Why special or urgent"),
    code=_("Code"),
    contact=_("Contact"),
    contact_name=_("Contact"),
    contact_phone=_("Phone"),
    credit_days=_("Credit days"),
    currency=_("Currency"),
    customer=_("Customer"),
    customer_name=_("Customer"),
    customer_order_number=_("Customer's order number"),
    deposit_percent=_("Deposit, %"),
    deviation=_("Deviation, %"),
    discount=_("Discount"),
    discount_percent=_("Discount, %"),
    discount_total=_("Discount"),
    due_on=_("Due"),
    exposure=_("Exposure"),
    freight=_("Freight"),
    goods=_("Goods"),
    goods_total=_("Goods"),
    goods_value=_("Goods value"),
    grand_total=_("Total"),
    klass=_("Class"),
    limit=_("Limit"),
    lines=_("Lines"),
    list_price=_("List price"),
    margin=_("Margin, %"),
    message=_("Message to the customer"),
    name=_("Name"),
    number=_("Number"),
    order=_("Order"),
    ordered_on=_("Ordered on"),
    owner=_("Sales rep"),
    paid=_("Paid"),
    payment_terms=_("Payment terms"),
    position=_("Line"),
    price=_("Price"),
    product=_("Product"),
    quantity=_("Quantity"),
    reference=_("Number"),
    release_case=_("Release case"),
    ship_to=_("Ship to"),
    shipment=_("Shipment"),
    specification=_("Specification"),
    tax=_("Tax"),
    tax_rate=_("Tax rate, %"),
    tax_total=_("Tax"),
    team=_("Team"),
    total=_("Total"),
    unit=_("Unit"),
    value=_("Goods value"),
    wanted_on=_("Wanted on"),
)
FIGURES = frozenset(
    (
        *("amount", "deviation", "discount", "discount_percent", "discount_total", "exposure", "freight"),
        *("goods", "goods_total", "goods_value", "grand_total", "limit", "list_price", "margin", "paid"),
        *("price", "quantity", "tax", "tax_rate", "tax_total", "total", "value"),
    )
)
#: Amounts of money, shown to the cent at least.
MONEY = FIGURES - {"deviation", "discount", "discount_percent", "margin", "quantity", "tax_rate"}
_FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: Keys of the machine's own, not for reading.
_INNER = ("id", "pk", "digest", "version", "line_id", "product_id", "customer_id")


def shown(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """`facts` (label and value) and `tables` (title, heads, rows of (value, is a figure, head))."""
    known = _known(snapshot)
    facts = [
        {"label": _name(key), "value": _plain(key, value, known)}
        for key, value in snapshot.items()
        if _readable(key) and not isinstance(value, list | dict) and value not in (None, "")
    ]
    tables = [
        _table(key, value, known)
        for key, value in snapshot.items()
        if _readable(key) and isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    return {"facts": facts, "tables": tables}


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What changed since the round before, as includes/diff.html shows it; nothing in the first round."""
    if not before:
        return []
    known = _known(before, now)
    old, new = dict(_flat(before, known)), dict(_flat(now, known))
    keys = [*new, *(key for key in old if key not in new)]
    return [
        {"label": key, "old": old.get(key, ""), "new": new.get(key, ""), "changed": True}
        for key in keys
        if old.get(key, "") != new.get(key, "")
    ]


def _known(*snapshots: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What the numbers in these snapshots are called: one question per key that has names."""
    found: dict[str, set[str]] = {key: set() for key in NAMES}
    for snapshot in snapshots:
        rows = [row for value in snapshot.values() if isinstance(value, list) for row in value]
        for each in (snapshot, *(row for row in rows if isinstance(row, dict))):
            for key in found.keys() & each.keys():
                found[key].add(str(each[key]))
    return {key: NAMES[key](codes) for key, codes in found.items() if codes}


def _table(key: str, rows: list[Mapping[str, Any]], known: Mapping[str, Any]) -> dict[str, Any]:
    filled = {name for row in rows for name, value in row.items() if value not in (None, "")}
    keys = [name for name in rows[0] if _readable(name) and name in filled]
    heads = [{"label": _name(name), "figure": name in FIGURES} for name in keys]
    cells = [
        [(_plain(name, row.get(name), known), name in FIGURES, _name(name)) for name in keys] for row in rows
    ]
    return {"title": _name(key), "heads": heads, "rows": cells}


def _flat(snapshot: Mapping[str, Any], known: Mapping[str, Any], prefix: str = ""):
    for key, value in snapshot.items():
        if not _readable(key):
            continue
        if isinstance(value, list):
            for place, row in enumerate(value, start=1):
                inner = row if isinstance(row, dict) else {"": row}
                yield from _flat(inner, known, f"{prefix}{_name(key)} {place} · ")
        elif isinstance(value, dict):
            yield from _flat(value, known, f"{prefix}{_name(key)} · ")
        else:
            yield f"{prefix}{_name(key)}".removesuffix(" · "), _plain(key, value, known)


def _readable(key: str) -> bool:
    return key not in _INNER and not key.endswith("_id")


def _name(key: str) -> str:
    return str(LABELS.get(key, key.replace("_", " ")))


def _plain(key: str, value: Any, known: Mapping[str, Mapping[str, str]]) -> str:
    """Text; a code by its name, an amount grouped and to the cent, another figure without trailing zeros."""
    if value in VALUES.get(key, ()):
        return str(VALUES[key][value])
    text = "" if value is None else str(value)
    if called := known.get(key, {}).get(text):
        return f"{text} {called}"
    if not _FIGURE.fullmatch(text) or key not in FIGURES:
        return text
    whole, _point, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    if key in MONEY:
        fraction = fraction.ljust(2, "0")
    return f"{int(whole):,}.{fraction}" if fraction else f"{int(whole):,}"
