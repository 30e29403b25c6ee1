from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.actions import give_delegation, revoke_delegation
from accounts.models import Delegation, Notice
from approvals.actions import decide_step
from approvals.authority_actions import set_authority
from approvals.models import Step
from approvals.states import CaseState
from core.models import Event
from core.rules import Blocked
from tests.approvals.cases import decide, frozen, opened, rules_of, step_of

pytestmark = pytest.mark.django_db


def away(world, giver="manager", substitute="manager2", *, begins=-1, ends=24):
    now = timezone.now()
    return give_delegation(
        actor=world.people[giver],
        substitute=world.people[substitute],
        starts_at=now + timedelta(hours=begins),
        ends_at=now + timedelta(hours=ends),
        reason="on leave",
    )


@pytest.fixture
def case(world):
    """An order that waits for its manager."""
    return decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")


@pytest.mark.rule("R2.12")
def test_a_substitute_decides_and_the_timeline_says_for_whom(world, case):
    away(world)
    case = decide(world, case, "manager", "manager2")
    step = step_of(case, "manager")
    assert case.state == CaseState.APPROVED
    assert (step.decided_by, step.decided_for) == (world.manager2, world.manager)
    event = Event.objects.get(verb="step.manager_approved")
    assert (event.actor, event.on_behalf_of) == (world.manager2, world.manager)


@pytest.mark.rule("R2.12")
@pytest.mark.parametrize(("begins", "ends"), [(2, 24), (-48, 24)])
def test_a_delegation_counts_only_inside_its_span(world, case, begins, ends):
    given = away(world, begins=begins, ends=ends)
    before = frozen(case)
    moment = given.starts_at - timedelta(minutes=1) if begins > 0 else given.ends_at
    with time_machine.travel(moment, tick=False), pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before


@pytest.mark.rule("R2.12")
def test_a_revoked_delegation_is_gone_at_once(world, case):
    given = away(world)
    assert Step.objects.decidable_by(world.manager2).count() == 1
    revoke_delegation(given, actor=world.manager)
    assert Step.objects.decidable_by(world.manager2).count() == 0
    before = frozen(case)
    with pytest.raises(Blocked):
        decide(world, case, "manager", "manager2")
    assert frozen(case) == before


@pytest.mark.rule("R2.12")
def test_a_delegation_does_not_pass_on(world, case):
    away(world, "manager", "manager2")
    away(world, "manager2", "head")
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "head")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before


@pytest.mark.rule("R2.10", "R2.12")
def test_a_substitute_who_entered_it_is_refused(world):
    case = opened(world, barred=[world.rep, world.manager2])
    case = decide(world, decide(world, case, "support", "support"), "finance", "finance")
    away(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.10"]
    assert frozen(case) == before


@pytest.mark.rule("R2.10", "R2.12")
def test_who_entered_it_lends_nobody_the_right(world):
    world.manager.groups.add(*world.gm.groups.all())
    case = opened(world, "200000", requester=world.manager, barred=[world.manager])
    for kind, who in (("support", "support"), ("finance", "finance"), ("manager", "head")):
        case = decide(world, case, kind, who)
    world.again("manager")
    away(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "general", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before


@pytest.mark.rule("R2.2", "R2.12")
def test_two_levels_need_two_people_through_a_substitute_too(world):
    case = opened(world, "200000")
    for kind, who in (("support", "support"), ("finance", "finance"), ("manager", "manager")):
        case = decide(world, case, kind, who)
    away(world, "gm", "manager")
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "general", "manager")
    assert rules_of(refusal)[0] == "R2.2" or "R2.2" in rules_of(refusal)
    assert frozen(case) == before


@pytest.mark.rule("R2.12")
def test_standing_in_does_not_raise_ones_own_authority(world, case):
    set_authority(
        actor=world.gm,
        person=world.manager2,
        max_amount=1000,
        max_discount=1,
        max_deviation=1,
        min_margin=1,
        max_payment_days=1,
        may_exceed_credit=False,
        effective_from=timezone.localdate(),
        reason="new in office",
    )
    away(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    assert "1000" in refusal.value.reasons[0].sentence
    assert frozen(case) == before


@pytest.mark.rule("R2.2", "R2.12")
def test_a_substitute_without_a_limit_of_their_own_has_every_managers(world):
    wide = {"max_discount": 90, "max_deviation": 90, "min_margin": 1, "max_payment_days": 90}
    set_authority(
        actor=world.gm,
        person=world.manager,
        max_amount=500_000,
        may_exceed_credit=True,
        effective_from=timezone.localdate(),
        reason="large accounts",
        **wide,
    )
    case = opened(world, "300000")
    case = decide(world, decide(world, case, "support", "support"), "finance", "finance")
    away(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before
    assert decide(world, case, "manager", "manager").state == CaseState.APPROVED


@pytest.mark.rule("R2.2", "R2.12")
def test_who_had_one_level_signed_in_their_name_does_not_sign_the_other(world):
    world.manager.groups.add(*world.gm.groups.all())
    world.again("manager")
    case = opened(world, "200000")
    away(world)
    for kind, who in (("support", "support"), ("finance", "finance"), ("manager", "manager2")):
        case = decide(world, case, kind, who)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "general", "manager")
    assert rules_of(refusal) == ["R2.2"]
    assert frozen(case) == before


@pytest.mark.rule("R2.12")
def test_a_giver_who_left_lends_nothing(world, case):
    away(world)
    world.manager.is_active = False
    world.manager.save()
    before = frozen(case)
    with pytest.raises(Blocked):
        decide(world, case, "manager", "manager2")
    assert frozen(case) == before


@pytest.mark.rule("R2.12", "R10.3")
def test_the_substitute_is_told_when_a_step_opens(world):
    away(world, "finance", "lead")
    opened(world)
    told = Notice.objects.filter(person=world.lead, kind="step_opened")
    assert told.count() == 2  # the review as business support, and finance's


@pytest.mark.rule("R2.12")
@pytest.mark.parametrize(
    ("giver", "substitute", "begins", "ends"),
    [
        ("manager", "manager", -1, 24),
        ("manager", "rep", -1, 24),
        ("rep", "manager", -1, 24),
        ("manager", "manager2", 5, 2),
        ("manager", "manager2", -9, -2),
        ("manager", "manager2", 0, 24 * 400),
    ],
)
def test_a_delegation_that_may_not_be_is_refused(world, giver, substitute, begins, ends):
    with pytest.raises(Blocked) as refusal:
        away(world, giver, substitute, begins=begins, ends=ends)
    assert set(rules_of(refusal)) == {"R2.12"}
    assert not Delegation.objects.exists()
    assert not Event.objects.filter(verb="delegation.given").exists()


@pytest.mark.rule("R2.12")
def test_one_substitute_at_a_time_and_only_the_giver_ends_it(world):
    given = away(world)
    with pytest.raises(Blocked):
        away(world, substitute="head", begins=3, ends=9)
    with pytest.raises(Delegation.DoesNotExist):
        revoke_delegation(given, actor=world.manager2)
    assert Delegation.objects.filter(revoked_at=None).count() == 1
    revoke_delegation(given, actor=world.manager)
    with pytest.raises(Blocked):
        revoke_delegation(given, actor=world.manager)
    assert Event.objects.filter(verb="delegation.revoked").count() == 1


def test_the_decision_is_the_same_whoever_of_several_givers_lends_it(world, case):
    away(world, "manager", "head")
    away(world, "finance", "head")
    step = step_of(case, "manager")
    decide_step(step, actor=world.head, approve=True, digest=case.digest)
    assert Step.objects.get(pk=step.pk).decided_for == world.manager
