import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction

from accounts.models import Notice, User
from approvals.actions import decide_step, open_case, withdraw_case
from approvals.authority import PlannedStep
from approvals.models import Case, Step, StepGroupPermission, StepUserPermission
from approvals.states import CaseState, StepKind, StepState
from core.models import Event
from core.rules import Blocked, Stale
from tests.approvals.cases import decide, frozen, opened, rules_of, step_of

pytestmark = pytest.mark.django_db


def states(case):
    return {step.kind: step.state for step in case.steps.filter(round=case.round)}


@pytest.mark.rule("R2.1", "R2.3")
def test_support_and_finance_review_before_the_manager_approves(world):
    case = opened(world)
    assert states(case) == {"support": "open", "finance": "open", "manager": "waiting"}

    case = decide(world, case, "finance", "finance")
    assert states(case)["manager"] == "waiting"
    case = decide(world, case, "support", "support")
    assert states(case)["manager"] == "open"
    case = decide(world, case, "manager", "manager")

    assert case.state == CaseState.APPROVED
    assert list(Event.objects.filter(thread=case.thread).values_list("verb", flat=True)) == [
        "step.finance_approved",
        "step.support_approved",
        "step.manager_approved",
    ]


@pytest.mark.rule("R2.1")
def test_no_order_goes_past_an_earlier_step(world):
    case = opened(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager")
    assert rules_of(refusal) == ["R2.1"]
    assert frozen(case) == before


@pytest.mark.rule("R2.1")
def test_a_case_closes_only_when_every_step_said_yes(world):
    case = Case.objects.get(pk=opened(world).pk)
    with pytest.raises(Blocked) as refusal:
        case.close(actor=world.gm)
    assert rules_of(refusal) == ["R2.1"] * 3
    with pytest.raises(SuspiciousOperation):
        Case.objects.filter(pk=case.pk).update(state=CaseState.APPROVED)
    assert Case.objects.get(pk=case.pk).state == CaseState.OPEN


@pytest.mark.rule("R2.1")
def test_a_team_without_a_manager_gets_no_case(world):
    world.north.manager = None
    world.north.save()
    with pytest.raises(Blocked) as refusal:
        opened(world)
    assert rules_of(refusal) == ["R2.1"]
    assert not Case.objects.exists()


@pytest.mark.rule("R10.2")
@pytest.mark.parametrize("who", ["manager2", "rep2", "warehouse", "admin", "customer"])
def test_who_was_not_asked_does_not_decide(world, who):
    case = decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", who)
    assert set(rules_of(refusal)) <= {"R10.2", "R2.12"}
    assert "R2.12" in rules_of(refusal)
    assert frozen(case) == before


@pytest.mark.rule("R2.10")
def test_nobody_decides_on_what_they_entered_whatever_roles_they_hold(world):
    world.rep.groups.add(*world.manager.groups.all(), *world.support.groups.all(), *world.gm.groups.all())
    case = opened(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "support", "rep", actor=world.again("rep"))
    assert rules_of(refusal) == ["R2.10"]
    assert frozen(case) == before


@pytest.mark.rule("R2.10")
def test_a_superuser_who_entered_it_is_refused_too(world):
    world.rep.is_superuser = True
    world.rep.save()
    world.rep.groups.add(*world.finance.groups.all())
    case = opened(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "finance", "rep", actor=world.again("rep"))
    assert rules_of(refusal) == ["R2.10"]
    assert frozen(case) == before


@pytest.mark.rule("R2.10", "R10.2")
def test_a_superuser_to_whom_it_was_not_given_does_not_decide(world):
    boss = User.objects.create_superuser("root", password="long-enough-1")
    case = opened(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "support", "support", actor=boss)
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before


@pytest.mark.rule("R2.10")
def test_the_database_refuses_the_requesters_own_signature(world):
    step = step_of(opened(world), "support")
    with pytest.raises(IntegrityError), transaction.atomic():
        Step._base_manager.filter(pk=step.pk).update(decided_by=world.rep)


@pytest.mark.rule("R2.10")
def test_what_the_manager_entered_is_decided_by_the_sales_head(world):
    case = opened(world, requester=world.manager, barred=[world.manager])
    case = decide(world, decide(world, case, "support", "support"), "finance", "finance")
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager")
    assert "R2.10" in rules_of(refusal)
    assert frozen(case) == before
    assert decide(world, case, "manager", "head").state == CaseState.APPROVED


@pytest.mark.rule("R1.9")
def test_who_standardised_does_not_review(world):
    plan = [PlannedStep(StepKind.SUPPORT, 1, barred=(world.support.pk,)), PlannedStep(StepKind.MANAGER, 2)]
    case = opened(world, plan=plan)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "support", "support")
    assert rules_of(refusal) == ["R1.9"]
    assert frozen(case) == before
    assert decide(world, case, "support", "support2").state == CaseState.OPEN


@pytest.mark.rule("R2.2")
def test_two_levels_need_two_people(world):
    world.manager.groups.add(*world.gm.groups.all())
    case = opened(world, "200000")
    for kind, who in (("support", "support"), ("finance", "finance"), ("manager", "manager")):
        case = decide(world, case, kind, who)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "general", "manager", actor=world.again("manager"))
    assert rules_of(refusal) == ["R2.2"]
    assert frozen(case) == before
    assert decide(world, case, "general", "gm").state == CaseState.APPROVED


