"""R1.7, R2.2: at which price somebody agrees alone, and which price needs a second person's yes.

An agreed price is what orders are compared with, so who agrees it decides on every order that rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from approvals.authority import deviation_limits
from customers.models import PriceAgreement
from customers.parameters import AGREED_ALONE
from inventory.queries import listed_prices

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Beyond:
    """An agreed price that lies further below the list than somebody may let it go.

    `listed` and `below` (per cent, exactly) are None where the list has no price: nobody can say how far.
    """

    agreement: PriceAgreement
    listed: Decimal | None
    below: Decimal | None
    limit: Decimal

    @property
    def depth(self) -> tuple[bool, Decimal]:
        """How far it goes, to find the furthest: what cannot be measured behind what can."""
        return self.below is not None, self.below or Decimal(0)


def beyond_alone(made: Sequence[PriceAgreement], person: Any, *, team_id: int | None) -> list[Beyond]:
    """Of these prices (with their products), those that this person does not agree alone.

    Everybody agrees prices at the list or near it. Who has authority for deviations agrees within it, and
    what the list has no price for; who has none, neither.
    """
    if not made:
        return []
    near = AGREED_ALONE.value()
    limits = deviation_limits(person, team_id=team_id, categories={_category(each) for each in made})
    found = []
    for each, listed in zip(made, _listed(made), strict=True):
        limit = limits[_category(each)]
        below = (listed - each.price) / listed * HUNDRED if listed else None
        if limit is not None and (limit == 0 if below is None else below > max(limit, near)):
            found.append(Beyond(each, listed, below, max(limit, near)))
    return found


def is_near_the_list(price: Decimal, listed: Decimal | None) -> bool:
    """Whether a price lies so near the list, or above it, that anybody agrees it alone."""
    return bool(listed) and (listed - price) / listed * HUNDRED <= AGREED_ALONE.value()


def furthest(found: Iterable[Beyond]) -> Beyond:
    """The one that goes furthest."""
    return max(found, key=lambda each: each.depth)


def _listed(made: Sequence[PriceAgreement]) -> list[Decimal | None]:
    """The list price of each in its currency, as the list stands today: a query for each currency."""
    today = timezone.localdate()
    by_currency = {
        currency: listed_prices(
            {each.product for each in made if each.currency == currency}, currency=currency, on=today
        )
        for currency in {each.currency for each in made}
    }
    return [by_currency[each.currency].get(each.product_id) for each in made]


def _category(agreement: PriceAgreement) -> str:
    category = agreement.product.category
    return category.code if category else ""
