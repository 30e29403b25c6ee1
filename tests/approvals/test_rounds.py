"""What a change touches is decided anew, the rest is carried over (R2.11, I5)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from approvals import gates
from approvals.actions import close_condition, reopen_case, withdraw_case
from approvals.authority import PlannedStep, plan_order, route_order
from approvals.models import Condition, PastRound, Step
from approvals.queries import differences_since
from approvals.states import CaseState, StepKind, StepState
from core.invariants import broken
from core.models import Event
from core.rules import Blocked
from tests.approvals.cases import decide, frozen, opened, order_facts, rules_of, step_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.11")]
CONTENT = {
    "customer": {"customer": "KH01"},
    "terms": {"payment_terms": "net", "credit_days": 30},
    "prices": {"lines": [{"position": 1, "price": "20"}]},
    "quantities": {"lines": [{"position": 1, "quantity": "250"}]},
    "dates": {"lines": [{"position": 1, "due_on": "2026-12-01"}]},
    "products": {"lines": [{"position": 1, "product": "P-1"}]},
}
CHANGES = {
    "customer": {"customer": "KH02"},
    "terms": {"payment_terms": "net", "credit_days": 45},
    "prices": {"lines": [{"position": 1, "price": "19"}]},
    "quantities": {"lines": [{"position": 1, "quantity": "260"}]},
    "dates": {"lines": [{"position": 1, "due_on": "2026-12-08"}]},
    "products": {"lines": [{"position": 1, "product": "P-2"}]},
}
FIRST = (("support", "support"), ("finance", "finance"), ("technical", "tech"), ("production", "production"))


def handed(world, amount="5000", aspects=None, **more):
    facts = order_facts(world, amount, made_to_order=True, promise_needed=True)
    return opened(
        world, amount, plan=plan_order(facts), aspects=aspects or CONTENT, **{"facts": facts.kept(), **more}
    )


def signed(world, case, pairs=FIRST):
    for kind, who in pairs:
        case = decide(world, case, kind, who)
    return case


def states(case):
    return {step.kind: step.state for step in case.steps.filter(round=case.round)}


@pytest.mark.parametrize(
    ("aspect", "touched"),
    [
        ("customer", {"support", "finance", "manager"}),
        ("terms", {"finance", "manager"}),
        ("prices", {"finance", "manager"}),
        ("quantities", {"support", "finance", "technical", "production", "manager"}),
        ("dates", {"support", "production", "manager"}),
        ("products", {"support", "technical", "production", "manager"}),
    ],
)
def test_a_change_reopens_exactly_the_touched_steps(world, aspect, touched):
    case = signed(world, handed(world), (*FIRST, ("manager", "manager")))
    assert case.state == CaseState.APPROVED

    again = handed(world, aspects={**CONTENT, aspect: CHANGES[aspect]})

    assert {kind for kind, state in states(again).items() if state != StepState.APPROVED} == touched
    assert again.state == CaseState.OPEN
    for step in again.steps.filter(round=2, state=StepState.APPROVED):
        source = Step.objects.get(case=case, round=1, kind=step.kind)
        assert (step.carried_from, step.decided_by, step.decided_at, step.signed_digest) == (
            source,
            source.decided_by,
            source.decided_at,
            source.signed_digest,
        )
    assert broken() == {}


def test_what_touches_nothing_leaves_the_case_approved(world):
    case = signed(world, handed(world), (*FIRST, ("manager", "manager")))
    again = handed(world, snapshot={"number": case.reference, "total": "5000", "phone": "021"})
    assert (again.round, again.state) == (2, CaseState.APPROVED)
    event = Event.objects.get(verb="case.carried")
    assert (event.facts["count"], event.facts["round"]) == (5, 2)
    assert PastRound.objects.get(case=case).snapshot == case.snapshot


def test_what_was_said_stands_for_the_record_and_counts_when_it_is_carried(world):
    case = decide(world, handed(world), "finance", "finance")
    case = decide(world, case, "support", "support", approve=False, reason="No drawing attached")
    again = handed(world, aspects={**CONTENT, "products": CHANGES["products"]})
    assert states(again)["finance"] == StepState.APPROVED
    assert states(again)["support"] == StepState.OPEN
    third = decide(world, again, "support", "support")
    third = decide(world, third, "technical", "tech", approve=False, reason="Not in this steel")
    fourth = handed(world)
    assert states(fourth)["support"] == StepState.OPEN  # signed the other product
    assert step_of(fourth, "finance").carried_from.carried_from.round == 1


def test_a_case_without_aspects_starts_from_nothing(world):
    decide(world, opened(world), "finance", "finance")
    assert states(opened(world))["finance"] == StepState.OPEN


def test_who_has_edited_since_is_not_carried(world):
    signed(world, handed(world))
    again = handed(world, barred=[world.rep, world.support])
    assert states(again)["support"] == StepState.OPEN
    assert states(again)["finance"] == StepState.APPROVED


def test_who_asks_now_is_not_carried(world):
    signed(world, handed(world))
    again = handed(world, requester=world.production)
    assert states(again)["production"] == StepState.OPEN


@pytest.mark.rule("R1.9")
def test_who_standardised_this_time_is_not_carried_as_reviewer(world):
    signed(world, handed(world))
    plan = [PlannedStep(StepKind.SUPPORT, 1, barred=(world.support.pk,)), PlannedStep(StepKind.MANAGER, 2)]
    again = opened(world, plan=plan, aspects=CONTENT)
    assert states(again)["support"] == StepState.OPEN


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize(("days", "carried"), [(90, True), (80, True), (91, False)])
def test_a_yes_to_a_passed_limit_is_carried_unless_it_is_passed_by_more(world, days, carried):
    def plan(most):
        facts = order_facts(world, payment_days=most)
        return [step for step in plan_order(facts) if step.kind == StepKind.GENERAL]

    case = decide(world, opened(world, plan=plan(90), aspects=CONTENT), "general", "gm")
    again = opened(world, plan=plan(days), aspects=CONTENT)
    assert (again.state == CaseState.APPROVED) is carried
    assert (states(again)["general"] == StepState.APPROVED) is carried
    assert case.pk == again.pk


def test_it_is_reopened_in_place_under_review(world):
    case = signed(world, handed(world))
    assert states(case)["manager"] == StepState.OPEN
    plan = plan_order(order_facts(world, "5100", made_to_order=True, promise_needed=True))
    aspects = {**CONTENT, "prices": CHANGES["prices"]}
    again = reopen_case(
        case,
        actor=world.support,
        aspects=aspects,
        plan=plan,
        snapshot={"number": case.reference, "total": "5100"},
        amount=Decimal(5100),
    )
    assert (again.round, again.amount, again.requester) == (2, 5100, world.rep)
    assert {kind for kind, state in states(again).items() if state == StepState.APPROVED} == {
        "support",
        "technical",
        "production",
    }
    assert Step.objects.get(case=case, round=1, kind="manager").state == StepState.VOID
    assert not case.steps.filter(round=1, stepuserpermission__isnull=False).exists()


def test_each_open_step_shows_what_changed_since_it_was_last_decided(world):
    signed(world, handed(world))
    second = handed(world, aspects={**CONTENT, "dates": CHANGES["dates"]})
    third = handed(world, aspects={**CONTENT, "dates": CHANGES["dates"], "prices": CHANGES["prices"]})
    assert second.pk == third.pk
    support = [each["new"] for each in differences_since(step_of(third, "support"))]
    finance = [each["new"] for each in differences_since(step_of(third, "finance"))]
    assert support == ["2026-12-08"]  # a price is not what support says yes to
    assert finance == ["19.00"]
    assert differences_since(step_of(third, "manager")) == []  # never decided


def test_the_database_refuses_a_yes_to_other_content(world):
    case = signed(world, handed(world))
    with pytest.raises(IntegrityError), transaction.atomic():
        Step._base_manager.filter(pk=step_of(case, "support").pk).update(signed_digest="0" * 64)


def test_a_yes_is_not_carried_by_force(world):
    signed(world, handed(world))
    again = handed(world, aspects={**CONTENT, "prices": CHANGES["prices"]})
    step = step_of(again, "manager")
    source = Step.objects.get(case=again, round=1, kind="finance")
    step.carried_from = source
    before = frozen(again)
    with pytest.raises(Blocked) as refusal:
        step.carry(actor=world.gm, source=source)
    assert rules_of(refusal) == ["R2.11", "R2.2"]
    assert frozen(again) == before


def test_withdrawn_and_handed_over_again_unchanged_keeps_what_was_said(world):
    case = withdraw_case(decide(world, handed(world), "finance", "finance"), actor=world.rep)
    assert (case.state, states(case)["finance"]) == (CaseState.WITHDRAWN, StepState.APPROVED)
    assert states(handed(world))["finance"] == StepState.APPROVED


@pytest.mark.rule("R2.4")
def test_conditions_go_with_the_yes_that_is_carried_and_end_with_one_that_is_not(world):
    case = handed(world)
    case = decide(
        world, case, "finance", "finance", conditions=[("Guarantee from the parent company", "sales_rep")]
    )
    case = decide(world, case, "support", "support", conditions=[("Drawing rev. C", "technical")])
    again = handed(world, aspects={**CONTENT, "dates": CHANGES["dates"]})
    assert [each.text for each in Condition.objects.open().counting()] == [
        "Guarantee from the parent company"
    ]
    assert [reason.rule for reason in gates.conditions_are_closed.broken(again)] == ["R2.4"]
    close_condition(Condition.objects.open().counting().get(), proof="Scan filed", actor=world.rep)
    assert gates.conditions_are_closed.broken(again) == []


@pytest.mark.rule("R2.2")
def test_the_case_keeps_the_facts_and_the_limits_that_made_its_steps(world):
    route = route_order(order_facts(world, "250000"))
    case = opened(world, "250000", plan=route.steps, **route.kept())
    case.refresh_from_db(fields=["facts", "authority"])
    assert case.facts["amount"] == "250000"
    assert case.authority["limits"]["max_amount"] == "100000"
    assert case.authority["major_amount"] == "500000"
