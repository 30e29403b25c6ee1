"""Conditions of a yes: set with it, fulfilled with proof, dropped when it is taken back (R2.4)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.inbox import notify_role
from accounts.models import User
from accounts.queries import system_user
from approvals import gates
from approvals.models import Case, Condition, Step
from core.audit import record
from core.locks import lock
from core.rules import Blocked
from core.transitions import bump_version

#: The words of a condition, and the role that sees to it.
Terms = tuple[str, str]


@transaction.atomic
def close_condition(condition: Condition, *, proof: str, actor: User) -> Condition:
    """Report a condition as fulfilled, with what shows it; its role or who set it does (R2.4).

    Raises Blocked with every reason.
    """
    lock(Case, condition.case_id)
    condition = lock(Condition, condition.pk, "step", "case")
    missing = gates.proof_is_given.broken(proof)
    if missing:
        raise Blocked([*gates.CLOSE_CONDITION.reasons(condition, actor), *missing])
    condition.close(actor=actor, proof=proof.strip())
    bump_version(condition)
    condition.save(update_fields=["state", "state_since", "closed_by", "closed_at", "proof"])
    record(
        "condition.closed",
        thread=condition.case.thread,
        actor=actor,
        subject=condition.case.reference,
        reason=condition.proof,
        condition=condition.text,
    )
    return condition


def set_conditions(step: Step, conditions: Iterable[Terms], *, actor: User) -> list[Condition]:
    """Tie the yes to what must be fulfilled before release, and tell who sees to it."""
    wanted = [(text.strip(), role) for text, role in conditions]
    missing = [reason for wish in wanted for reason in gates.condition_is_stated.broken(wish)]
    if missing:
        raise Blocked(missing)
    made = [Condition(step=step, case=step.case, text=text[:500], role=role) for text, role in wanted]
    made = Condition.objects.bulk_create(made)
    for each in made:
        record(
            "condition.set",
            thread=step.case.thread,
            actor=actor,
            subject=step.case.reference,
            condition=each.text,
            role=each.role,
        )
        notify_role(
            each.role,
            "condition_set",
            key=f"condition:{each.pk}",
            team=step.case.team,
            link=f"/approvals/conditions/#condition-{each.pk}",
            title=step.case.title,
            condition=each.text,
        )
    return made


def drop_conditions(step: Step) -> None:
    """The yes was taken back: what it was tied to is no longer asked."""
    system = system_user()
    conditions = list(step.conditions.open().select_related("case"))
    for each in conditions:
        each.drop(actor=system)
    if conditions:
        Condition._base_manager.bulk_update(conditions, ["state", "state_since"])
