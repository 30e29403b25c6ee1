"""Who may sign a step, for whom, and what shuts it (R2.1, R2.10–R2.13, I13, I14)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.queries import Lending, lendings
from accounts.roles import ROLES
from approvals.awaited import turn_of
from approvals.standing_in import beyond_own
from approvals.states import DECIDED, IN_PLACE, CaseState, StepKind, StepState
from core.rules import Gate, rule
from core.showing import office_fact


@rule("R2.13", _("%(who)s has decided already: %(decision)s."))
def step_is_not_decided(step):
    if step.state in DECIDED:
        who = office_fact(step.decided_by, step.decided_for)
        return {"who": who, "decision": step.get_state_display(), "_since": step.decided_at}


@rule("R2.11", _("The content was submitted again; this step belongs to round %(round)s."))
def step_belongs_to_the_round(step):
    if step.round != step.case.round:
        return {"round": step.round}


@rule("R2.1", _("An earlier step still waits: %(step)s."))
def earlier_steps_are_signed(step):
    earlier = [each for each in step.case.unsigned() if each.sequence < step.sequence]
    return [waits(each) for each in earlier] or None


@rule("R2.11", _("%(reference)s is no longer under review."))
def case_is_open(step):
    if step.case.state != CaseState.OPEN:
        return {"reference": step.case.reference}


@rule("R2.11", _("The next step has begun: %(step)s."))
def next_step_has_not_begun(step):
    later = step.case.steps.filter(round=step.round, sequence__gt=step.sequence)
    begun = later.exclude(state=StepState.WAITING).exclude(carried_from__isnull=False)
    return [{"step": each.get_kind_display(), "_since": each.opened_at} for each in begun] or None


@rule("R2.11", _("Only who said yes takes it back: %(who)s."))
def actor_signed_it(step, actor):
    if step.decided_by_id != actor.pk:
        who = office_fact(step.decided_by, step.decided_for)
        return {"who": who, "_people": tuple(each for each in (step.decided_by_id,) if each)}


@rule("R2.10", _("You entered, edited or asked for %(reference)s; somebody else decides on it."))
def actor_did_not_ask_for_it(step, actor):
    if actor.pk == step.requester_id or actor.pk in step.case.barred:
        return {"reference": step.case.reference, **turn_of(step)}


@rule("R1.9", _("You standardised %(reference)s; a second person reviews it."))
def reviewer_is_a_second_person(step, actor):
    if actor.pk in step.case.barred or step.kind != StepKind.SUPPORT:
        return None
    if step.is_barred(actor) and actor.pk != step.requester_id:
        return {"reference": step.case.reference, **turn_of(step)}


@rule("R2.10", _("You alone agreed a price on which %(reference)s rests; somebody else decides on it."))
def actor_did_not_agree_its_price(step, actor):
    if step.kind == StepKind.SUPPORT or actor.pk in {step.requester_id, *step.case.barred}:
        return None
    if step.is_barred(actor):
        return {"reference": step.case.reference, **turn_of(step)}


@rule("R2.12", _("This step is decided by %(role)s, or by who stands in for them now."))
def actor_may_sign(step, actor):
    if step.state == StepState.OPEN and not _offices(step, actor):
        return {"role": ROLES[step.role], **turn_of(step)}


@rule("R2.12", _("Standing in does not raise your own authority of %(limit)s; this is about %(amount)s."))
def substitute_stays_within_own_authority(step, actor):
    if step.kind != StepKind.MANAGER or not _offices(step, actor) or _holds_as_manager(step, actor):
        return None
    if step.case.steps.filter(round=step.round, kind=StepKind.GENERAL).exists():
        return None  # the general manager decides on it besides
    text = _("Standing in does not raise your own authority. %(what)s")
    return [{**each, "_text": text} if "what" in each else each for each in beyond_own(step.case, actor)]


@rule("R2.2", _("You said yes to “%(step)s” already; two levels need two people."))
def two_levels_have_two_people(step, actor):
    if step.level is None:
        return None
    signed = step.other_levels_signed().filter(Q(decided_by=actor) | Q(decided_for=actor)).first()
    if signed is not None:
        return {"step": signed.get_kind_display(), **turn_of(step)}


@rule("R2.2", _("“%(step)s” comes after, and nobody would be left for it; two levels need two people."))
def somebody_is_left_for_the_next_level(step, actor):
    """Who alone can say the later yes leaves the earlier one to those who can say no other."""
    if step.level is None:
        return None
    signers = {actor.pk, office_of(step, actor) or actor.pk}
    if signers == {actor.pk} and "general_manager" not in actor.roles:
        return None
    later = step.case.steps.filter(round=step.round, state=StepState.WAITING, level__gt=step.level).first()
    if later is None:
        return None
    held = later.free_holders()
    if held and held <= signers:
        deputies = (step.role, *IN_PLACE.get(step.role, ()))
        return {"step": later.get_kind_display(), "_opened_by": deputies, "_not_for": tuple(signers)}


def office_of(step: Any, actor: Any) -> int | None:
    """For whom the actor signs this step: themselves first, else one for whom they stand in (R2.12)."""
    offices = _offices(step, actor)
    if actor.pk in offices:
        return actor.pk
    return min(offices, default=None)


def _holds_as_manager(step: Any, actor: Any) -> bool:
    """The step is theirs by their own office, not lent and not handed to them by another manager."""
    return actor.pk in _offices(step, actor) and step.handed_to_id != actor.pk


def _offices(step: Any, actor: Any) -> frozenset[int]:
    """The people (ids) in whose office the actor may decide: asked once for a step as it was read."""
    known = step.__dict__.setdefault("_known_offices", {})
    if actor.pk not in known:
        known[actor.pk] = _find_offices(step, actor)
    return known[actor.pk]


def _find_offices(step: Any, actor: Any) -> frozenset[int]:
    """Who is barred, or signed another level, lends nobody the right; nor beyond what they named (I14)."""
    lent = {each.giver_id for each in lendings(actor) if _covers(each, step)}
    candidates = step.holders_among({actor.pk, *lent})
    away = candidates - {actor.pk}
    if not away:
        return candidates
    shut = {step.requester_id, *step.barred_ids()}
    if step.level is not None:
        for pair in step.other_levels_signed().values_list("decided_by_id", "decided_for_id"):
            shut |= set(pair)
    return frozenset(candidates - (shut - {actor.pk}))


def _covers(lending: Lending, step: Any) -> bool:
    """Within kinds and ceiling; an amount that no rate makes comparable is within no ceiling (R2.12)."""
    comparable = lending.ceiling is None or step.case.is_measured
    return comparable and lending.covers(step.kind, step.case.weight)


SIGNERS = (
    actor_did_not_ask_for_it,
    reviewer_is_a_second_person,
    actor_did_not_agree_its_price,
    actor_may_sign,
    two_levels_have_two_people,
)
DECIDERS = (
    "business_support",
    "finance",
    "technical",
    "production",
    "warehouse",
    "sales_manager",
    "sales_head",
    "general_manager",
)

OPEN_STEP = Gate(
    transition="open",
    number="R2.1",
    permission="approvals.decide_step",
    states=(StepState.WAITING,),
    rules=(step_belongs_to_the_round, earlier_steps_are_signed),
    roles=("sales_manager", "general_manager"),
    label=pgettext_lazy("step", "Open"),
)
APPROVE_STEP = Gate(
    transition="approve",
    number="R2.1",
    permission="approvals.decide_step",
    states=(StepState.OPEN,),
    rules=(step_is_not_decided, step_belongs_to_the_round),
    people=(*SIGNERS, substitute_stays_within_own_authority, somebody_is_left_for_the_next_level),
    roles=DECIDERS,
    label=_("Approve"),
)
REFUSE_STEP = Gate(
    transition="refuse",
    number="R2.11",
    permission="approvals.decide_step",
    states=(StepState.OPEN,),
    rules=(step_is_not_decided, step_belongs_to_the_round),
    people=SIGNERS,
    roles=DECIDERS,
    label=_("Refuse"),
)
WITHDRAW_DECISION = Gate(
    transition="take_back",
    number="R2.11",
    permission="approvals.decide_step",
    states=(StepState.APPROVED,),
    rules=(step_belongs_to_the_round, case_is_open, next_step_has_not_begun),
    people=(actor_signed_it,),
    roles=DECIDERS,
    label=_("Take the decision back"),
)
VOID_STEP = Gate(
    transition="void",
    number="R2.11",
    permission="approvals.decide_step",
    states=(StepState.WAITING, StepState.OPEN),
    roles=("sales_manager", "general_manager"),
    label=_("Void"),
)


@rule("R2.11", _("A refusal needs a reason."))
def refusal_has_a_reason(reason):
    if not reason.strip():
        return {"_field": "reason"}


def waits(step: Any) -> dict[str, Any]:
    """A step that still waits, as a reason tells of it."""
    return {"step": step.get_kind_display(), "_opened_by": (step.role,), "_since": step.opened_at}
