from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.actions import give_delegation
from accounts.models import Delegation
from approvals.models import Case, Step, StepUserPermission
from core.invariants import broken
from tests.approvals.cases import decide, opened, step_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    """Approved at both levels, at the first by the manager's substitute."""
    now = timezone.now()
    give_delegation(
        actor=world.manager,
        substitute=world.manager2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        reason="on leave",
    )
    case = opened(world, "200000")
    for kind, who in (
        ("support", "support"),
        ("finance", "finance"),
        ("manager", "manager2"),
        ("general", "gm"),
    ):
        case = decide(world, case, kind, who)
    return case


@pytest.mark.rule("R2.1", "R2.10", "R2.12")
def test_what_went_through_the_verbs_breaks_nothing(case):
    assert broken() == {}


def by_force(case, kind, **values):
    Step._base_manager.filter(pk=step_of(case, kind).pk).update(**values)


def barred(world, case):
    step_of(case, "finance").barred.add(world.finance)


def one_person_on_two_levels(world, case):
    by_force(case, "general", decided_by=world.manager)


def outside_the_span(world, case):
    Delegation.objects.update(revoked_at=timezone.now() - timedelta(minutes=30))


def a_signature_missing(world, case):
    by_force(case, "support", state="open")


def refused_without_a_refusal(world, case):
    Case._base_manager.update(state="refused")


def a_grant_left_behind(world, case):
    permission = Permission.objects.get(codename="decide_step")
    step = step_of(case, "manager")
    StepUserPermission.objects.create(permission=permission, user=world.manager, content_object=step)


@pytest.mark.rule("R2.1", "R2.10", "R2.12")
@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (barred, "I13"),
        (one_person_on_two_levels, "I13"),
        (outside_the_span, "I14"),
        (a_signature_missing, "I9"),
        (refused_without_a_refusal, "I9"),
        (a_grant_left_behind, "I17"),
    ],
)
def test_what_was_done_by_force_is_found(world, case, harm, line):
    harm(world, case)
    assert [name.split(" ")[0] for name in broken()] == [line]
