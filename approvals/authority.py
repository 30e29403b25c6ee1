"""Who must decide: the plan of steps, computed from plain facts and the authority matrix (R2.1–R2.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.digests import digest_of
from approvals.limits import LIMITED, binds, chosen, most_specific
from approvals.models import AuthorityLimit
from approvals.parameters import MAJOR_AMOUNT, USUAL
from approvals.states import JOINT, StepKind
from approvals.triggers import ordinary, secret, triggers
from approvals.weighing import OrderFacts, as_text, beyond_authority, trigger
from core.company import CURRENCY
from core.showing import amount

__all__ = [
    "OrderFacts",
    "PlannedStep",
    "Route",
    "authority_of",
    "beyond_authority",
    "digest_of",
    "plan_order",
    "route_order",
    "trigger",
]

triggers(
    every_order=_("Every order is reviewed by business support and approved by the sales manager."),
    terms=_("Finance reviews price, payment terms and credit."),
    made_to_order=_("Lines are made to order: technical says whether and how they can be made."),
    promise_needed=_("Lines are to be produced: production promises their dates in writing."),
    major=_(
        "The amount of %(value)s %(currency)s is %(over)s above %(limit)s: all departments review it "
        "together."
    ),
    joint_special=_("A special order: all departments review it together."),
    amount=_("The amount of %(value)s %(currency)s is %(over)s above the limit of %(limit)s."),
    special=_("A special order is beyond the manager's authority."),
    no_rate=_(
        "No rate of %(code)s is on file for the order's day: its amount is beyond every limit. Finance sets "
        "it under Settings, Exchange rates."
    ),
    converted=_(
        "%(amount)s %(code)s are %(value)s %(currency)s at the rate of %(rate)s, in force since %(day)s."
    ),
    discount=_("The discount of %(value)s %% is %(over)s points above the limit of %(limit)s %%."),
    deviation=_(
        "The price is %(value)s %% below the list, %(over)s points beyond the limit of %(limit)s %%."
    ),
    deviation_agreed=_(
        "The price is %(value)s %% below what was agreed, %(over)s points beyond the limit of %(limit)s %%."
    ),
    margin=_("The margin of %(value)s %% is %(over)s points under the floor of %(limit)s %%."),
    line_margin=_(
        "The margin of line %(line)s, %(value)s %%, is %(over)s points under the floor of %(limit)s %%."
    ),
    no_margin=_(
        "No line's cost is on file: nobody can say whether the margin reaches the floor of %(limit)s %%."
    ),
    cost_unknown=_("The margin leaves out what has no cost on file: line %(lines)s."),
    category_amount=_(
        "Of category %(category)s, %(value)s %(currency)s are %(over)s above the limit of %(limit)s."
    ),
    category_discount=_(
        "In category %(category)s, the discount of %(value)s %% is %(over)s points above the limit of "
        "%(limit)s %%."
    ),
    category_deviation=_(
        "In category %(category)s, the price is %(value)s %% below the list, %(over)s points beyond the "
        "limit of %(limit)s %%."
    ),
    category_deviation_agreed=_(
        "In category %(category)s, the price is %(value)s %% below what was agreed, %(over)s points beyond "
        "the limit of %(limit)s %%."
    ),
    category_margin=_(
        "In category %(category)s, the margin of %(value)s %% is %(over)s points under the floor of "
        "%(limit)s %%."
    ),
    category_line_margin=_(
        "In category %(category)s, the margin of line %(line)s, %(value)s %%, is %(over)s points under the "
        "floor of %(limit)s %%."
    ),
    payment_days=_("Payment after %(value)s days is %(over)s days beyond the limit of %(limit)s days."),
    credit=_("The customer's credit limit is exceeded by %(over)s %(currency)s."),
    terms_production=_(
        "The terms ask %(now)s %% of the money before production; %(agreed)s %% are agreed with the customer."
    ),
    terms_shipping=_(
        "The terms ask %(now)s %% of the money before shipping; %(agreed)s %% are agreed with the customer."
    ),
    terms_days=_("The terms give up to %(now)s days to pay; up to %(agreed)s are agreed with the customer."),
    no_credit=_("The customer has no credit line, yet pays after %(value)s days."),
)
ordinary("every_order", "terms", "converted")
secret("customers.view_credit", "credit", "no_credit")
secret("inventory.view_cost", "margin", "line_margin", "category_margin", "category_line_margin")
secret("inventory.view_cost", "no_margin", "cost_unknown")


#: So many lines are named in a trigger.
MOST_LINES = 20


@dataclass(frozen=True)
class PlannedStep:
    """One decision to be made: equal sequences are decided in parallel. `barred`: people it is not for;
    `anew`: no yes of an earlier round counts for it.
    """

    kind: StepKind | str
    sequence: int = 1
    triggers: list[dict[str, Any]] = field(default_factory=list)
    barred: tuple[int, ...] = ()
    anew: bool = False


@dataclass(frozen=True)
class Limits:
    """The rows of the matrix that count for one order: the manager's, and those of single categories."""

    base: AuthorityLimit
    categories: Mapping[str, AuthorityLimit] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As a case keeps them, so that its routing stays explained (R2.2)."""
        return {
            "whose": self.base.whose if self.base.pk else "",
            "limits": _figures_of(self.base),
            "since": self.base.effective_from.isoformat() if self.base.pk else "",
            "categories": {code: _figures_of(row) for code, row in sorted(self.categories.items())},
            "major_amount": as_text(MAJOR_AMOUNT.value()),
        }


@dataclass(frozen=True)
class Route:
    """The steps of an order, with the facts and limits that made them: all that `open_case` keeps of it."""

    steps: list[PlannedStep]
    facts: OrderFacts
    limits: Limits

    @property
    def goes_to_general(self) -> bool:
        """Whether the general manager decides on it."""
        return any(step.kind == StepKind.GENERAL for step in self.steps)

    def kept(self) -> dict[str, Any]:
        """The arguments of `open_case` that explain the steps afterwards."""
        return {
            "facts": self.facts.kept(),
            "authority": self.limits.kept(),
            "amount_company": self.facts.amount_company,
        }


def plan_order(facts: OrderFacts, *, on: date | None = None) -> list[PlannedStep]:
    """The steps that an order with these facts needs by the matrix of that day (today, if none is given)."""
    return route_order(facts, on=on).steps


def route_order(facts: OrderFacts, *, on: date | None = None) -> Route:
    """Support and finance (R2.1, R2.3), beside them technical (R2.8), production (R2.9) and all departments
    (R2.4) where the facts ask for it; then the team's manager; beyond that authority the general manager.
    """
    return route_by(facts, limits_of(facts, on=on))


def route_by(facts: OrderFacts, limits: Limits) -> Route:
    """The same by limits that were read before: no question to the database."""
    every = trigger("R2.1", "every_order")
    beyond = beyond_authority(facts, limits.base, categories=limits.categories)
    notes = _notes(facts)
    plan = [
        PlannedStep(StepKind.SUPPORT, 1, [every]),
        PlannedStep(StepKind.FINANCE, 1, [trigger("R2.3", "terms")], barred=facts.agreed_by),
        *_makers(facts),
        *_departments(facts),
        PlannedStep(StepKind.MANAGER, 2, [every, *notes], barred=facts.agreed_by),
    ]
    if beyond:
        plan.append(PlannedStep(StepKind.GENERAL, 3, [*beyond, *notes], barred=facts.agreed_by))
    return Route(plan, facts, limits)


def authority_of(
    person_id: int | None, *, on: date | None = None, team_id: int | None = None
) -> AuthorityLimit:
    """The authority in force on a day: the most specific row (approvals/limits.py), else the usual one."""
    roles = Group.objects.filter(user=person_id).values("name")
    rows = AuthorityLimit.objects.in_force(on).filter(
        Q(person=person_id) | Q(person=None), Q(role="") | Q(role__in=roles), category=""
    )
    known = {row.role for row in rows if row.role}
    return most_specific(rows, person_id=person_id, roles=known, team_id=team_id) or usual()


def deviation_limits(
    person: Any, *, team_id: int | None, categories: Iterable[str] = (), on: date | None = None
) -> dict[str, Decimal | None]:
    """R2.2: by how many per cent below the list somebody lets a price go, by product category: None without
    end, zero for who approves nothing.
    """
    codes = sorted({"", *categories})
    if person.is_system or "general_manager" in person.roles:
        return dict.fromkeys(codes)
    kept = [
        row
        for row in AuthorityLimit.objects.in_force(on).filter(category__in=codes).select_related("person")
        if binds(row, person)
    ]
    base, own = chosen(kept, filter(None, codes), person_id=person.pk, roles=person.roles, team_id=team_id)
    if base is None and (person.roles & LIMITED or person.managed_teams.exists()):
        base = usual()
    usually = Decimal(0) if base is None else base.max_deviation
    return {code: own[code].max_deviation if code in own else usually for code in codes}


def limits_of(facts: OrderFacts, *, on: date | None = None) -> Limits:
    """The rows that count for this order's manager and categories, in one question."""
    person = facts.team_manager_id
    rows = AuthorityLimit.objects.in_force(on).filter(
        Q(person=person) | Q(person=None),
        Q(role="") | Q(role__in=Group.objects.filter(user=person).values("name")),
        category__in=["", *facts.categories],
    )
    kept = list(rows.select_related("person"))
    return choose(kept, facts, roles={row.role for row in kept if row.role})


