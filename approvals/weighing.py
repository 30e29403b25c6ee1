"""An order's plain facts, weighed against limits of the matrix: which are passed, and by how much (R2.2).

Asks no database and knows no model: gates weigh a substitute's own limits with it too (R2.12). Exact figures
are compared; what a page shows is rounded, but never so that it equals the limit that it passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from core.company import CURRENCY
from core.showing import amount

if TYPE_CHECKING:
    from approvals.models import AuthorityLimit

ZERO, HUNDRED = Decimal(0), Decimal(100)
_FIGURES = frozenset(
    {"amount", "max_discount", "max_deviation", "margin", "line_margin", "credit_exceeded_by"}
    | {"amount_company", "rate", "discount", "deviation", "net", "cost"}
)
_MOST_PLACES = 6


@dataclass(frozen=True)
class Part:
    """What one row of the matrix measures: the lines of one product category, of several, or all.

    `amount` tax included, `net` and `cost` without tax and of the lines whose cost is known, all in company
    currency. `deviation` is the worst line's, from the agreed price if `agreed`, else from the list;
    `line_margin` is that of the worst `line`.
    """

    name: str = ""
    amount: Decimal = ZERO
    discount: Decimal = ZERO
    deviation: Decimal = ZERO
    agreed: bool = False
    net: Decimal = ZERO
    cost: Decimal = ZERO
    margin: Decimal | None = None
    line_margin: Decimal | None = None
    line: int = 0
    unknown_costs: tuple[int, ...] = ()


@dataclass(frozen=True)
class OrderFacts:
    """What an order hands over: amount tax included, percentages, days; None where it is not known.

    `amount` is in the order's currency, `amount_company` in the company's: None where no rate is on file, and
    then the amount is beyond every limit. `parts` are the lines by product category, "" for those of none.
    """

    amount: Decimal
    currency: str
    team_manager_id: int | None
    max_discount: Decimal = ZERO
    max_deviation: Decimal = ZERO
    agreed: bool = False
    margin: Decimal | None = None
    line_margin: Decimal | None = None
    margin_line: int = 0
    unknown_costs: tuple[int, ...] = ()
    payment_days: int = 0
    credit_exceeded_by: Decimal = ZERO
    has_credit: bool = True
    klass: str = "normal"
    special: bool = False
    made_to_order: bool = False
    promise_needed: bool = False
    team_id: int | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    amount_company: Decimal | None = None
    rate: Decimal | None = None
    rate_day: str = ""
    #: What the terms ask less than agreed with the customer: {"production": {"now": "0", "agreed": "30"}}.
    terms_eased: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Who alone agreed a price below the list that the order rests on (R2.10).
    agreed_by: tuple[int, ...] = ()

    @property
    def weight(self) -> Decimal:
        """The amount that is held against limits."""
        return self.amount if self.amount_company is None else self.amount_company

    @property
    def lacks_rate(self) -> bool:
        """Whether nobody can say what the amount comes to in the limits' currency."""
        return self.amount_company is None and self.currency != CURRENCY.value()

    @property
    def categories(self) -> list[str]:
        """The product categories that the order has lines of, by their codes."""
        return sorted(code for code in self.parts if code)

    def rest(self, codes: Iterable[str] = ()) -> Part:
        """What the manager's own row measures: the whole order without these categories."""
        apart = [self.parts[code] for code in codes]
        if not apart:
            return Part(
                amount=self.weight,
                discount=self.max_discount,
                deviation=self.max_deviation,
                agreed=self.agreed,
                margin=self.margin,
                line_margin=self.line_margin,
                line=self.margin_line,
                unknown_costs=self.unknown_costs,
            )
        left = together(part for code, part in self.parts.items() if code not in set(codes))
        return replace(left, amount=max(self.weight - sum((each.amount for each in apart), ZERO), ZERO))

    def kept(self) -> dict[str, Any]:
        """As a case keeps them: decimals as text."""
        return {name: as_text(value) for name, value in asdict(self).items()}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> OrderFacts:
        """The facts as a case kept them; what they did not know yet has its default."""
        parts = kept.get("parts") or {
            code: {"amount": amount} for code, amount in (kept.get("categories") or {}).items()
        }
        read = {code: Part(**_read(Part, each)) for code, each in parts.items()}
        return cls(**(_read(cls, kept) | {"parts": read}))


def together(parts: Iterable[Part]) -> Part:
    """Several parts as one: amounts added, of the rest the worst."""
    all_parts = list(parts)
    net = sum((each.net for each in all_parts), ZERO)
    cost = sum((each.cost for each in all_parts), ZERO)
    dearest = max(all_parts, key=lambda each: each.deviation, default=Part())
    known = [each for each in all_parts if each.line_margin is not None]
    worst = min(known, key=lambda each: each.line_margin or ZERO, default=Part())
    return Part(
        amount=sum((each.amount for each in all_parts), ZERO),
        discount=max((each.discount for each in all_parts), default=ZERO),
        deviation=dearest.deviation,
        agreed=dearest.agreed,
        net=net,
        cost=cost,
        margin=margin_of(net, cost),
        line_margin=worst.line_margin,
        line=worst.line,
        unknown_costs=tuple(sorted(line for each in all_parts for line in each.unknown_costs)),
    )


