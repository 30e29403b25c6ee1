"""Why a case has the steps it has: its facts held against the limits of its time, round by round (R2.2).

Both were kept when the round began, so that what has changed in the matrix since explains nothing anew.
Figures that somebody may not see are left out (R10.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Case, PastRound, Step
from approvals.states import StepState
from approvals.triggers import readable_by, told
from approvals.weighing import OrderFacts, Part, beside
from core.showing import amount, figure

ZERO = Decimal(0)


@dataclass(frozen=True)
class Explained:
    """One round: whose limits counted, facts against limits, and why each step was asked."""

    round: int
    ended_at: datetime | None
    whose: str
    since: date | None
    rows: list[dict[str, Any]]  # label, value, limit, passed
    steps: list[dict[str, Any]]  # step, why (rule and sentence)


def explained(case: Case | None, user: Any, *, steps: Iterable[Step] | None = None) -> list[Explained]:
    """The rounds, the present one first. `steps` are all of the case, if they were read before."""
    if case is None:
        return []
    found = list(case.steps.all() if steps is None else steps)
    rounds = [_round(case.round, case, None, found, user)]
    if case.round > 1:
        past = PastRound.objects.filter(case=case).defer("snapshot", "aspects", "findings").order_by("-round")
        rounds += [_round(each.round, each, each.ended_at, found, user) for each in past]
    return rounds


def _round(
    number: int, kept: Case | PastRound, ended_at: datetime | None, steps: list[Step], user: Any
) -> Explained:
    limits = kept.authority or {}
    since = limits.get("since")
    asked = [each for each in steps if each.round == number and _was_asked(each, ended_at)]
    return Explained(
        round=number,
        ended_at=ended_at,
        whose=str(limits.get("whose", "")),
        since=date.fromisoformat(since) if since else None,
        rows=_rows(kept.facts or {}, limits, user) if limits else [],
        steps=[{"step": each, "why": told(readable_by(user, each.triggers))} for each in asked],
    )


def _was_asked(step: Step, ended_at: datetime | None) -> bool:
    """In the present round what counts; of a past one what was planned, decided or not."""
    return ended_at is not None or step.state != StepState.VOID


def _rows(kept: Mapping[str, Any], authority: Mapping[str, Any], user: Any) -> list[dict[str, Any]]:
    """The whole order beside the manager's row, each category with limits of its own beside those."""
    facts, limits = OrderFacts.from_kept(kept), authority.get("limits", {})
    own = {code: _limits(each) for code, each in authority.get("categories", {}).items()}
    apart = {code: each for code, each in sorted(own.items()) if code in facts.parts}
    found = _of_part(facts.rest(apart), limits, user, is_measured=not facts.lacks_rate)
    for code, row in apart.items():
        part = facts.parts[code]
        called = f"{code} {part.name}".strip()
        found += _of_part(part, row, user, called=called, is_measured=not facts.lacks_rate)
    found.append(_row(_("Payment days"), facts.payment_days, limits.get("max_payment_days")))
    if user.has_perm("customers.view_credit"):
        most = None if limits.get("may_exceed_credit") else ZERO
        found.append(_row(_("Credit exceeded by"), facts.credit_exceeded_by, most, is_amount=True))
    found.append(
        {
            "label": _("Special"),
            "value": _("yes") if facts.special else _("no"),
            "limit": _("yes") if limits.get("may_special") else _("no"),
            "passed": facts.special and not limits.get("may_special"),
        }
    )
    major = authority.get("major_amount")
    found.append(_row(_("Amount for the joint review"), facts.weight, major, is_amount=True))
    return found


def _of_part(
    part: Part, limits: Mapping[str, Any], user: Any, *, called: str = "", is_measured: bool
) -> list[dict[str, Any]]:
    """What one row of the matrix measures; margins for who sees costs."""
    end = f" ({called})" if called else ""
    value = part.amount if is_measured else None
    found = [
        _row(_("Amount") + end, value, limits.get("max_amount"), is_amount=True),
        _row(_("Discount, %") + end, part.discount, limits.get("max_discount")),
        _row(_("Deviation, %") + end, part.deviation, limits.get("max_deviation")),
    ]
    if user.has_perm("inventory.view_cost"):
        least = limits.get("min_margin")
        found.append(_row(_("Margin, %") + end, part.margin, least, is_floor=True))
        if part.line_margin is not None and part.line_margin != part.margin:
            label = _("Margin of line %(position)s, %%") % {"position": part.line}
            found.append(_row(label + end, part.line_margin, least, is_floor=True))
    return found


def _limits(kept: Any) -> Mapping[str, Any]:
    """A category's limits; of earlier cases only the amount is kept."""
    return kept if isinstance(kept, Mapping) else {"max_amount": kept}


def _row(
    label: str, value: Any, limit: Any, *, is_floor: bool = False, is_amount: bool = False
) -> dict[str, Any]:
    """One fact beside its limit, both exact; what is not known or not limited passes nothing."""
    read = [None if each is None else Decimal(str(each)) for each in (value, limit)]
    if read[0] is None or read[1] is None:
        known, away = read[0], ZERO
    else:
        known, away = read[0] if is_amount else beside(read[0], read[1]), read[0] - read[1]
    words = [
        "–" if each is None else amount(each) if is_amount else figure(each) for each in (known, read[1])
    ]
    return {
        "label": label,
        "value": words[0],
        "limit": words[1],
        "passed": away < 0 if is_floor else away > 0,
    }
