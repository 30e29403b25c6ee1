"""R6.11: what an order and its lines cost us and leave, by the rate of the order's day; what R2.2 measures.

Costs are in company currency. A margin is told of the lines whose cost is known; which are not is told too.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from approvals.weighing import Part, margin_of, together
from core.rates import Rate, rate_on
from orders.content import deviation

ZERO = Decimal(0)


def rate_of(order: Any) -> Rate | None:
    """The rate by which an order's or a quotation's amounts are told in company currency: that of its day."""
    return rate_on(order.currency, getattr(order, "ordered_on", None) or order.quoted_on)


def line_cost(line: Any, rate: Rate | None) -> Decimal | None:
    """What the line's goods cost us, in its order's currency; None where nobody entered the cost."""
    cost = _cost(line)
    return None if cost is None or rate is None else rate.out_of_company(cost)


def line_margin(line: Any, rate: Rate | None) -> Decimal | None:
    """The line's margin in per cent of its amount without tax; None if the cost is unknown."""
    cost, net = _cost(line), line.total - line.tax
    return None if cost is None or rate is None else margin_of(net * rate.value, cost)


def margin(order: Any) -> Decimal | None:
    """The margin in per cent over the lines whose cost is known; None if no line's is."""
    return together(parts_of(order).values()).margin


def unknown_costs(order: Any) -> tuple[int, ...]:
    """The positions of the lines without a cost."""
    return together(parts_of(order).values()).unknown_costs


def parts_of(order: Any) -> dict[str, Part]:
    """The lines by product category, each as the matrix measures them (R2.2)."""
    rate = rate_of(order)
    found: dict[str, list[Any]] = {}
    for line in order.lines.all():
        if line.product_id:
            found.setdefault(_category(line), []).append(line)
    return {code: _part(lines, rate) for code, lines in found.items()}


def price_facts(order: Any) -> dict[str, Any]:
    """What `OrderFacts` holds of amounts, prices and margins: of an order, or of a quotation alike."""
    parts, rate = parts_of(order), rate_of(order)
    whole = together(parts.values())
    return {
        "amount": order.grand_total,
        "currency": order.currency,
        "amount_company": None if rate is None else rate.into_company(order.grand_total),
        "rate": None if rate is None or rate.day is None else rate.value,
        "rate_day": rate.day.isoformat() if rate is not None and rate.day is not None else "",
        "max_discount": whole.discount,
        "max_deviation": whole.deviation,
        "agreed": whole.agreed,
        "margin": whole.margin,
        "line_margin": whole.line_margin,
        "margin_line": whole.line,
        "unknown_costs": whole.unknown_costs,
        "parts": parts,
    }


def _part(lines: list[Any], rate: Rate | None) -> Part:
    """One category's lines; without a rate nothing is known of amounts and margins."""
    category, amount = lines[0].product.category, sum((line.total for line in lines), ZERO)
    return replace(
        together(_line(line, rate) for line in lines),
        name=category.name if category else "",
        amount=ZERO if rate is None else rate.into_company(amount),
    )


def _line(line: Any, rate: Rate | None) -> Part:
    away = deviation(line)
    prices: dict[str, Any] = {
        "discount": line.discount_percent,
        "deviation": max(away or ZERO, ZERO),
        "agreed": bool(line.agreed_price),
    }
    cost = _cost(line)
    if rate is None:
        return Part(**prices)
    if cost is None:
        return Part(unknown_costs=(line.position,), **prices)
    known = {"net": (line.total - line.tax) * rate.value, "cost": cost}
    return Part(**known, line_margin=line_margin(line, rate), line=line.position, **prices)


def _cost(line: Any) -> Decimal | None:
    """What the line's goods cost us, in company currency."""
    cost = line.product.cost if line.product_id else None
    return None if cost is None else cost * line.quantity


def _category(line: Any) -> str:
    return line.product.category.code if line.product.category_id else ""
