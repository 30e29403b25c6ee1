"""I7: twenty jobs meet one overdue line; one of them tells people."""

import threading

import pytest
from django.db import transaction
from django.utils import timezone

from core import invariants
from core.audit import record
from core.escalation import fire_once, has_fired
from core.models import Escalation, Event
from tests.core.people import person
from tests.races.harness import failures, run_together

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20
LINE = ("orders.line", 1)


def tell(actor):
    record("calendar.day_changed", thread="race", actor=actor, subject="told")


@pytest.mark.rule("R4.11")
def test_twenty_jobs_at_once_tell_people_once():
    actor = person("job")

    def sweep(place):
        with transaction.atomic():
            first = fire_once(subject=LINE, rule="R4.7", at=timezone.now())
            if first:
                tell(actor)
            return first

    answers = run_together(TOGETHER, sweep)

    assert failures(answers) == []
    assert sorted(answers) == [False] * (TOGETHER - 1) + [True]
    assert Escalation.objects.count() == 1
    assert Event.objects.filter(thread="race").count() == 1
    assert invariants.broken() == {}


def test_twin_that_looks_before_it_claims_tells_people_many_times():
    """The guard off: whether it has fired is asked first, and the answer to the claim is not read."""
    actor = person("job")
    all_have_looked = threading.Barrier(TOGETHER)

    def sweep(place):
        fired_before = has_fired(LINE, rule="R4.7")
        all_have_looked.wait(60)
        if not fired_before:
            with transaction.atomic():
                fire_once(subject=LINE, rule="R4.7", at=timezone.now())
                tell(actor)

    assert failures(run_together(TOGETHER, sweep)) == []
    assert Event.objects.filter(thread="race").count() > 1
