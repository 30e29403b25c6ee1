import pytest
from django.db import transaction
from django.utils import timezone

from core.escalation import fire_once, fired, has_fired
from core.models import Escalation
from tests.core.people import person

pytestmark = pytest.mark.django_db
LINE = ("orders.line", 7)


@pytest.mark.rule("R4.11")
def test_a_level_fires_once_however_often_the_job_runs():
    answers = [fire_once(subject=LINE, rule="R4.7", level=1, cycle=1, at=timezone.now()) for _ in range(3)]
    assert answers == [True, False, False]
    assert Escalation.objects.count() == 1


@pytest.mark.rule("R4.11")
def test_another_level_rule_cycle_or_subject_fires_by_itself():
    at = timezone.now()
    assert fire_once(subject=LINE, rule="R4.7", at=at)
    assert fire_once(subject=LINE, rule="R4.8", at=at)
    assert fire_once(subject=LINE, rule="R4.7", level=2, at=at)
    assert fire_once(subject=LINE, rule="R4.7", cycle=2, at=at)
    assert fire_once(subject=("orders.line", 8), rule="R4.7", at=at)
    assert [each.rule for each in fired(LINE, cycle=1)] == ["R4.7", "R4.8", "R4.7"]
    assert has_fired(LINE, rule="R4.7", cycle=2)
    assert not has_fired(LINE, rule="R4.9")


@pytest.mark.rule("R4.11")
def test_a_claim_that_is_rolled_back_can_be_made_again():
    with transaction.atomic():
        assert fire_once(subject=LINE, rule="R4.7", at=timezone.now())
        transaction.set_rollback(True)
    assert fire_once(subject=LINE, rule="R4.7", at=timezone.now())


def test_a_model_is_a_subject_and_its_moment_is_kept():
    at = timezone.now()
    subject = person()
    assert fire_once(subject=subject, rule="R6.4", at=at)
    assert fired(subject).get().fired_at == at
    assert fired(subject).get().subject_type == "accounts.user"
