"""What an order's approval is about: its material facts as plain values, and its price figures.

Approvals keep these facts as their snapshot; a release compares them with the order as it is then, so that
whatever is edited after a decision shuts the gate (R2.1, I5). The functions read the object only.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.showing import figure

HUNDRED = Decimal(100)
_TENTH = Decimal("0.1")


def plain(value: Decimal | None) -> str:
    """A figure without trailing zeros, as people write it."""
    return "" if value is None else figure(value)


def material(order: Any) -> dict[str, Any]:
    """Customer, terms, lines, freight and total, in a form that JSON keeps as it is."""
    return {
        "customer": order.customer.code,
        "currency": order.currency,
        "payment_terms": order.payment_terms,
        "deposit_percent": plain(order.deposit_percent),
        "credit_days": order.credit_days,
        "lines": [material_line(line) for line in order.lines.all()],
        "freight": plain(order.freight),
        "total": plain(order.grand_total),
    }


def material_line(line: Any) -> dict[str, Any]:
    """One line's material facts."""
    return {
        "position": line.position,
        "product": line.product.code if line.product_id else line.typed,
        "quantity": plain(line.quantity),
        "price": plain(line.price),
        "discount": plain(line.discount_percent),
        "tax_rate": plain(line.tax_rate),
        "due_on": _day(line.due_on),
    }


def aspects(order: Any) -> dict[str, Any]:
    """The material facts by aspect (approvals/states.py), so that a change reopens what it touches."""
    lines = list(order.lines.all())
    made = ("specification", "packaging", "tolerance", "unit")
    return {
        "customer": {"customer": order.customer.code},
        "terms": {
            "payment_terms": order.payment_terms,
            "deposit_percent": plain(order.deposit_percent),
            "credit_days": order.credit_days,
            "currency": order.currency,
        },
        "prices": {
            "lines": [
                _of(
                    line,
                    price=plain(line.price),
                    discount=plain(line.discount_percent),
                    tax_rate=plain(line.tax_rate),
                )
                for line in lines
            ],
            "freight": plain(order.freight),
        },
        "quantities": {"lines": [_of(line, quantity=plain(line.quantity)) for line in lines]},
        "dates": {"lines": [_of(line, due_on=_day(line.due_on)) for line in lines]},
        "products": {"lines": [_of(line, **{name: getattr(line, name) for name in made}) for line in lines]},
    }


def _of(line: Any, **facts: Any) -> dict[str, Any]:
    """One line's facts, by its position and product."""
    product = line.product.code if line.product_id else line.typed
    return {"position": line.position, "product": product, **facts}


def content_key(lines: Iterable[tuple[int | None, Decimal]]) -> str:
    """R1.12: what two orders of the same products and quantities have in common, in whatever order and split.

    From (product id, quantity) pairs; empty while no line names a product and a quantity.
    """
    wanted: Counter[int] = Counter()
    for product, quantity in lines:
        if product is not None and quantity > 0:
            wanted[product] += quantity  # type: ignore[assignment]
    if not wanted:
        return ""
    told = ";".join(f"{product}:{figure(wanted[product])}" for product in sorted(wanted))  # type: ignore[arg-type]
    return hashlib.sha256(told.encode()).hexdigest()


def number_key(text: str) -> str:
    """R1.12: a customer's order number as it is compared: po-1001, PO 1001 and ＰＯ－1001 are one."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())[:60]


def standard(order: Any) -> list[dict[str, Any]]:
    """R1.9: what standardisation is about, line by line: the customer's words and what we call them."""
    return [
        {
            "position": line.position,
            "customer_words": line.customer_words,
            **_goods(line),
            "quantity": plain(line.quantity),
            "unit": line.unit,
        }
        for line in order.lines.all()
    ]


def handed_over(order: Any) -> dict[str, Any]:
    """R1.9: what the rep submitted, to be shown beside what business support made of it."""
    return {"lines": standard(order), "total": plain(order.grand_total)}


def stated(order: Any) -> dict[str, Any]:
    """R1.10: what the customer confirms. The promised dates stand beside it and may slip (R1.11)."""
    return material(order) | {"lines": [material_line(line) | _goods(line) for line in order.lines.all()]}


def net_price(line: Any) -> Decimal | None:
    """The price per unit after discount, tax included; None without a price."""
    return None if line.price is None else line.price * (1 - line.discount_percent / HUNDRED)


def reference_price(line: Any) -> Decimal | None:
    """R1.7: what the price is compared with: the customer's price agreement, else the list price."""
    return line.agreed_price or line.list_price


def deviation(line: Any) -> Decimal | None:
    """R1.7: how many per cent, exactly, the net price lies below the agreed price, where there is none below
    the list price (above: negative); None if unknown.
    """
    return below(net_price(line), reference_price(line))


def below(price: Decimal | None, reference: Decimal | None) -> Decimal | None:
    """How many per cent a price lies below another; None if either is unknown."""
    return None if price is None or not reference else (reference - price) / reference * HUNDRED


def tenth(percent: Decimal | None) -> Decimal | None:
    """A percentage as pages show it. What is held against a limit is not rounded."""
    return None if percent is None else percent.quantize(_TENTH, ROUND_HALF_UP)


def _goods(line: Any) -> dict[str, str]:
    product = line.product.code if line.product_id else line.typed
    shape = {name: getattr(line, name) for name in ("specification", "packaging", "tolerance")}
    return {"product": product, **shape}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
