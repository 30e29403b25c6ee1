"""An order's plain facts, weighed against limits of the matrix: which are passed, and by how much (R2.2).

Asks no database and knows no model: gates weigh a substitute's own limits with it too (R2.12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.company import CURRENCY

if TYPE_CHECKING:
    from approvals.models import AuthorityLimit

ZERO = Decimal(0)
_FIGURES = frozenset(
    {"amount", "max_discount", "max_deviation", "margin", "credit_exceeded_by", "amount_company"}
)


@dataclass(frozen=True)
class OrderFacts:
    """What an order hands over: amount tax included, percentages, days; None where it is not known.

    `amount` is in the order's currency, `amount_company` and `categories` (amount by category code) in the
    company's; without the former the amount is compared as it is, and the step says so.
    """

    amount: Decimal
    currency: str
    team_manager_id: int | None
    max_discount: Decimal = ZERO
    max_deviation: Decimal = ZERO
    margin: Decimal | None = None
    payment_days: int = 0
    credit_exceeded_by: Decimal = ZERO
    has_credit: bool = True
    klass: str = "normal"
    special: bool = False
    made_to_order: bool = False
    promise_needed: bool = False
    team_id: int | None = None
    categories: Mapping[str, Decimal] = field(default_factory=dict)
    amount_company: Decimal | None = None

    @property
    def weight(self) -> Decimal:
        """The amount that is held against limits."""
        return self.amount if self.amount_company is None else self.amount_company

    @property
    def lacks_rate(self) -> bool:
        """Whether the amount is compared in another currency than the limit's."""
        return self.amount_company is None and self.currency != CURRENCY.value()

    def kept(self) -> dict[str, Any]:
        """As a case keeps them: decimals as text."""
        return {name: as_text(value) for name, value in asdict(self).items()}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> OrderFacts:
        """The facts as a case kept them; what they did not know yet has its default."""
        known = {each.name for each in fields(cls)} & kept.keys()
        values: dict[str, Any] = {
            name: _figure(kept[name]) if name in _FIGURES else kept[name] for name in known
        }
        values["categories"] = {code: Decimal(each) for code, each in kept.get("categories", {}).items()}
        return cls(**values)


def beyond_authority(
    facts: OrderFacts, limit: AuthorityLimit, *, categories: Mapping[str, AuthorityLimit] | None = None
) -> list[dict[str, Any]]:
    """R2.2: which limits are passed, and by how much. A category with its own row is measured by that row,
    the rest of the amount by the manager's.
    """
    passed = [
        trigger("R2.2", name, value=value, limit=most, over=value - most)
        for name, value, most in (
            ("amount", _rest(facts, categories or {}), limit.max_amount),
            ("discount", facts.max_discount, limit.max_discount),
            ("deviation", facts.max_deviation, limit.max_deviation),
            ("payment_days", facts.payment_days, limit.max_payment_days),
        )
        if value > most
    ]
    for code, row in sorted((categories or {}).items()):
        value = facts.categories.get(code, ZERO)
        if value > row.max_amount:
            figures = {"value": value, "limit": row.max_amount, "over": value - row.max_amount}
            passed.append(trigger("R2.2", "category_amount", category=code, **figures))
    if facts.margin is not None and facts.margin < limit.min_margin:
        over = limit.min_margin - facts.margin
        passed.append(trigger("R2.2", "margin", value=facts.margin, limit=limit.min_margin, over=over))
    if facts.special and not limit.may_special:
        passed.append(trigger("R2.2", "special"))
    if limit.may_exceed_credit:
        return passed
    if facts.credit_exceeded_by > 0:
        passed.append(trigger("R2.2", "credit", over=facts.credit_exceeded_by))
    if not facts.has_credit and facts.payment_days > 0:
        passed.append(trigger("R2.2", "no_credit", value=facts.payment_days))
    return passed


def trigger(number: str, name: str, **facts: Any) -> dict[str, Any]:
    """Why a step is needed: rule number, name of the sentence, its figures (decimals as text)."""
    shown = {key: _plain(value) for key, value in facts.items()}
    return {"rule": number, "name": name, "facts": shown}


def _rest(facts: OrderFacts, categories: Mapping[str, Any]) -> Decimal:
    """The part of the amount that no category's own row measures."""
    measured = sum((facts.categories.get(code, ZERO) for code in categories), ZERO)
    return max(facts.weight - measured, ZERO)


def as_text(value: Any) -> Any:
    """Decimals as text, as a case keeps them."""
    if isinstance(value, Mapping):
        return {key: as_text(each) for key, each in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return f"{value:,.2f}".removesuffix(".00")
