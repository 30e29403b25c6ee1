"""Whether who decides in another's place stays within their own authority (R2.12). Knows no model."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.limits import own_limits
from approvals.triggers import readable_by, told
from approvals.weighing import OrderFacts, beyond_authority, trigger
from core.rules import Facts


def beyond_own(case: Any, person: Any) -> list[Facts]:
    """What of a case passes the person's own limits, each with its figures or its sentence (`what`).

    An order is held against all of them, as it is for the team's manager; of anything else the amount, which
    must be known in the limits' currency.
    """
    facts = OrderFacts.from_kept(case.facts) if case.facts else None
    limits = own_limits(person, categories=facts.categories if facts else (), team_id=case.team_id)
    if limits is None:
        return []
    base, own = limits
    if facts is not None:
        passed = beyond_authority(facts, base, categories=own)
    elif not case.is_measured:
        passed = [trigger("R2.2", "no_rate", code=case.currency)]
    else:
        passed = [trigger("R2.2", "amount")] if case.weight > base.max_amount else []
    return [_facts(each, base, case, person) for each in passed]


def _facts(passed: dict[str, Any], base: Any, case: Any, person: Any) -> Facts:
    if passed["name"] == "amount":
        return {"limit": base.max_amount, "amount": case.weight}
    words = told(readable_by(person, [passed]))
    return {"what": words[0]["sentence"] if words else _("a figure that you may not see")}
