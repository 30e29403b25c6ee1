"""R4.5: every movement is an entry that is never edited; levels are its sum and never negative."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import invariants
from core.audit import broken_links
from core.models import Event
from core.rules import Blocked
from inventory import actions
from inventory.models import Stock, StockMovement
from inventory.states import MovementKind
from tests.inventory import goods
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.mark.rule("R4.5")
def test_each_movement_says_who_when_why_by_which_document_and_the_balance(world):
    of = goods.product(world)
    goods.receive(world, of, "12", document="GR-7", reason="从供应商")
    goods.receive(world, of, "8", document="GR-8")

    rows = StockMovement.objects.order_by("seq").values_list(
        "seq", "quantity", "balance", "document", "reason"
    )
    assert list(rows) == [(1, 12, 12, "GR-7", "从供应商"), (2, 8, 20, "GR-8", "")]
    assert StockMovement.objects.values_list("actor", flat=True).distinct().get() == world.warehouse.pk
    assert Event.objects.filter(thread="product:P-1", verb="stock.received").count() == 2
    assert list(broken_links("product:P-1")) == []
    assert invariants.broken() == {}


@pytest.mark.rule("R4.5")
def test_a_mistake_is_set_right_by_a_counter_entry_with_a_reason(world):
    of = goods.product(world, stock="12")
    goods.receive(world, of, "-2", kind=MovementKind.CORRECTION, reason="盘点少两件", document="COUNT-1")

    assert Stock.objects.get().on_hand == 10
    assert StockMovement.objects.count() == 2
    assert Event.objects.get(verb="stock.corrected").reason == "盘点少两件"


@pytest.mark.rule("R4.5")
@pytest.mark.parametrize(
    ("quantity", "entry", "wanted"),
    [
        ("-2", {"kind": MovementKind.CORRECTION, "reason": " "}, ["R4.5"]),
        ("-13", {"kind": MovementKind.CORRECTION, "reason": "盘点"}, ["R4.5"]),
        ("-2", {"kind": MovementKind.RECEIPT}, ["R4.5"]),
        ("1.5", {}, ["R4.5"]),
        ("0", {"kind": MovementKind.CORRECTION}, ["R4.5", "R4.5"]),
    ],
)
def test_a_wrong_entry_is_refused_and_changes_nothing(world, quantity, entry, wanted):
    of = goods.product(world, stock="12")
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        goods.receive(world, of, quantity, **entry)

    assert [reason.rule for reason in refusal.value.reasons] == wanted
    assert goods.figures() == before
    assert not Event.objects.filter(verb="stock.corrected").exists()


@pytest.mark.rule("R4.5")
def test_promised_goods_cannot_be_written_off(world):
    demand = goods.lying(world, "10", due_on=timezone.localdate())
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        goods.receive(world, demand.product, "-1", kind=MovementKind.CORRECTION, reason="破损")

    assert refusal.value.reasons[0].facts["reserved"] == "10"
    assert goods.figures() == before


@pytest.mark.rule("R10.2")
def test_only_the_warehouse_writes_the_ledger(world):
    of = goods.product(world)
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        goods.receive(world, of, "5", actor=world.rep)

    assert [reason.rule for reason in refusal.value.reasons] == ["R10.2"]
    assert goods.figures() == before


@pytest.mark.rule("R4.5")
def test_an_entry_is_neither_edited_nor_removed(world):
    goods.product(world, stock="12")

    with pytest.raises(DatabaseError), transaction.atomic():
        StockMovement.objects.update(quantity=99)
    with pytest.raises(DatabaseError), transaction.atomic():
        StockMovement.objects.all().delete()
    assert StockMovement.objects.get().quantity == 12


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "correct", "reserve", "free", "take"]),
        st.integers(min_value=-12, max_value=30),
        st.integers(min_value=0, max_value=1),
    ),
    max_size=12,
)


@pytest.mark.rule("R4.1", "R4.5")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_in_whatever_order_levels_are_the_ledgers_sum(world, steps):
    with transaction.atomic():
        of = goods.product(world, stock="20")
        demands = [goods.requirement(world, of, "15", line=line) for line in (1, 2)]
        for verb, figure, place in steps:
            try:
                STEP[verb](world, of, demands[place], Decimal(figure))
            except Blocked:
                continue
        assert invariants.broken() == {}
        transaction.set_rollback(True)


STEP = {
    "receive": lambda world, of, demand, figure: goods.receive(world, of, str(figure)),
    "correct": lambda world, of, demand, figure: goods.receive(
        world, of, str(figure), kind=MovementKind.CORRECTION, reason="盘点"
    ),
    "reserve": lambda world, of, demand, figure: actions.reserve(
        demand, quantity=figure, actor=world.support
    ),
    "free": lambda world, of, demand, figure: actions.free_reservation(
        demand, quantity=figure, actor=world.support
    ),
    "take": lambda world, of, demand, figure: actions.take_for_dispatch(
        demand, quantity=figure, document="SH", actor=world.warehouse
    ),
}
