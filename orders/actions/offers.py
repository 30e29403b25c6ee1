"""What is offered for a short line, taken into the draft: a part now, a later day, something else (R2.7)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from core.rules import Blocked
from orders.actions.draft import save_lines
from orders.actions.lines import DETAILS, Rows
from orders.gates.feasibility import offer_still_stands
from orders.models import SalesOrder
from orders.queries import reread
from orders.shortage import Shortage, shortages

#: What can be taken of an offer; a substitute names its product's code after a colon.
PART, LATER, SUBSTITUTE = "part", "later", "substitute"


@transaction.atomic
def take_offer(order: SalesOrder, *, line_id: int, offer: str, actor: User) -> Rows:
    """Take an offer for one line of a draft, by the stock as it is now: `part` splits the line, `later` moves
    its day to when free production ends, `substitute:CODE` puts that product in its place.

    Raises Blocked where the order is no draft, or the stock no longer offers this.
    """
    order = reread(order.pk)
    short = next((each for each in shortages(order.lines.all()) if each.line.pk == line_id), None)
    rows = _rows(short, offer) if short is not None else []
    broken = offer_still_stands.broken(order, rows)
    if broken:
        raise Blocked(broken)
    return save_lines(order, rows=rows, actor=actor)


def _rows(short: Shortage, offer: str) -> list[dict[str, Any]]:
    line, (kind, _colon, code) = short.line, offer.partition(":")
    if kind == PART and short.free > 0:
        same = {name: getattr(line, name) for name in (*DETAILS, "due_on", "discount_percent", "tax_rate")}
        rest = {**same, "product": line.product, "quantity": short.short, "price": line.price}
        return [{"id": line.pk, "quantity": short.free}, rest]
    if kind == LATER and short.later_on is not None:
        return [{"id": line.pk, "due_on": short.later_on}]
    known = {each.code: each for each, _free in short.substitutes} if kind == SUBSTITUTE else {}
    return [{"id": line.pk, "product": known[code]}] if code in known else []
