"""Conditions, questions and steps passed on: who may set, answer, fulfil, take over (R2.4, R2.10, R2.12)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import ROLES
from approvals.gates.step import actor_did_not_ask_for_it, actor_may_sign, reviewer_is_a_second_person
from approvals.querysets import roles_for
from approvals.standing_in import beyond_own
from approvals.states import JOINT, ConditionState, StepKind, StepState
from core.rules import Gate, rule


@rule("R2.4", _("“%(condition)s” is seen to by %(role)s, or by who set it."))
def actor_answers_for_the_condition(condition, actor):
    step = condition.step
    if condition.role not in actor.roles and actor.pk not in (step.decided_by_id, step.decided_for_id):
        return {
            "condition": condition.text,
            "role": ROLES[condition.role],
            "_opened_by": (condition.role,),
        }


@rule("R2.4", _("The yes that “%(condition)s” belongs to no longer counts."))
def condition_belongs_to_the_round(condition):
    if condition.step.round != condition.case.round or condition.step.state != StepState.APPROVED:
        return {"condition": condition.text}


@rule("R2.4", _("A condition is open: %(condition)s (%(role)s)."))
def conditions_are_closed(case):
    """Every condition of the yeses that count is fulfilled: for the noun's own gate, such as a release."""
    if case is None:
        return None
    found = case.conditions.open().counting()
    return [
        {
            "condition": each.text,
            "role": ROLES[each.role],
            "_opened_by": (each.role,),
            "_since": each.created_at,
        }
        for each in found
    ] or None


@rule("R2.4", _("Say what shows that it is fulfilled."))
def proof_is_given(proof):
    if not proof.strip():
        return {"_field": "proof"}


#: Who may be named to see to a condition: the house, but for the administrator, who decides nothing.
SEE_TO_CONDITIONS = tuple(role for role in ROLES if role not in ("customer", "administrator"))


@rule("R2.4", _("A condition needs its words, and who sees to it."))
def condition_is_stated(wish):
    text, role = wish
    if not text.strip() or role not in SEE_TO_CONDITIONS:
        return {"_field": "conditions"}


@rule("R2.4", _("“%(step)s” is a yes with your department's opinion: write what you found."))
def opinion_is_given(step, opinion):
    if step.kind in JOINT and not opinion.strip():
        return {"step": step.get_kind_display(), "_field": "opinion"}


@rule("R2.11", _("Only a step that waits for its decision can be asked about or handed over."))
def step_waits_for_a_decision(step, _actor=None):
    if step.state != StepState.OPEN or step.round != step.case.round:
        return {"_since": step.decided_at}


@rule("R2.11", _("Write the question."))
def question_is_written(text):
    if not text.strip():
        return {"_field": "text"}


@rule("R2.11", _("Write the answer."))
def answer_is_written(text):
    if not text.strip():
        return {"_field": "answer"}


@rule("R2.13", _("%(who)s has answered already."))
def question_is_open(question, _actor=None):
    if question.answered_at is not None:
        return {"who": question.answered_by, "_since": question.answered_at}


@rule("R2.11", _("%(who)s was asked."))
def actor_was_asked(question, actor):
    asked = {question.asked_of_id, *question.step.case.barred}
    if actor.pk not in asked:
        return {"who": question.asked_of, "_people": (question.asked_of_id,)}


@rule("R2.12", _("%(who)s does not hold the role of %(role)s."))
def receiver_holds_the_role(step, receiver):
    held = receiver.is_active and not set(roles_for(step.kind)).isdisjoint(receiver.roles)
    if not held or not receiver.has_perm("approvals.decide_step"):
        return {"who": receiver, "role": ROLES[step.role], "_field": "to"}


@rule("R2.10", _("%(who)s entered, edited, prepared or asked for %(reference)s."))
def receiver_is_not_barred(step, receiver):
    if step.is_barred(receiver):
        return {"who": receiver, "reference": step.case.reference, "_field": "to"}


@rule("R2.2", _("%(who)s said yes to another level already; two levels need two people."))
def receiver_signed_no_other_level(step, receiver):
    if step.level is None:
        return None
    pairs = step.other_levels_signed().values_list("decided_by_id", "decided_for_id")
    if any(receiver.pk in pair for pair in pairs):
        return {"who": receiver, "_field": "to"}


@rule("R2.2", _("The authority of %(who)s ends at %(limit)s; this is about %(amount)s."))
def receiver_stays_within_own_authority(step, receiver):
    if step.kind != StepKind.MANAGER:
        return None
    if step.case.steps.filter(round=step.round, kind=StepKind.GENERAL).exists():
        return None  # the general manager decides on it besides
    text = _("This is beyond the authority of %(who)s. %(what)s")
    about = {"who": receiver, "_field": "to"}
    passed = beyond_own(step.case, receiver)
    return [{**each, **about, **({"_text": text} if "what" in each else {})} for each in passed]


@rule("R2.12", _("Name somebody else to hand it to."))
def receiver_is_somebody_else(step, receiver):
    if step.handed_to_id == receiver.pk:
        return {"_field": "to"}


#: Who may ask about a step, or hand it over: who may decide it.
ASKERS = (step_waits_for_a_decision, actor_did_not_ask_for_it, reviewer_is_a_second_person, actor_may_sign)
RECEIVERS = (
    receiver_holds_the_role,
    receiver_is_somebody_else,
    receiver_is_not_barred,
    receiver_signed_no_other_level,
    receiver_stays_within_own_authority,
)

CLOSE_CONDITION = Gate(
    transition="close",
    number="R2.4",
    permission="approvals.close_condition",
    states=(ConditionState.OPEN,),
    rules=(condition_belongs_to_the_round,),
    people=(actor_answers_for_the_condition,),
    roles=(),
    label=_("Report as fulfilled"),
)
DROP_CONDITION = Gate(
    transition="drop",
    number="R2.11",
    permission="approvals.close_condition",
    states=(ConditionState.OPEN,),
    roles=(),
    label=_("Drop"),
)


def condition_is_mine(condition: Any, actor: Any) -> bool:
    """Whether this person may report it as fulfilled."""
    return CLOSE_CONDITION.permits(condition, actor)
