"""Conditions, questions, steps passed on and taken back, several approved at once (R2.4, R2.5, R2.11)."""

import pytest

from accounts.models import Notice
from approvals import gates
from approvals.actions import (
    answer_question,
    ask_question,
    close_condition,
    hand_over_step,
    withdraw_decision,
)
from approvals.authority import PlannedStep, plan_order
from approvals.models import AuthorityLimit, Condition, Question, Step
from approvals.queries import boxes, open_conditions
from approvals.states import JOINT, CaseState, StepKind, StepState
from core.invariants import broken
from core.models import Event
from core.rules import Blocked
from tests.approvals.cases import decide, frozen, opened, order_facts, rules_of, step_of

pytestmark = pytest.mark.django_db


def conditioned(world):
    return decide(world, opened(world), "finance", "finance", conditions=[("A guarantee", "sales_rep")])


@pytest.mark.rule("R2.4")
def test_a_condition_is_fulfilled_by_its_role_with_proof(world):
    case = conditioned(world)
    condition = open_conditions(case).get()
    assert Notice.objects.filter(kind="condition_set", person=world.rep).count() == 1
    for who, proof, rules in (
        ("support", "Scan", ["R2.4"]),
        ("rep", " ", ["R2.4"]),
        ("customer", "Scan", ["R10.2", "R2.4"]),
    ):
        before = frozen(case)
        with pytest.raises(Blocked) as refusal:
            close_condition(condition, proof=proof, actor=world.people[who])
        assert rules_of(refusal) == rules
        assert frozen(case) == before
    assert gates.conditions_are_closed.broken(case)[0].opened_by == ("sales_rep",)

    done = close_condition(condition, proof="Scan filed", actor=world.rep)

    assert (done.state, done.closed_by, done.proof) == ("done", world.rep, "Scan filed")
    assert gates.conditions_are_closed.broken(case) == []
    assert list(
        Event.objects.filter(verb__startswith="condition.").order_by("pk").values_list("verb", flat=True)
    ) == [
        "condition.set",
        "condition.closed",
    ]
    with pytest.raises(Blocked):
        close_condition(condition, proof="Again", actor=world.rep)


@pytest.mark.rule("R2.4")
@pytest.mark.parametrize(
    "wish",
    [("", "finance"), ("A guarantee", ""), ("A guarantee", "customer"), ("A guarantee", "administrator")],
)
def test_a_condition_without_words_or_role_is_refused_with_the_yes(world, wish):
    case = opened(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "finance", "finance", conditions=[wish])
    assert rules_of(refusal) == ["R2.4"]
    assert frozen(case) == before


@pytest.mark.rule("R2.4")
def test_departments_answer_side_by_side_and_any_no_returns_it(world):
    plan = [step for step in plan_order(order_facts(world, special=True)) if step.kind in JOINT]
    case = opened(world, plan=plan)
    assert {step.state for step in case.steps.all()} == {StepState.OPEN}
    case = decide(world, case, "joint_logistics", "warehouse", reason="Two trucks")
    case = decide(world, case, "joint_production", "production", reason="Line 2")
    case = decide(world, case, "joint_technical", "tech", approve=False, reason="No such alloy")
    assert case.state == CaseState.REFUSED
    assert step_of(case, "joint_logistics").state == StepState.APPROVED
    assert step_of(case, "joint_sales").state == StepState.VOID


@pytest.mark.rule("R2.4")
def test_one_person_with_two_departments_signs_for_each(world):
    world.tech.groups.add(*world.production.groups.all())
    plan = [PlannedStep(StepKind.JOINT_TECHNICAL), PlannedStep(StepKind.JOINT_PRODUCTION)]
    said = {"actor": world.again("tech"), "reason": "As drawn"}
    case = decide(world, opened(world, plan=plan), "joint_technical", "tech", **said)
    assert case.state == CaseState.OPEN
    assert decide(world, case, "joint_production", "tech", reason="Line 2").state == CaseState.APPROVED


@pytest.mark.rule("R2.11", "R2.13")
def test_a_question_goes_to_who_asked_and_is_answered_once(world):
    case = opened(world)
    step = step_of(case, "finance")
    question = ask_question(step, text="Why so late?", actor=world.finance)
    assert Notice.objects.filter(person=world.rep, kind="question_asked").count() == 1
    assert Step.objects.get(pk=step.pk).opened_at == step.opened_at
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        answer_question(question, text="Because", actor=world.rep2)
    assert rules_of(refusal) == ["R2.11"]
    assert frozen(case) == before
    answer_question(question, text="The mould", actor=world.rep)
    assert Notice.objects.filter(person=world.finance, kind="question_answered").count() == 1
    with pytest.raises(Blocked) as refusal:
        answer_question(question, text="Else", actor=world.rep)
    assert "R2.13" in rules_of(refusal)
    assert Question.objects.get().answer == "The mould"


