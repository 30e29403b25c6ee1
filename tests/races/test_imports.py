"""R1.13: many workers take in files that hold the same order; it is made once, and no file by halves."""

import threading

import pytest

from core import invariants
from orders.actions import intake
from orders.intake import checking, working
from orders.models import ImportBatch, SalesOrder
from orders.states import ImportState
from tests.orders.importing import HEAD, as_csv, checked, goods, line
from tests.races.harness import failures, run_together
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("R1.13")]
TOGETHER = 8


@pytest.fixture
def files():
    """So many files, each with the order that all have and one of its own; every one ready to be taken."""
    world = World()
    goods(world)
    batches = [checked(world, as_csv([HEAD, line("SAME"), line(f"OWN-{each}")])) for each in range(TOGETHER)]
    return [intake.take_import(each, actor=world.rep) for each in batches]


def work(batch):
    working.work_on(batch_id=batch.pk, run=batch.run, step="take")


def met_before_writing(monkeypatch):
    """Every worker has looked, and found nothing here, before the first one writes."""
    all_have_looked = threading.Barrier(TOGETHER)
    real, first = working.compose, threading.local()

    def compose(*args, **kwargs):
        composed = real(*args, **kwargs)
        if not getattr(first, "met", False):
            first.met = True
            all_have_looked.wait(60)
        return composed

    monkeypatch.setattr(working, "compose", compose)


def test_the_same_order_in_many_files_taken_at_once_is_made_once(files, monkeypatch):
    with monkeypatch.context() as patched:
        met_before_writing(patched)
        results = run_together(TOGETHER, lambda place: work(files[place]))

    assert SalesOrder.objects.filter(customer_order_number="SAME").count() == 1
    taken = ImportBatch.objects.filter(state=ImportState.TAKEN)
    assert taken.count() == 1
    assert SalesOrder.objects.count() == len(taken[0].made) == 2  # of the others nothing, not even their own
    assert len(failures(results)) == TOGETHER - 1  # each is delivered again by the outbox
    for batch in files:
        work(batch)
    assert SalesOrder.objects.filter(customer_order_number="SAME").count() == 1
    assert SalesOrder.objects.count() == 1 + TOGETHER
    assert invariants.broken() == {}


def test_twin_without_a_key_makes_it_many_times(files, monkeypatch):
    """The guard off: orders carry no key that is unique, and each worker trusts what it saw."""
    met_before_writing(monkeypatch)
    monkeypatch.setattr(checking, "import_key", lambda *_pair: None)

    results = run_together(TOGETHER, lambda place: work(files[place]))

    assert failures(results) == []
    assert SalesOrder.objects.filter(customer_order_number="SAME").count() > 1
