"""Entering an order: number, prices, totals, versions, pasted rows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.models import Event
from core.rules import Blocked, Stale
from customers.actions import update_customer
from orders import actions
from orders.content import deviation
from orders.models import OrderLine, SalesOrder
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def rules(refusal):
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R3.1")
def test_it_keeps_where_and_to_whom_the_goods_go_whatever_becomes_of_the_record(world):
    known = desk.customer(world)
    places = [
        {"text": "苏州市星湖街 328 号", "recipient": "周师傅", "phone": "138-1", "is_default": True},
        {"text": "昆" * 200, "recipient": "周" * 80, "phone": "1" * 40},
    ]
    known = update_customer(known, version=known.version, addresses=places, actor=world.rep)
    assert [len(each.for_papers) for each in known.addresses.order_by("pk")] == [26, 283]
    order = desk.draft_order(world, of=known)

    moved = [{"text": "昆山市前进路 9 号", "is_default": True}]
    update_customer(known, version=known.version, addresses=moved, actor=world.rep)

    assert desk.again(order).ship_to == "苏州市星湖街 328 号 · 周师傅 · 138-1"


@pytest.mark.rule("R1.4")
def test_numbers_are_given_at_first_save_per_sales_office_and_never_again(world):
    first, second = desk.draft_order(world), desk.draft_order(world)
    east = desk.draft_order(world, of=desk.customer(world, "C-E", owner=world.rep2), actor=world.rep2)

    day = f"{first.ordered_on:%Y%m%d}"
    assert [first.number, second.number] == [f"HB-{day}-001", f"HB-{day}-002"]
    assert east.number == f"HD-{day}-001"

    actions.cancel_order(second, reason="entered twice", actor=world.rep)
    assert desk.draft_order(world).number == f"HB-{day}-003"


@pytest.mark.rule("R1.13")
def test_the_same_external_key_makes_no_second_order(world):
    customer = desk.customer(world)
    first = actions.create_draft(customer=customer, actor=world.rep, external_key="shop:77")
    again = actions.create_draft(customer=customer, actor=world.rep, external_key="shop:77")

    assert first.pk == again.pk
    assert SalesOrder.objects.count() == 1


@pytest.mark.rule("R1.6")
def test_totals_are_the_sum_of_lines_rounded_half_up_per_line(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A", price="3.335", tax_rate=Decimal(13))
    desk.product(world, "B", price="10")
    actions.save_lines(
        order,
        rows=[
            {"product": "A", "quantity": Decimal(3), "discount_percent": Decimal(5)},
            {"product": "b", "quantity": Decimal(2)},
        ],
        actor=world.rep,
    )
    actions.save_header(order, actor=world.rep, version=None, freight=Decimal("12.50"))

    order = desk.again(order)
    first, second = order.lines.all()
    assert (first.goods, first.discount, first.total) == (Decimal("10.01"), Decimal("0.51"), Decimal("9.50"))
    assert (second.total, second.tax) == (Decimal("20.00"), Decimal("2.30"))
    assert (order.goods_total, order.discount_total) == (Decimal("30.01"), Decimal("0.51"))
    assert order.grand_total == Decimal("42.00")
    assert order.tax_total == first.tax + second.tax


@pytest.mark.rule("R1.7")
def test_prices_come_from_the_list_and_a_deviation_has_its_size(world):
    order = desk.draft_order(world, lines=(("BRG-6204", "10"),))
    line = order.lines.get()
    assert (line.price, line.price_source, deviation(line)) == (Decimal("18.60"), "list", Decimal(0))

    actions.save_line(order, line_id=line.pk, price=Decimal("16.74"), actor=world.rep)

    line = order.lines.get()
    assert (line.price_source, line.list_price, deviation(line)) == (
        "typed",
        Decimal("18.60"),
        Decimal("10.0"),
    )


def test_another_product_in_the_row_takes_its_own_price(world):
    order = desk.draft_order(world, lines=(("BRG-6204", "10"),))
    desk.product(world, "SHAFT", price="245")
    line = order.lines.get()

    actions.save_line(order, line_id=line.pk, product="SHAFT", price=line.price, actor=world.rep)

    assert order.lines.get().price == 245


def test_lines_without_a_due_date_take_the_headers(world):
    order = desk.draft_order(world)
    actions.save_header(order, actor=world.rep, version=None, due_on=None)
    actions.save_line(order, product="BRG-6204", quantity=Decimal(1), actor=world.rep)
    kept, open_ = order.lines.order_by("position")
    assert open_.due_on is None

    day = kept.due_on + timedelta(days=9)
    actions.save_header(order, actor=world.rep, version=None, due_on=day)

    assert [line.due_on for line in order.lines.all()] == [kept.due_on, day]


def test_an_unknown_product_stays_as_a_red_row(world):
    order = desk.draft_order(world, lines=())
    line = actions.save_line(order, product="NO-SUCH", quantity=Decimal(3), actor=world.rep)

    assert (line.product, line.typed, line.total) == (None, "NO-SUCH", 0)


def test_removing_a_line_counts_the_positions_again(world):
    desk.product(world, "A")
    desk.product(world, "B")
    desk.product(world, "C")
    order = desk.draft_order(world, lines=(("A", "1"), ("B", "1"), ("C", "1")))
    actions.delete_line(order, line_id=order.lines.get(position=2).pk, actor=world.rep)

    order = desk.again(order)
    assert [(line.position, line.product.code) for line in order.lines.all()] == [(1, "A"), (2, "C")]
    assert order.grand_total == Decimal("37.20")


@pytest.mark.rule("R2.13")
def test_an_old_version_changes_nothing(world):
    order = desk.draft_order(world)
    actions.save_header(order, actor=world.manager, version=order.version, contact_name="赵")
    events = Event.objects.count()

    with pytest.raises(Stale) as stale:
        actions.save_header(order, actor=world.rep, version=order.version, contact_name="钱")
    with pytest.raises(Stale):
        actions.save_line(order, product="BRG-6204", actor=world.rep, version=order.version, own=True)

    assert stale.value.current.contact_name == "赵"
    assert desk.again(order).contact_name == "赵"
    assert OrderLine.objects.count() == 1
    assert Event.objects.count() == events


def test_ones_own_quick_saves_are_not_stale_to_each_other(world):
    order = desk.draft_order(world)
    old = order.version
    actions.save_line(order, product="BRG-6204", quantity=Decimal(1), actor=world.rep, version=old, own=True)
    actions.save_line(order, product="BRG-6204", quantity=Decimal(2), actor=world.rep, version=old, own=True)

    assert OrderLine.objects.count() == 3


@pytest.mark.rule("R2.11")
def test_what_is_submitted_is_not_edited(world):
    order = desk.submitted_order(world)
    events = Event.objects.count()

    with pytest.raises(Blocked) as refusal:
        actions.save_header(order, actor=world.rep, version=order.version, contact_name="x")
    assert rules(refusal) == ["R2.11"]
    with pytest.raises(Blocked):
        actions.save_line(order, product="BRG-6204", quantity=Decimal(1), actor=world.rep)

    assert OrderLine.objects.count() == 1
    assert Event.objects.count() == events


@pytest.mark.rule("R1.13")
def test_a_block_from_a_spreadsheet_is_taken_in(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A", price="5")
    text = "编码\t数量\t价格\nA\t1,200\t4.50\t2026/12/5\nA\t3\nGONE\t2\t7\n"

    done = actions.paste_lines(order, text=text, actor=world.rep)

    lines = order.lines.all()
    assert [(line.quantity, line.price) for line in lines[:2]] == [(1200, Decimal("4.50")), (3, 5)]
    assert str(lines[0].due_on) == "2026-12-05"
    assert [line.typed for line in done.unknown] == ["GONE"]


@pytest.mark.rule("R1.13")
def test_a_bad_cell_is_named_by_row_and_column_and_nothing_is_half_taken_in(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A")
    before = desk.again(order)

    with pytest.raises(Blocked) as refusal:
        actions.paste_lines(order, text="A\t2\nA\tmany\nA\t1\t-3", actor=world.rep)

    assert [(each.rule, each.facts["row"]) for each in refusal.value.reasons] == [("R1.13", 2), ("R1.13", 3)]
    after = desk.again(order)
    assert (after.version, OrderLine.objects.count()) == (before.version, 0)


@pytest.mark.rule("R1.6")
def test_an_amount_beyond_what_can_be_stored_is_refused(world):
    order = desk.draft_order(world)

    with pytest.raises(Blocked) as refusal:
        actions.save_line(
            order,
            product="BRG-6204",
            quantity=Decimal(10) ** 9,
            price=Decimal(10) ** 9,
            actor=world.rep,
        )

    assert rules(refusal) == ["R1.6"]
    assert OrderLine.objects.count() == 1
