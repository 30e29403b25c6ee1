"""R2.10, R2.2: the agreed prices below the list that an order rests on, and who agreed them alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from customers.agreeing import is_near_the_list
from customers.models import PriceAgreement
from customers.queries import agreement_steps, step_at
from orders.content import net_price


def rests_on(order: Any) -> Iterator[tuple[Any, PriceAgreement]]:
    """Each line whose price only an agreement brings so far below the list, with that agreement.

    One query, and none where every price is at the list.
    """
    lines = [line for line in order.lines.all() if line.product_id and _is_low(line)]
    if not lines:
        return
    steps = agreement_steps(
        order.customer_id, {line.product_id for line in lines}, currency=order.currency, on=order.ordered_on
    )
    for line in lines:
        found = step_at(steps.get(line.product_id, ()), line.quantity)
        if found is not None and found.price == line.agreed_price:
            yield line, found


def agreed_alone_by(order: Any) -> tuple[int, ...]:
    """Who entered such a price without a second person's yes: they do not decide on the order besides."""
    alone = (each.entered_by_id for _line, each in rests_on(order) if each.change_id is None)
    return tuple(sorted(set(alone)))


def _is_low(line: Any) -> bool:
    price = net_price(line)
    return (
        line.agreed_price is not None and price is not None and not is_near_the_list(price, line.list_price)
    )
