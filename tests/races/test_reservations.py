"""R4.1, I1: twenty at once want ten pieces each of too little stock; no piece is promised twice."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from core import invariants
from core.rules import Blocked
from inventory import actions
from inventory.models import Requirement, Reservation, Stock, StockMovement
from tests.inventory import goods
from tests.races.harness import failures, run_together, successes
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20
ON_HAND, EACH = 95, Decimal(10)


def demands(world):
    """Twenty lines of one product of which there is too little."""
    of = goods.product(world, stock=str(ON_HAND))
    return [goods.requirement(world, of, "10", line=line, thread=f"order:{line}") for line in range(TOGETHER)]


@pytest.mark.rule("R4.1")
def test_twenty_reservations_at_once_never_promise_more_than_there_is():
    world = World()
    lines = demands(world)

    answers = run_together(
        TOGETHER, lambda place: actions.reserve(lines[place], quantity=EACH, actor=world.support)
    )

    assert len(successes(answers)) == ON_HAND // EACH
    assert {type(error) for error in failures(answers)} == {Blocked}
    assert {reason.rule for error in failures(answers) for reason in error.reasons} == {"R4.1"}
    assert Stock.objects.values_list("on_hand", "reserved").get() == (ON_HAND, 90)
    assert Reservation.objects.aggregate(sum=Sum("quantity"))["sum"] == 90
    assert invariants.broken() == {}


def test_twin_that_reads_before_it_writes_promises_the_same_pieces_many_times():
    """The guard off: the levels are read without a lock, and written without the condition."""
    world = World()
    lines = demands(world)
    all_have_read = threading.Barrier(TOGETHER)

    def reserve(place):
        stock = Stock.objects.get()
        assert stock.free >= EACH
        all_have_read.wait(60)
        with transaction.atomic():
            Stock.objects.filter(pk=stock.pk).update(reserved=stock.reserved + EACH)
            Reservation.objects.create(requirement=lines[place], stock=stock, quantity=EACH)
            Requirement.objects.filter(pk=lines[place].pk).update(finished_on_hand=EACH)

    assert failures(run_together(TOGETHER, reserve)) == []

    assert Reservation.objects.aggregate(sum=Sum("quantity"))["sum"] == TOGETHER * EACH > ON_HAND
    assert any(name.startswith("I2") for name in invariants.broken())


@pytest.mark.rule("R4.1", "R4.5")
def test_a_line_dispatched_by_twenty_at_once_leaves_once():
    world = World()
    line = goods.lying(world, "10", due_on=timezone.localdate())

    answers = run_together(
        TOGETHER,
        lambda place: actions.take_for_dispatch(
            line, quantity=EACH, document=f"SH-{place}", actor=world.warehouse
        ),
    )

    assert len(successes(answers)) == 1
    assert {type(error) for error in failures(answers)} == {Blocked}
    assert Stock.objects.values_list("on_hand", "reserved").get() == (0, 0)
    assert StockMovement.objects.filter(kind="dispatch").count() == 1
    assert invariants.broken() == {}


@pytest.mark.rule("R4.5")
def test_twenty_receipts_at_once_keep_one_ledger_without_a_gap():
    world = World()
    of = goods.product(world)
    goods.warehouse()

    answers = run_together(TOGETHER, lambda place: goods.receive(world, of, "5", document=f"GR-{place}"))

    assert failures(answers) == []
    assert Stock.objects.get().on_hand == 100
    assert list(StockMovement.objects.order_by("seq").values_list("balance", flat=True)) == [
        5 * place for place in range(1, TOGETHER + 1)
    ]
    assert invariants.broken() == {}


@pytest.mark.rule("R4.11")
def test_twenty_sweeps_at_once_tell_the_rep_once():
    world = World()
    today = timezone.localdate()
    goods.lying(world, "10", due_on=today - timedelta(days=8))

    answers = run_together(TOGETHER, lambda place: actions.tell_overdue(as_of=timezone.now()))

    assert failures(answers) == []
    assert sum(answers) == 1
    assert world.rep.notices.filter(kind="stock_overdue").count() == 1
    assert Requirement.objects.get().overdue_level == 1
    assert invariants.broken() == {}