@pytest.mark.rule("R2.11", "R2.12")
@pytest.mark.parametrize(
    ("who", "kind"), [("support", "finance"), ("rep", "support"), ("finance", "manager")]
)
def test_who_does_not_decide_asks_nothing_and_hands_nothing_over(world, who, kind):
    case = opened(world)
    before = frozen(case)
    actor, step = world.people[who], step_of(case, kind)
    with pytest.raises(Blocked):
        ask_question(step, text="Why?", actor=actor)
    with pytest.raises(Blocked):
        hand_over_step(step, to=world.support2, reason="away", actor=actor)
    assert frozen(case) == before
    assert not Question.objects.exists()


@pytest.fixture
def waits_for_manager(world):
    return decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")


@pytest.mark.rule("R2.12")
def test_a_step_is_handed_to_a_colleague_whose_it_then_is(world, waits_for_manager):
    case = waits_for_manager
    step = step_of(case, "manager")
    opened_at = step.opened_at
    hand_over_step(step, to=world.manager2, reason="Travelling", actor=world.manager)
    assert list(boxes(world.manager2)["mine"]) == [step]
    assert list(boxes(world.manager)["mine"]) == []
    assert Step.objects.get(pk=step.pk).opened_at == opened_at  # the clock goes on
    assert Notice.objects.filter(person=world.manager2, kind="step_handed_over").count() == 1
    case = decide(world, case, "manager", "manager2")
    assert (case.state, step_of(case, "manager").decided_by) == (CaseState.APPROVED, world.manager2)
    assert step_of(case, "manager").decided_for is None
    assert broken() == {}


@pytest.mark.rule("R2.12")
def test_who_has_lost_the_role_decides_nothing_that_was_handed_over(world, waits_for_manager):
    case = waits_for_manager
    hand_over_step(step_of(case, "manager"), to=world.manager2, reason="Travelling", actor=world.manager)
    world.manager2.groups.clear()
    world.manager2.groups.add(*world.finance.groups.all())
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2", actor=world.again("manager2"))
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before
    assert decide(world, case, "manager", "manager").state == CaseState.APPROVED


@pytest.mark.rule("R2.2", "R2.10", "R2.12")
def test_whom_a_step_may_not_be_handed_to(world, waits_for_manager):
    case = waits_for_manager
    AuthorityLimit.objects.create(
        person=world.manager2,
        max_amount=10,
        max_discount=1,
        max_deviation=1,
        min_margin=1,
        max_payment_days=1,
    )
    for who, rule in (("finance", "R2.12"), ("manager2", "R2.2"), ("rep", "R2.10")):
        before = frozen(case)
        with pytest.raises(Blocked) as refusal:
            hand_over_step(step_of(case, "manager"), to=world.people[who], reason="x", actor=world.manager)
        assert rule in rules_of(refusal)
        assert frozen(case) == before
    with pytest.raises(Blocked):
        hand_over_step(step_of(case, "manager"), to=world.head, reason=" ", actor=world.manager)


@pytest.mark.rule("R2.11")
def test_a_yes_is_taken_back_while_the_next_step_has_not_begun(world):
    case = conditioned(world)
    step = withdraw_decision(step_of(case, "finance"), reason="Wrong customer", actor=world.finance)
    kept = Step.objects.get(pk=step.pk)
    assert (kept.state, kept.decided_by, kept.reason) == (StepState.OPEN, None, "")
    assert Condition.objects.get().state == "dropped"
    assert list(Step.objects.decidable_by(world.finance)) == [step]
    assert Event.objects.filter(verb="step.taken_back", reason="Wrong customer").count() == 1
    assert broken() == {}
    case = decide(world, decide(world, case, "finance", "finance"), "support", "support")
    assert open_conditions(case).count() == 0
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        withdraw_decision(step_of(case, "finance"), reason="Too late", actor=world.finance)
    assert rules_of(refusal) == ["R2.11"]
    assert frozen(case) == before


@pytest.mark.rule("R2.11")
@pytest.mark.parametrize(("who", "reason"), [("support", "Not mine"), ("gm", "Not mine"), ("finance", " ")])
def test_only_who_said_yes_takes_it_back_and_says_why(world, who, reason):
    case = decide(world, opened(world), "finance", "finance")
    before = frozen(case)
    with pytest.raises(Blocked):
        withdraw_decision(step_of(case, "finance"), reason=reason, actor=world.people[who])
    assert frozen(case) == before


@pytest.mark.rule("R2.10")
def test_where_everybody_of_a_role_is_barred_the_general_manager_decides_in_place(world):
    case = opened(world, requester=world.finance, barred=[world.finance])
    assert list(Step.objects.decidable_by(world.gm)) == [step_of(case, "finance")]
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "finance", "finance")
    assert rules_of(refusal) == ["R2.10"]
    assert frozen(case) == before
    assert decide(world, case, "finance", "gm").state == CaseState.OPEN
    assert step_of(case, "finance").decided_by == world.gm