@pytest.mark.rule("R2.11")
def test_a_refusal_needs_a_reason_and_changes_nothing_without_one(world):
    case = opened(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "support", "support", approve=False, reason="  ")
    assert rules_of(refusal) == ["R2.11"]
    assert refusal.value.reasons[0].field_name == "reason"
    assert frozen(case) == before


@pytest.mark.rule("R2.11")
def test_a_refusal_goes_back_to_who_asked_and_a_new_round_starts_from_nothing(world):
    case = decide(world, opened(world), "finance", "finance")
    case = decide(world, case, "support", "support", approve=False, reason="No drawing attached")

    assert case.state == CaseState.REFUSED
    assert states(case) == {"support": "refused", "finance": "approved", "manager": "void"}
    assert step_of(case, "support").reason == "No drawing attached"

    again = opened(world, "5100")
    assert (again.pk, again.round, again.state) == (case.pk, 2, CaseState.OPEN)
    assert states(again) == {"support": "open", "finance": "open", "manager": "waiting"}
    assert again.previous == case.snapshot
    assert Step.objects.get(case=case, round=1, kind="support").state == StepState.REFUSED
    assert Event.objects.filter(verb="step.support_refused", reason="No drawing attached").count() == 1


@pytest.mark.rule("R2.11")
def test_an_approval_counts_no_longer_once_other_content_is_handed_over(world):
    case = opened(world)
    old = step_of(case, "finance")
    case = decide(world, case, "finance", "finance")
    again = opened(world, "9000")
    assert Step.objects.get(pk=old.pk).state == StepState.APPROVED  # for the record
    assert states(again) == {"support": "open", "finance": "open", "manager": "waiting"}
    before = frozen(again)
    with pytest.raises(Stale):
        decide_step(old, actor=world.finance, approve=True, digest=case.digest)
    assert frozen(again) == before
    assert again.digest != case.digest


@pytest.mark.rule("R2.13")
def test_the_second_approver_is_told_who_was_first(world):
    case = opened(world)
    decide(world, case, "support", "support")
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "support", "support2")
    assert "R2.13" in rules_of(refusal)
    told = next(reason for reason in refusal.value.reasons if reason.rule == "R2.13")
    assert str(world.support) in told.sentence
    assert frozen(case) == before


@pytest.mark.rule("R2.13")
def test_a_decision_on_other_content_is_stale(world):
    case = opened(world)
    before = frozen(case)
    with pytest.raises(Stale) as refusal:
        decide(world, case, "support", "support", digest="0" * 64)
    assert refusal.value.current == case
    assert frozen(case) == before


@pytest.mark.rule("R5.5")
def test_one_person_who_is_manager_and_head_signs_once_for_both(world):
    world.manager.groups.add(*world.head.groups.all())
    plan = [PlannedStep(StepKind.MANAGER, 1), PlannedStep(StepKind.HEAD, 1)]
    case = opened(world, plan=plan)
    case = decide(world, case, "manager", "manager", actor=world.again("manager"))
    assert case.state == CaseState.APPROVED
    assert set(case.steps.values_list("kind", "decided_by")) == {
        ("manager", world.manager.pk),
        ("head", world.manager.pk),
    }
    assert Event.objects.filter(verb="step.head_approved", actor=world.manager).count() == 1


@pytest.mark.rule("R5.5")
def test_a_manager_who_is_not_the_head_signs_for_one_only(world):
    plan = [PlannedStep(StepKind.MANAGER, 1), PlannedStep(StepKind.HEAD, 1)]
    case = decide(world, opened(world, plan=plan), "manager", "manager")
    assert (case.state, states(case)["head"]) == (CaseState.OPEN, "open")
    assert decide(world, case, "head", "head").state == CaseState.APPROVED


@pytest.mark.rule("R2.11")
def test_withdrawing_closes_the_open_steps(world):
    case = withdraw_case(opened(world), actor=world.rep)
    assert case.state == CaseState.WITHDRAWN
    assert set(states(case).values()) == {"void"}
    assert not StepGroupPermission.objects.exists()


@pytest.mark.rule("R10.2")
def test_a_grant_ends_with_the_decision(world):
    case = opened(world)
    assert StepGroupPermission.objects.count() == 2
    case = decide(world, decide(world, case, "support", "support"), "finance", "finance")
    assert StepGroupPermission.objects.count() == 0
    assert list(StepUserPermission.objects.values_list("user", flat=True)) == [world.manager.pk]
    decide(world, case, "manager", "manager")
    assert not StepUserPermission.objects.exists()


@pytest.mark.rule("R10.2")
def test_who_no_longer_manages_the_team_no_longer_decides(world):
    case = decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")
    world.north.manager = world.manager2
    world.north.save()
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before


@pytest.mark.rule("R10.3")
def test_the_people_of_an_opened_step_are_told_once_and_not_who_is_barred(world):
    plan = [PlannedStep(StepKind.SUPPORT, 1, barred=(world.support.pk,))]
    opened(world, plan=plan)
    told = set(Notice.objects.filter(kind="step_opened").values_list("person__username", flat=True))
    assert told == {"support2", "lead"}


def test_the_digest_is_of_the_content_alone(world):
    first = opened(world)
    other = open_case(
        **{
            "kind": "order",
            "reference": "HB-20261101-002",
            "thread": "order:HB-20261101-002",
            "link": "/orders/HB-20261101-002/",
            "title": "another",
            "team": world.north,
            "requester": world.rep,
            "amount": first.amount,
            "currency": "CNY",
            "snapshot": dict(reversed(first.snapshot.items())),
            "plan": [PlannedStep(StepKind.SUPPORT)],
            "actor": world.support,
        }
    )
    assert other.digest == first.digest
