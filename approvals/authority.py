"""Who must decide: the plan of steps, computed from plain facts and the authority matrix (R2.1–R2.3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from approvals.models import AuthorityLimit
from approvals.parameters import USUAL
from approvals.states import StepKind
from approvals.triggers import triggers

triggers(
    every_order=_("Every order is reviewed by business support and approved by the sales manager."),
    terms=_("Finance reviews price, payment terms and credit."),
    amount=_("The amount of %(value)s is %(over)s above the limit of %(limit)s."),
    discount=_("The discount of %(value)s %% is %(over)s points above the limit of %(limit)s %%."),
    deviation=_(
        "The price is %(value)s %% below the list, %(over)s points beyond the limit of %(limit)s %%."
    ),
    margin=_("The margin of %(value)s %% is %(over)s points under the floor of %(limit)s %%."),
    payment_days=_("Payment after %(value)s days is %(over)s days beyond the limit of %(limit)s days."),
    credit=_("The customer's credit limit is exceeded by %(over)s."),
    no_credit=_("The customer has no credit line, yet pays after %(value)s days."),
)


@dataclass(frozen=True)
class OrderFacts:
    """What an order hands over: amount tax included, percentages, days; None where it is not known."""

    amount: Decimal
    currency: str
    team_manager_id: int | None
    max_discount: Decimal = Decimal(0)
    max_deviation: Decimal = Decimal(0)
    margin: Decimal | None = None
    payment_days: int = 0
    credit_exceeded_by: Decimal = Decimal(0)
    has_credit: bool = True
    klass: str = "normal"


@dataclass(frozen=True)
class PlannedStep:
    """One decision to be made: equal sequences are decided in parallel. `barred`: people it is not for."""

    kind: StepKind | str
    sequence: int = 1
    triggers: list[dict[str, Any]] = field(default_factory=list)
    barred: tuple[int, ...] = ()


def plan_order(facts: OrderFacts, *, on: date | None = None) -> list[PlannedStep]:
    """Support and finance, then the team's manager, then beyond that authority the general manager."""
    every = trigger("R2.1", "every_order")
    plan = [
        PlannedStep(StepKind.SUPPORT, 1, [every]),
        PlannedStep(StepKind.FINANCE, 1, [trigger("R2.3", "terms")]),
        PlannedStep(StepKind.MANAGER, 2, [every]),
    ]
    beyond = beyond_authority(facts, authority_of(facts.team_manager_id, on=on))
    if beyond:
        plan.append(PlannedStep(StepKind.GENERAL, 3, beyond))
    return plan


def beyond_authority(facts: OrderFacts, limit: AuthorityLimit) -> list[dict[str, Any]]:
    """R2.2: which limits are passed, and by how much."""
    measures = (
        ("amount", facts.amount, limit.max_amount),
        ("discount", facts.max_discount, limit.max_discount),
        ("deviation", facts.max_deviation, limit.max_deviation),
        ("payment_days", facts.payment_days, limit.max_payment_days),
    )
    passed = [
        trigger("R2.2", name, value=value, limit=most, over=value - most)
        for name, value, most in measures
        if value > most
    ]
    if facts.margin is not None and facts.margin < limit.min_margin:
        over = limit.min_margin - facts.margin
        passed.append(trigger("R2.2", "margin", value=facts.margin, limit=limit.min_margin, over=over))
    if limit.may_exceed_credit:
        return passed
    if facts.credit_exceeded_by > 0:
        passed.append(trigger("R2.2", "credit", over=facts.credit_exceeded_by))
    if not facts.has_credit and facts.payment_days > 0:
        passed.append(trigger("R2.2", "no_credit", value=facts.payment_days))
    return passed


def authority_of(person_id: int | None, *, on: date | None = None) -> AuthorityLimit:
    """The authority in force on a day: the person's own, else every manager's, else the usual one."""
    rows = AuthorityLimit.objects.filter(
        Q(person=person_id) | Q(person=None), effective_from__lte=on or timezone.localdate()
    ).order_by("-effective_from")
    found = sorted(rows, key=lambda row: row.person_id is None)
    return found[0] if found else AuthorityLimit(**USUAL)


def trigger(number: str, name: str, **facts: Any) -> dict[str, Any]:
    """Why a step is needed: rule number, name of the sentence, its figures (decimals as text)."""
    shown = {key: _plain(value) for key, value in facts.items()}
    return {"rule": number, "name": name, "facts": shown}


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """The fingerprint of exactly this content (I5)."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return f"{value:,.2f}".removesuffix(".00")
