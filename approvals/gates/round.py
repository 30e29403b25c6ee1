"""Gates of a case and its rounds: reopen, close, refuse, withdraw, carry a yes over (R2.1, R2.11)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.gates.step import step_belongs_to_the_round, waits
from approvals.states import CaseState, StepState
from core.rules import Gate, rule


@rule("R2.1", _("Not everybody has said yes: %(step)s."))
def every_step_is_signed(case):
    return [waits(each) for each in case.unsigned()] or None


@rule("R2.11", _("No step of this round was refused."))
def a_step_was_refused(case):
    if not any(each.state == StepState.REFUSED for each in case.unsigned()):
        return {}


@rule(
    "R2.1",
    _("Team %(team)s has no sales manager; its orders cannot be approved."),
    opened_by=("administrator",),
)
def team_has_a_manager(team):
    if team.manager_id is None:
        return {"team": team}


@rule("R2.11", _("What “%(step)s” said yes to has changed."))
def what_was_signed_is_asked_again(step):
    source = step.carried_from
    if source is None or not source.digests or source.signed_digest != step.asked_digest:
        return {"step": step.get_kind_display()}


@rule("R2.10", _("Who said yes to “%(step)s” has entered, edited or asked for it since."))
def signer_is_not_barred_now(step):
    signers = (
        {step.carried_from.decided_by_id, step.carried_from.decided_for_id} if step.carried_from else set()
    )
    if signers & {step.requester_id, *step.case.barred, *getattr(step, "planned_bars", ())}:
        return {"step": step.get_kind_display()}


@rule("R2.2", _("More calls for “%(step)s” than when it was decided."))
def triggers_are_no_worse(step):
    source = step.carried_from
    if source is not None and _worse(source.triggers, step.triggers):
        return {"step": step.get_kind_display()}


@rule("R2.6", _("“%(step)s” is asked anew, whatever was said before."))
def nobody_asks_anew(step):
    if getattr(step, "planned_anew", False):
        return {"step": step.get_kind_display()}


def _worse(before: list[Mapping[str, Any]], now: list[Mapping[str, Any]]) -> bool:
    """Another limit is passed, or one by more than when it was decided."""
    known = {_what(each): each.get("facts") or {} for each in before}
    for each in now:
        if _what(each) not in known:
            return True
        if _figure(each.get("facts") or {}) > _figure(known[_what(each)]):
            return True
    return False


def _what(trigger: Mapping[str, Any]) -> tuple[Any, Any]:
    """Which limit of which row it is about."""
    return trigger.get("name"), (trigger.get("facts") or {}).get("category", "")


def _figure(facts: Mapping[str, Any]) -> Decimal:
    """By how much the limit is passed, exactly; zero where a trigger has no figure."""
    try:
        return Decimal(str(facts.get("by", facts.get("over", "0"))).replace(",", ""))
    except InvalidOperation:
        return Decimal(0)


REOPEN_CASE = Gate(
    transition="reopen",
    number="R2.11",
    permission="approvals.open_case",
    states=(CaseState.OPEN, CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.APPROVED),
    roles=("sales_rep", "business_support"),
    label=_("Open a new round"),
)
CLOSE_CASE = Gate(
    transition="close",
    number="R2.1",
    permission="approvals.decide_step",
    states=(CaseState.OPEN,),
    rules=(every_step_is_signed,),
    roles=("sales_manager", "general_manager"),
    label=_("Close the case"),
)
REFUSE_CASE = Gate(
    transition="refuse",
    number="R2.11",
    permission="approvals.decide_step",
    states=(CaseState.OPEN,),
    rules=(a_step_was_refused,),
    roles=("sales_manager", "general_manager"),
    label=_("Refuse"),
)
WITHDRAW_CASE = Gate(
    transition="withdraw",
    number="R2.11",
    permission="approvals.open_case",
    states=(CaseState.OPEN, CaseState.APPROVED),
    roles=("sales_rep", "business_support"),
    label=_("Withdraw"),
)
CARRY_STEP = Gate(
    transition="carry",
    number="R2.11",
    permission="approvals.decide_step",
    states=(StepState.WAITING,),
    rules=(
        step_belongs_to_the_round,
        what_was_signed_is_asked_again,
        signer_is_not_barred_now,
        triggers_are_no_worse,
        nobody_asks_anew,
    ),
    roles=("sales_manager", "general_manager"),
    label=_("Carry over"),
)
