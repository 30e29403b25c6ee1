"""I6: twenty postings take twenty numbers, none twice, without a gap."""

import threading
from datetime import date

import pytest
from django.db import transaction

from core import invariants
from core.models import NumberSeries
from core.numbering import Series, next_number
from tests.races.harness import failures, run_together, successes

pytestmark = pytest.mark.django_db(transaction=True)
INVOICES = Series("race_invoice", "R6.12", "RI-{yyyy}-{serial:05}", "Race invoice")
DAY = date(2026, 11, 22)
TOGETHER = 20


def numbers(count):
    return [f"RI-2026-{serial:05}" for serial in range(1, count + 1)]


@pytest.mark.rule("R6.12")
def test_twenty_at_once_leave_no_gap_and_none_twice():
    def post(place):
        with transaction.atomic():
            return next_number("race_invoice", on=DAY)

    taken = run_together(TOGETHER, post)

    assert failures(taken) == []
    assert sorted(taken) == numbers(TOGETHER)
    assert NumberSeries.objects.get(name="race_invoice").last == TOGETHER
    assert invariants.broken() == {}


@pytest.mark.rule("R6.12")
def test_postings_that_fail_in_the_crowd_leave_no_gap():
    def post(place):
        with transaction.atomic():
            number = next_number("race_invoice", on=DAY)
            if place % 2:
                raise ArithmeticError(number)
            return number

    taken = run_together(TOGETHER, post)

    assert {type(each) for each in failures(taken)} == {ArithmeticError}
    assert sorted(successes(taken)) == numbers(TOGETHER // 2)


def test_twin_without_lock_and_condition_gives_one_number_to_many():
    """The guard off: read the last number, then write it plus one."""
    series = NumberSeries.objects.create(name="race_invoice", scope="RI-2026-{serial}")
    all_have_read = threading.Barrier(TOGETHER)

    def post(place):
        last = NumberSeries.objects.get(pk=series.pk).last
        all_have_read.wait(60)
        NumberSeries.objects.filter(pk=series.pk).update(last=last + 1)
        return last + 1

    taken = run_together(TOGETHER, post)

    assert failures(taken) == []
    assert len(set(taken)) < TOGETHER
