"""R2.13: twenty people decide one step at the same moment; one decision counts, the others are told."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from accounts.models import User
from approvals.actions import decide_step
from approvals.models import Step
from approvals.states import CaseState, StepState
from core import invariants
from core.models import Event
from core.rules import Blocked
from tests.approvals.cases import opened, step_of
from tests.races.harness import failures, run_together, successes
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20


@pytest.fixture
def crowd():
    """A step of finance's, and twenty people of finance."""
    world = World()
    finance = Group.objects.get(name="finance")
    people = [User.objects.create(username=f"finance{place}") for place in range(TOGETHER)]
    for person in people:
        person.groups.add(finance)
    case = opened(world)
    return case, step_of(case, "finance"), people


@pytest.mark.rule("R2.13")
def test_one_of_twenty_decisions_counts_and_the_others_are_told(crowd):
    case, step, people = crowd

    def say_yes(place):
        return decide_step(step, actor=people[place], approve=True, digest=case.digest)

    answers = run_together(TOGETHER, say_yes)

    assert len(successes(answers)) == 1
    assert {type(each) for each in failures(answers)} == {Blocked}
    assert all("R2.13" in [reason.rule for reason in each.reasons] for each in failures(answers))
    assert Step.objects.get(pk=step.pk).state == StepState.APPROVED
    assert Event.objects.filter(verb="step.finance_approved").count() == 1
    assert invariants.broken() == {}


@pytest.mark.rule("R2.13")
def test_yes_and_no_at_once_leave_one_of_them(crowd):
    case, step, people = crowd

    def decide(place):
        return decide_step(
            step, actor=people[place], approve=place % 2 == 0, reason="no drawing", digest=case.digest
        )

    answers = run_together(TOGETHER, decide)

    assert len(successes(answers)) == 1
    decided = Step.objects.get(pk=step.pk)
    assert (decided.case.state, decided.state) in {
        (CaseState.OPEN, StepState.APPROVED),
        (CaseState.REFUSED, StepState.REFUSED),
    }
    assert Event.objects.filter(verb__startswith="step.finance_").count() == 1
    assert invariants.broken() == {}


def test_twin_without_lock_and_version_counts_many(crowd):
    """The guard off: read the step, let everybody read it, then sign and save."""
    _case, step, people = crowd
    all_have_read = threading.Barrier(TOGETHER)

    def say_yes(place):
        mine = Step.objects.select_related("case").get(pk=step.pk)
        all_have_read.wait(60)
        mine.approve(actor=people[place])
        with transaction.atomic():
            mine.save(update_fields=["state", "decided_by", "decided_at", "digest", "signed_digest"])
        return connection.vendor

    answers = run_together(TOGETHER, say_yes)

    assert len(successes(answers)) > 1
