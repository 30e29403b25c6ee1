"""Orders come in from a file: checked to the last cell, mended, taken whole or not at all, once (R1.13)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Notice
from core import audit, invariants
from core.models import Event, OutboxMessage, StoredFile
from core.rules import Blocked
from orders.actions import intake
from orders.intake import working
from orders.models import ImportBatch, OrderLine, SalesOrder
from orders.states import ImportState
from tests import orders_world as desk
from tests.orders.importing import (
    HEAD,
    again,
    as_csv,
    as_xlsx,
    brought,
    cells,
    checked,
    goods,
    line,
    taken,
    upload,
    worked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]


def keys(refusal):
    return [reason.key for reason in refusal.value.reasons]


@pytest.mark.rule("R1.6")
def test_the_rows_become_drafts_as_if_they_had_been_typed(world):
    goods(world)
    desk.product(world, "A-1", price="3.335")
    rows = [
        line("PO-1", product="A-1", quantity="3", discount="5", freight="12.5", note="小心轻放"),
        line("PO-1", quantity="10", price="18"),
        line("PO-2", quantity="2"),
    ]
    batch = taken(world, as_csv([HEAD, *rows]))

    first, second = SalesOrder.objects.order_by("number")
    assert (batch.state, batch.made, batch.row_count) == ("taken", [first.number, second.number], 3)
    assert batch.totals == {"CNY": str(first.grand_total + second.grand_total)}
    typed = desk.draft_order(world, lines=(), freight=Decimal("12.5"), customer_order_number="typed")
    desk.actions.save_lines(
        typed,
        rows=[
            {"product": "A-1", "quantity": Decimal(3), "discount_percent": Decimal(5)},
            {"product": "BRG-6204", "quantity": Decimal(10), "price": Decimal(18)},
        ],
        actor=world.rep,
    )
    typed = desk.again(typed)
    same = (
        "goods_total discount_total tax_total freight grand_total ship_to contact_name payment_terms owner_id"
    )
    for name in [*same.split(), "contact_phone", "team_id", "channel", "currency", "state", "entered_by_id"]:
        assert getattr(first, name) == getattr(typed, name), name
    said = "position price list_price price_source quantity discount_percent goods discount tax total"
    assert [list(first.lines.values_list(*said.split()))] == [list(typed.lines.values_list(*said.split()))]
    assert (first.ordered_on, first.due_on) == (date(2026, 11, 20), date(2026, 12, 20))
    assert (first.internal_note, first.lines.first().due_on) == ("小心轻放", date(2026, 12, 20))
    assert Event.objects.filter(verb="order.imported", thread=first.thread).count() == 1
    assert Notice.objects.filter(person=world.rep, kind="import_taken").count() == 1
    assert list(audit.broken_links()) == []
    assert invariants.broken() == {}


@pytest.mark.rule("R1.7")
def test_a_blank_price_is_the_agreed_one_and_else_the_list_price(world):
    goods(world)
    desk.customer(world).agreements.create(
        product=desk.product(world),
        min_quantity=100,
        price=Decimal("15.5"),
        valid_from=date(2026, 1, 1),
        entered_by=world.manager,
    )
    taken(world, as_csv([HEAD, line("1", quantity="99"), line("2", quantity="100"), line("3", price="18")]))

    prices = OrderLine.objects.order_by("order__customer_order_number").values_list("price", "price_source")
    assert list(prices) == [
        (Decimal("18.6"), "list"),
        (Decimal("15.5"), "agreement"),
        (Decimal("18"), "typed"),
    ]


def test_an_imported_draft_is_edited_and_numbered_on_like_any_other(world):
    goods(world)
    taken(world, as_csv([HEAD, line()]))
    order = SalesOrder.objects.get()

    desk.actions.save_header(order, actor=world.rep, version=order.version, freight=Decimal(5))

    assert desk.again(order).grand_total == Decimal("191.00")
    assert desk.draft_order(world).number.endswith("-002")
    assert list(audit.broken_links()) == []


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_every_bad_cell_is_named_and_nothing_is_taken_in(world, write):
    goods(world)
    rows = [
        line("PO-1", quantity="2.5"),
        line("PO-1", customer="NOBODY", product="BRG-62O4"),
        line("PO-3", ordered="2026-02-31", quantity="-1"),
        line("", price="1e3"),
        line("PO-4"),
        line("PO-4", freight="5"),
        line("PO-4", freight="6"),
    ]
    batch = checked(world, write([HEAD, *rows]), "o.csv" if write is as_csv else "o.xlsx")

    assert (batch.state, batch.problem_count) == ("checked", 8)
    assert cells(batch) == [
        (2, "quantity"),
        (3, "customer"),
        (3, "product"),
        (4, "ordered_on"),
        (4, "quantity"),
        (5, "price"),
        (5, "customer_order_number"),
        (8, "freight"),
    ]
    assert all(each["words"]["en"] and each["words"]["zh-hans"] for each in batch.problems)
    assert batch.problems[-1]["words"]["en"] == "Row 7 says “5” for the same order."
    with pytest.raises(Blocked) as refusal:
        intake.take_import(batch, actor=world.rep)
    assert "every_cell_is_good" in keys(refusal)
    assert not SalesOrder.objects.exists()


def test_an_unknown_product_comes_with_what_may_have_been_meant(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line(product="6204")]))

    assert batch.problems[0]["offers"] == ["BRG-6204 轴承 BRG-6204"]


def test_bad_cells_are_mended_in_the_page_and_then_all_is_taken_in(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line("PO-1"), line("PO-2", quantity="two", product="X")]))
    strange = {(2, "quantity"): "999", (3, "quantity"): "3", (3, "product"): "BRG-6204"}
    intake.correct_import(batch, cells=strange, actor=world.rep)
    batch = worked(batch)

    assert (batch.problem_count, batch.order_count) == (0, 2)
    intake.take_import(batch, actor=world.rep)
    batch = worked(batch)
    quantities = dict(OrderLine.objects.values_list("order__customer_order_number", "quantity"))
    assert quantities == {"PO-1": 10, "PO-2": 3}  # a cell that was good is not touched
    assert batch.corrections == {"3": {"quantity": "3", "product": "BRG-6204"}}


def test_the_same_file_again_gives_the_first_and_creates_nothing(world):
    goods(world)
    content = as_csv([HEAD, line()])
    first = taken(world, content)
    before = [each.objects.count() for each in (ImportBatch, StoredFile, SalesOrder, Event)]

    again_batch, is_new = intake.upload_orders(upload=upload(content, "renamed.csv"), actor=world.rep)
    of_other, other_is_new = intake.upload_orders(upload=upload(content), actor=world.rep2)

    assert (again_batch.pk, is_new, of_other.pk, other_is_new) == (first.pk, False, first.pk, False)
    assert [each.objects.count() for each in (ImportBatch, StoredFile, SalesOrder, Event)] == before


def test_a_file_still_in_hand_is_not_brought_twice_but_again_after_it_was_discarded(world):
    goods(world)
    content = as_csv([HEAD, line()])
    first = brought(world, content)
    assert brought(world, content).pk == first.pk

    intake.discard_import(first, actor=world.rep)
    assert brought(world, content).pk != first.pk


def test_an_order_number_of_the_customer_that_is_here_is_linked_and_not_made_again(world):
    goods(world)
    typed = desk.draft_order(world, customer_order_number="PO-1")
    batch = taken(world, as_csv([HEAD, line("PO-1"), line("PO-2")]))

    assert batch.known == [{"row": 2, "theirs": "PO-1", "number": typed.number}]
    assert list(SalesOrder.objects.exclude(pk=typed.pk).values_list("customer_order_number", flat=True)) == [
        "PO-2"
    ]
    other = checked(world, as_csv([HEAD, line("PO-2"), line("PO-1")]))
    with pytest.raises(Blocked) as refusal:
        intake.take_import(other, actor=world.rep)
    assert keys(refusal) == ["something_is_new"]
    assert SalesOrder.objects.count() == 2


def test_two_files_with_the_same_order_at_once_make_it_once(world):
    goods(world)
    one = checked(world, as_csv([HEAD, line("PO-1")]))
    two = checked(world, as_csv([HEAD, line("PO-1", note="other")]))
    for each in (one, two):
        intake.take_import(each, actor=world.rep)
    one, two = worked(one), again(two)

    assert SalesOrder.objects.count() == 1
    assert (one.state, two.state) == ("taken", "checked")
    assert two.known[0]["number"] == one.made[0]


def test_the_same_bytes_checked_twice_are_taken_once(world):
    goods(world)
    content = as_csv([HEAD, line()])
    one = checked(world, content)
    two = checked(world, content, actor=world.manager)
    assert one.pk != two.pk
    intake.take_import(one, actor=world.rep)
    worked(one)

    with pytest.raises(Blocked) as refusal:
        intake.take_import(two, actor=world.manager)
    assert "file_was_not_taken" in keys(refusal)
    assert SalesOrder.objects.count() == 1


def test_what_changed_between_check_and_taking_counts(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line()]))
    intake.take_import(batch, actor=world.rep)
    product = desk.product(world)
    product.active = False
    product.save(update_fields=["active"])
    batch = worked(batch)

    assert (batch.state, cells(batch)) == ("checked", [(2, "product")])
    assert not SalesOrder.objects.exists()


@pytest.mark.rule("R10.2")
def test_a_right_taken_away_while_the_worker_had_it_is_gone(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line()]))
    intake.take_import(batch, actor=world.rep)
    world.rep.is_active = False
    world.rep.save(update_fields=["is_active"])
    batch = worked(batch)

    assert batch.state == ImportState.FAILED
    assert batch.failure["en"] == "Your role does not open this step."
    assert not SalesOrder.objects.exists()


@pytest.mark.rule("R10.2")
def test_a_customer_that_one_may_not_see_reads_like_one_that_does_not_exist(world):
    goods(world)
    desk.customer(world, "C-EAST", owner=world.rep2)
    batch = checked(world, as_csv([HEAD, line("PO-1", customer="C-EAST"), line("PO-2", customer="C-NONE")]))

    assert batch.problems[0]["words"] == batch.problems[1]["words"]
    assert batch.problems[0]["offers"] == []


@pytest.mark.rule("R10.2")
def test_who_has_not_the_right_brings_nothing_and_nobody_works_on_anothers_file(world):
    goods(world)
    with pytest.raises(Blocked):
        intake.upload_orders(upload=upload(as_csv([HEAD, line()])), actor=world.finance)
    assert not StoredFile.objects.exists()

    batch = checked(world, as_csv([HEAD, line()]))
    for verb in (intake.take_import, intake.check_import, intake.discard_import):
        with pytest.raises(Blocked) as refusal:
            verb(batch, actor=world.support)
        assert "actor_brought_it" in keys(refusal)
    assert again(batch).state == ImportState.CHECKED
    assert not ImportBatch.objects.visible_to(world.support).exists()


def test_a_killed_worker_is_followed_by_another_and_nothing_is_doubled(world, monkeypatch):
    goods(world)
    batch = checked(world, as_csv([HEAD, line("PO-1"), line("PO-2")]))
    intake.take_import(batch, actor=world.rep)
    with monkeypatch.context() as killed:
        killed.setattr(working, "record", lambda *_a, **_k: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            worked(batch)
    assert again(batch).state == ImportState.TAKING
    assert not SalesOrder.objects.exists()

    OutboxMessage.objects.filter(key=batch_key(batch)).update(leased_until=None)
    batch = worked(batch)
    working.work_on(batch_id=batch.pk, run=batch.run, step="take")  # the first one wakes up again

    assert (batch.state, SalesOrder.objects.count()) == ("taken", 2)


def batch_key(batch):
    return again(batch).job_key


def test_what_no_worker_will_come_back_to_fails_and_is_tried_again(world):
    goods(world)
    batch = brought(world, as_csv([HEAD, line()]))
    intake.check_import(batch, actor=world.rep)
    OutboxMessage.objects.filter(key=batch_key(batch)).update(state="parked")
    now = timezone.now()

    assert working.give_up(as_of=now) == 0
    assert working.give_up(as_of=now + timedelta(minutes=11)) == 1
    assert again(batch).failure["en"].startswith("The work was interrupted")
    intake.check_import(again(batch), actor=world.rep)
    assert worked(batch).state == ImportState.CHECKED


def test_progress_is_told_while_the_file_is_read(world, monkeypatch):
    goods(world)
    told = []
    monkeypatch.setattr(working, "EVERY", 2)
    real = working._tick

    def spied(batch):
        tick = real(batch)

        def then(number):
            tick(number)
            now = again(batch)
            told.append((now.done_count, now.row_count))

        return then

    monkeypatch.setattr(working, "_tick", spied)
    checked(world, as_csv([HEAD, *(line(f"PO-{number}") for number in range(5))]))

    assert told[:5] == told[5:] == [(0, 5), (2, 5), (2, 5), (4, 5), (4, 5)]  # read, then priced
