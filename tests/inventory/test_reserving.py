"""R4.1: the same piece is never promised twice; levels, reservations and what is finished move together."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import invariants
from core.models import Event
from core.rules import Blocked
from inventory import actions, queries
from inventory.models import Reservation, Stock, StockMovement
from inventory.shelf import LevelsMoved, Shelf
from tests.inventory import goods
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def rules(refusal):
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R4.1")
def test_reserving_moves_stock_reservation_and_finished_goods_together(world):
    of = goods.product(world, stock="12")
    demand = actions.reserve(goods.requirement(world, of, "10"), quantity=Decimal(8), actor=world.support)

    assert (demand.finished_on_hand, demand.missing) == (8, 2)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (12, 8)
    assert Reservation.objects.get().quantity == 8
    assert queries.available([of.pk]) == {of.pk: 4}
    assert Event.objects.filter(thread="order:HB-1", verb="stock.reserved").count() == 1
    assert invariants.broken() == {}


@pytest.mark.rule("R4.1")
def test_more_than_is_free_is_refused_with_both_figures_and_changes_nothing(world):
    of = goods.product(world, stock="6")
    demand = goods.requirement(world, of, "10")
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        actions.reserve(demand, quantity=Decimal(7), actor=world.support)

    assert rules(refusal) == ["R4.1"]
    assert refusal.value.reasons[0].facts == {"product": of, "wanted": "7", "free": "6", "unit": "pcs"}
    assert goods.figures() == before
    assert not Event.objects.filter(verb="stock.reserved").exists()


@pytest.mark.rule("R4.1")
def test_two_lines_of_one_product_share_what_is_free(world):
    of = goods.product(world, stock="15")
    first, second = (goods.requirement(world, of, "10", line=line) for line in (1, 2))
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        actions.reserve_all([(first, Decimal(10)), (second, Decimal(10))], actor=world.support)

    assert refusal.value.reasons[0].facts["free"] == "5"
    assert goods.figures() == before


@pytest.mark.rule("R4.1")
def test_a_line_is_not_promised_more_than_it_misses(world):
    of = goods.product(world, stock="50")
    demand = actions.reserve(goods.requirement(world, of, "10"), quantity=Decimal(6), actor=world.support)
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        actions.reserve(demand, quantity=Decimal(5), actor=world.support)

    assert rules(refusal) == ["R4.1"]
    assert goods.figures() == before


@pytest.mark.rule("R4.1")
def test_a_promise_draws_on_every_warehouse_and_is_given_free_again(world):
    of = goods.product(world, stock="4")
    goods.receive(world, of, "5", into="W2")
    demand = actions.reserve(goods.requirement(world, of, "8"), quantity=Decimal(8), actor=world.support)
    assert list(Stock.objects.order_by("pk").values_list("reserved", flat=True)) == [4, 4]

    demand = actions.free_reservation(demand, quantity=Decimal(5), actor=world.support)

    assert demand.finished_on_hand == 3
    assert list(Stock.objects.order_by("pk").values_list("reserved", flat=True)) == [0, 3]
    assert invariants.broken() == {}


@pytest.mark.rule("R4.1")
def test_no_more_is_given_free_than_is_promised(world):
    demand = goods.lying(world, "5", due_on=timezone.localdate())
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        actions.free_reservation(demand, quantity=Decimal(6), actor=world.support)

    assert rules(refusal) == ["R4.1"]
    assert goods.figures() == before


@pytest.mark.rule("R4.1")
def test_a_dispatch_takes_its_own_goods_off_the_shelf(world):
    demand = goods.lying(world, "10", due_on=timezone.localdate())

    demand = actions.take_for_dispatch(demand, quantity=Decimal(4), document="SH-1", actor=world.warehouse)

    assert (demand.finished_on_hand, demand.shipped, demand.open_quantity) == (6, 4, 6)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (6, 6)
    entry = StockMovement.objects.order_by("-pk").first()
    assert (entry.quantity, entry.balance, entry.kind, entry.document) == (-4, 6, "dispatch", "SH-1")
    assert invariants.broken() == {}


@pytest.mark.rule("R4.1")
def test_a_dispatch_takes_all_of_its_lines_or_none(world):
    short = goods.lying(world, "3", due_on=timezone.localdate())
    whole = goods.lying(world, "9", due_on=timezone.localdate(), code="P-2")
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        actions.take_all_for_dispatch(
            [(whole, Decimal(9)), (short, Decimal(4))], document="SH-1", actor=world.warehouse
        )

    assert rules(refusal) == ["R4.1"]
    assert goods.figures() == before


@pytest.mark.rule("R4.1")
def test_what_is_free_is_proposed_once_and_the_rest_is_to_be_made(world):
    of = goods.product(world, stock="12")
    other = goods.product(world, "P-2")
    demands = [
        goods.requirement(world, each, "10", line=line) for line, each in enumerate((of, of, other), start=1)
    ]

    proposed = queries.propose_supply(demands)

    assert [(each.from_stock, each.to_make) for each in proposed] == [(10, 0), (2, 8), (0, 10)]


@pytest.mark.rule("R4.5")
@pytest.mark.parametrize("quantity", ["0.5", "0", "-1"])
def test_pieces_are_whole_and_above_zero(world, quantity):
    of = goods.product(world, stock="10")
    demand = goods.requirement(world, of, "10")
    before = goods.figures()

    with pytest.raises(Blocked) as refusal:
        actions.reserve(demand, quantity=Decimal(quantity), actor=world.support)

    assert rules(refusal) == ["R4.5"]
    assert goods.figures() == before


@pytest.mark.rule("R4.1")
def test_metres_are_promised_by_the_hundredth_without_a_rest(world):
    of = goods.product(world, unit="m", quantity_step=Decimal("0.01"))
    for part in ("0.10", "0.20", "0.30"):
        goods.receive(world, of, part)
    demand = goods.requirement(world, of, "0.60")
    for part in ("0.10", "0.20", "0.30"):
        demand = actions.reserve(demand, quantity=Decimal(part), actor=world.support)

    assert Stock.objects.values_list("on_hand", "reserved").get() == (Decimal("0.6"), Decimal("0.6"))
    assert invariants.broken() == {}


def test_a_level_that_moved_since_it_was_read_is_not_written(world):
    """The condition of the write, where a database has no row locks."""
    of = goods.product(world, stock="10")
    demand = goods.requirement(world, of, "10")
    with transaction.atomic():
        shelf = Shelf([demand])
        shelf.promise(shelf.requirements[demand.pk], Decimal(10))
        Stock.objects.update(on_hand=9, last_seq=2)

        with pytest.raises(LevelsMoved):
            shelf.write()


def test_the_table_itself_refuses_what_is_oversold(world):
    goods.lying(world, "5", due_on=timezone.localdate())

    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(reserved=6)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(on_hand=4)


def test_a_hundred_lines_are_reserved_in_as_many_queries_as_five(world, django_assert_max_num_queries):
    days = timezone.localdate() + timedelta(days=3)
    products = [goods.product(world, f"P-{place}", stock="10") for place in range(60)]
    demands = [
        goods.requirement(world, each, "10", line=line, due_on=days) for line, each in enumerate(products)
    ]

    with django_assert_max_num_queries(14):
        actions.reserve_all([(each, Decimal(10)) for each in demands[:5]], actor=world.support)
    with django_assert_max_num_queries(14):
        actions.reserve_all([(each, Decimal(10)) for each in demands[5:]], actor=world.support)
    assert invariants.broken() == {}
