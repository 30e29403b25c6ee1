"""No step waits for ever: where nobody of a role can decide, those in its place do (R2.1, R2.10, R2.2)."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import Notice, User
from approvals.actions import hand_over_step
from approvals.gates import APPROVE_STEP
from approvals.handover import appoint_manager
from approvals.models import Step
from approvals.queries import mine
from approvals.states import CaseState
from approvals.stranded import pass_on_stranded, stranded
from core import invariants
from core.memo import forget_all
from core.models import Event
from core.rules import Blocked
from tests.approvals.cases import decide, frozen, opened, rules_of, step_of

pytestmark = pytest.mark.django_db


def for_manager(world, amount="5000", **more):
    """A case that waits for the manager."""
    case = opened(world, amount, **more)
    return decide(world, decide(world, case, "support", "support"), "finance", "finance")


def able(step):
    """Who may say yes to it now, by user name."""
    forget_all()
    step = Step.objects.select_related("case__team").get(pk=step.pk)
    return {each.username for each in User.objects.all() if APPROVE_STEP.permits(step, each)}


@pytest.mark.rule("R2.2", "R2.10")
def test_who_alone_can_say_the_last_yes_leaves_the_earlier_one_to_others(world):
    case = for_manager(world, "200000", requester=world.manager, barred=[world.manager])
    step, before = step_of(case, "manager"), frozen(case)
    assert able(step) == {"head"}

    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "gm")

    assert rules_of(refusal) == ["R2.2"]
    assert frozen(case) == before
    case = decide(world, decide(world, case, "manager", "head"), "general", "gm")
    assert case.state == CaseState.APPROVED
    assert invariants.broken() == {}


@pytest.mark.rule("R2.2", "R2.11")
def test_where_another_is_left_or_it_is_a_no_either_may_speak(world):
    case = for_manager(world, "200000", requester=world.manager, barred=[world.manager])
    assert decide(world, case, "manager", "gm", approve=False, reason="Too dear").state == CaseState.REFUSED
    world.head.groups.add(Group.objects.get(name="general_manager"))
    case = for_manager(world, "200000", reference="HB-2", requester=world.manager, barred=[world.manager])
    case = decide(world, case, "manager", "gm")
    assert able(step_of(case, "general")) == {"head"}


@pytest.mark.rule("R2.1", "R2.10")
@pytest.mark.parametrize("how", ["left", "lost the role"])
def test_what_a_manager_no_longer_in_office_would_decide_goes_to_those_in_place(world, how):
    if how == "left":
        User.objects.filter(pk=world.manager.pk).update(is_active=False)
    else:
        world.manager.groups.clear()
    forget_all()
    case = for_manager(world)
    assert able(step_of(case, "manager")) == {"head", "gm"}
    assert Notice.objects.filter(kind="step_opened", person=world.head).count() == 1
    assert not stranded()

    appoint_manager(world.north, manager=world.manager2, actor=world.admin)
    assert "manager2" in able(step_of(case, "manager"))


@pytest.mark.rule("R2.1", "R2.10")
def test_a_role_that_nobody_holds_is_decided_in_its_place_until_somebody_does(world):
    Group.objects.get(name="finance").user_set.clear()
    step = step_of(opened(world), "finance")
    assert able(step) == {"gm"}
    world.manager2.groups.add(Group.objects.get(name="finance"))
    assert able(step) == {"gm", "manager2"}


@pytest.mark.rule("R2.1", "R2.10")
@pytest.mark.parametrize("kind", ["finance", "manager"])
def test_a_step_whose_last_decider_goes_while_it_waits_is_passed_on_once(world, kind):
    case = for_manager(world) if kind == "manager" else opened(world)
    step = step_of(case, kind)
    assert pass_on_stranded() == 0
    world.people[kind].groups.clear()
    assert able(step) == set()
    before = Event.objects.count()

    assert [pass_on_stranded(), pass_on_stranded()] == [1, 0]

    assert able(step) == ({"head", "gm"} if kind == "manager" else {"gm"})
    assert Event.objects.count() == before + 1
    assert Event.objects.get(verb="step.passed_on").thread == case.thread
    assert Notice.objects.filter(kind="step_opened", key=f"step:{step.pk}", person=world.gm).count() == 1
    case = decide(world, case, kind, "gm")
    assert step_of(case, kind).decided_for is None
    assert invariants.broken() == {}


@pytest.mark.rule("R2.10", "R2.12")
def test_a_step_handed_to_somebody_who_left_or_barred_from_all_who_stay_is_passed_on(world):
    case = for_manager(world)
    step = hand_over_step(step_of(case, "manager"), to=world.manager2, reason="away", actor=world.manager)
    for name in ("manager", "manager2"):
        world.people[name].groups.clear()
    assert stranded() == [step.pk]
    pass_on_stranded()
    assert able(step) == {"head", "gm"}

    other = opened(world, reference="HB-2", requester=world.support, barred=[world.support])
    assert not stranded()
    for name in ("support2", "lead"):
        world.people[name].groups.clear()
    assert stranded() == [step_of(other, "support").pk]


@pytest.mark.rule("R2.12")
def test_what_was_handed_to_one_who_lost_the_right_is_on_the_holders_list_again(world):
    case = for_manager(world)
    step = hand_over_step(step_of(case, "manager"), to=world.manager2, reason="away", actor=world.manager)
    assert not mine(world.manager)
    world.manager2.groups.clear()
    forget_all()

    assert [pass_on_stranded(), pass_on_stranded()] == [1, 0]

    assert list(mine(world.manager)) == [step]
    assert Event.objects.filter(verb="step.given_back").count() == 1
    assert Notice.objects.filter(person=world.manager, key__endswith=":back").count() == 1
    assert decide(world, case, "manager", "manager").state == CaseState.APPROVED
    assert invariants.broken() == {}


@pytest.mark.rule("R2.10")
def test_what_nobody_in_place_could_decide_stays_where_it_is(world):
    opened(world, requester=world.gm, barred=[world.gm])
    world.finance.groups.clear()
    before = Event.objects.count()
    assert pass_on_stranded() == 0
    assert Event.objects.count() == before


def test_looking_for_them_costs_the_same_however_many_wait(world, django_assert_num_queries):
    opened(world)
    with django_assert_num_queries(5):
        stranded()
    opened(world, reference="HB-2")
    opened(world, reference="HB-3")
    with django_assert_num_queries(5):
        stranded()