def margin_of(net: Decimal, cost: Decimal) -> Decimal | None:
    """R6.11: what is left of an amount without tax, in per cent; what is given away loses all it costs."""
    if net > 0:
        return (net - cost) / net * HUNDRED
    return -HUNDRED if cost > 0 else None


def beyond_authority(
    facts: OrderFacts, limit: AuthorityLimit, *, categories: Mapping[str, AuthorityLimit] | None = None
) -> list[dict[str, Any]]:
    """R2.2: which limits are passed, and by how much. The lines of a category with its own row are measured
    by that row, the rest by the manager's; days, credit and class are the whole order's. What nobody can
    measure is beyond: an amount without a rate, a floor under which no line's cost is on file.
    """
    rows = {code: row for code, row in sorted((categories or {}).items()) if code in facts.categories}
    comparable = not facts.lacks_rate
    passed = [] if comparable else [trigger("R2.2", "no_rate", code=facts.currency)]
    passed += _beyond(facts.rest(rows), limit, comparable)
    for code, row in rows.items():
        part = facts.parts[code]
        passed += _beyond(part, row, comparable, category=f"{code} {part.name}".strip())
    if facts.unknown_costs and facts.margin is None and limit.min_margin > 0:
        passed.append(trigger("R6.11", "no_margin", limit=limit.min_margin))
    if facts.payment_days > limit.max_payment_days:
        days = {"value": facts.payment_days, "limit": limit.max_payment_days}
        passed.append(trigger("R2.2", "payment_days", over=days["value"] - days["limit"], **days))
    if facts.special and not limit.may_special:
        passed.append(trigger("R2.2", "special"))
    passed += [
        trigger("R3.2", f"terms_{name}", over=abs(Decimal(both["now"]) - Decimal(both["agreed"])), **both)
        for name, both in sorted(facts.terms_eased.items())
    ]
    if limit.may_exceed_credit:
        return passed
    over = facts.credit_exceeded_by
    if not facts.has_credit and facts.payment_days > 0:
        passed.append(trigger("R2.2", "no_credit", value=facts.payment_days, over=over))
    elif over > 0:
        passed.append(trigger("R2.2", "credit", over=amount(over), currency=facts.currency))
    return passed


def trigger(number: str, name: str, **facts: Any) -> dict[str, Any]:
    """Why a step is needed: rule number, name of the sentence, its figures (decimals as text)."""
    return {"rule": number, "name": name, "facts": {key: _plain(value) for key, value in facts.items()}}


def as_text(value: Any) -> Any:
    """Decimals as text, as a case keeps them."""
    if isinstance(value, Mapping):
        return {key: as_text(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [as_text(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value


def _beyond(part: Part, row: AuthorityLimit, comparable: bool, **category: str) -> list[dict[str, Any]]:
    """Which of one row's limits its part of the order passes."""
    kind = "category_" if category else ""
    passed = []
    if comparable and part.amount > row.max_amount:
        figures = {"value": part.amount, "limit": row.max_amount, "over": part.amount - row.max_amount}
        told = {key: amount(value) for key, value in figures.items()}
        passed.append(trigger("R2.2", f"{kind}amount", currency=CURRENCY.value(), **told, **category))
    if part.discount > row.max_discount:
        passed.append(_points(f"{kind}discount", part.discount, row.max_discount, **category))
    if part.deviation > row.max_deviation:
        name = "deviation_agreed" if part.agreed else "deviation"
        passed.append(_points(f"{kind}{name}", part.deviation, row.max_deviation, **category))
    if part.margin is not None and part.margin < row.min_margin:
        passed.append(_points(f"{kind}margin", part.margin, row.min_margin, **category))
    worst = part.line_margin
    if worst is not None and worst < row.min_margin and worst != part.margin:
        passed.append(_points(f"{kind}line_margin", worst, row.min_margin, line=part.line, **category))
    return passed


def _points(name: str, value: Decimal, limit: Decimal, **more: Any) -> dict[str, Any]:
    """A percentage beside its limit, `over` as it is shown and `by` exactly."""
    shown = beside(value, limit)
    figures = {"value": shown, "limit": limit, "over": abs(shown - limit)}
    return trigger("R2.2", name, by=str(abs(value - limit)), **figures, **more)


def beside(value: Decimal, limit: Decimal) -> Decimal:
    """A percentage rounded to a tenth, finer where it would seem to lie on or beyond the other side."""
    for places in range(1, _MOST_PLACES + 1):
        shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if (shown > limit) == (value > limit) and (shown < limit) == (value < limit):
            return shown
    return value


def _read(kind: Any, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields of what was kept as text."""
    known = {each.name for each in fields(kind)} & kept.keys()
    values = {name: _figure(kept[name]) if name in _FIGURES else kept[name] for name in known}
    return values | {name: tuple(kept[name]) for name in ("unknown_costs", "agreed_by") if name in known}


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(value: Any) -> Any:
    """A figure as text without idle zeros."""
    if not isinstance(value, Decimal):
        return value
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