def choose(rows: Iterable[AuthorityLimit], facts: OrderFacts, *, roles: Collection[str]) -> Limits:
    """Out of rows in force, those that count for this order whose manager holds these roles."""
    whose: dict[str, Any] = {"person_id": facts.team_manager_id, "roles": roles, "team_id": facts.team_id}
    base, categories = chosen(rows, facts.categories, **whose)
    return Limits(base or usual(), categories)


def usual() -> AuthorityLimit:
    """What a manager may approve where nothing is on file."""
    return AuthorityLimit(**USUAL)


def _notes(facts: OrderFacts) -> list[dict[str, Any]]:
    """What a manager is told besides: by which rate the amount was measured, what the margin leaves out."""
    notes = []
    if facts.rate is not None:
        figures = {"amount": amount(facts.amount), "value": amount(facts.weight), "rate": facts.rate}
        notes.append(trigger("R2.2", "converted", code=facts.currency, day=facts.rate_day, **figures))
    if facts.unknown_costs:
        lines = ", ".join(str(line) for line in facts.unknown_costs[:MOST_LINES])
        more = "…" if len(facts.unknown_costs) > MOST_LINES else ""
        notes.append(trigger("R6.11", "cost_unknown", lines=f"{lines}{more}"))
    return notes


def _figures_of(row: AuthorityLimit) -> dict[str, Any]:
    return {name: as_text(getattr(row, name)) for name in USUAL}


def _makers(facts: OrderFacts) -> list[PlannedStep]:
    """R2.8, R2.9: who makes it says whether and until when."""
    found = []
    if facts.made_to_order:
        found.append(PlannedStep(StepKind.TECHNICAL, 1, [trigger("R2.8", "made_to_order")]))
    if facts.promise_needed:
        found.append(PlannedStep(StepKind.PRODUCTION, 1, [trigger("R2.9", "promise_needed")]))
    return found


def _departments(facts: OrderFacts) -> list[PlannedStep]:
    """R2.4: a major or special order is looked at by all departments, side by side."""
    why = []
    most, weight = MAJOR_AMOUNT.value(), facts.weight
    if facts.lacks_rate:
        why.append(trigger("R2.4", "no_rate", code=facts.currency))
    elif weight > most:
        figures = {"value": weight, "limit": most, "over": weight - most}
        told = {name: amount(value) for name, value in figures.items()}
        why.append(trigger("R2.4", "major", currency=CURRENCY.value(), **told))
    if facts.special:
        why.append(trigger("R2.4", "joint_special"))
    return [PlannedStep(kind, 1, why) for kind in JOINT] if why else []
