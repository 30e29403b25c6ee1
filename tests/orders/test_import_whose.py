"""Whose the orders of a file are, which are here already, and how far a worker is with them (R1.13)."""

import io
import uuid

import openpyxl
import pytest
from django.utils import timezone

from core.models import Event
from core.outbox import deliver_due
from core.rules import Blocked
from customers.models import Customer
from orders import actions
from orders.actions import intake
from orders.intake import working
from orders.models import ImportBatch, SalesOrder
from tests import orders_world as desk
from tests.orders.importing import (
    HEAD,
    again,
    as_csv,
    brought,
    checked,
    goods,
    line,
    taken,
    upload,
    worked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]


def post(client, where, **data):
    return client.post(where, {"form_key": str(uuid.uuid4()), **data}, follow=True)


def where(batch, verb=""):
    return batch.get_absolute_url() + (f"{verb}/" if verb else "")


def block(customer):
    Customer.objects.filter(pk=customer.pk).update(blocked_at=timezone.now(), block_reason="Overdue")


@pytest.mark.rule("R2.5")
def test_a_blocked_customer_is_refused_once_and_not_row_by_row(world):
    goods(world)
    customer = desk.customer(world)
    batch = brought(world, as_csv([HEAD, line("1"), line("2")]), customer=customer)
    block(customer)
    page = post(
        world.client("rep"), "/orders/import/", file=upload(as_csv([HEAD, line("3")])), customer="C-1"
    )
    assert page.status_code == 422
    assert "Overdue" in page.content.decode()
    assert ImportBatch.objects.count() == 1
    with pytest.raises(Blocked):
        intake.upload_orders(
            upload=upload(as_csv([HEAD, line("3")])),
            actor=world.rep,
            customer=Customer.objects.get(pk=customer.pk),
        )

    intake.check_import(batch, actor=world.rep)
    batch = worked(batch)
    assert (batch.state, batch.problems) == ("failed", [])
    assert "Overdue" in batch.failure["en"]


def test_a_file_that_names_no_customer_is_given_one_beside_its_columns(world):
    goods(world)
    rows = [["订单号", "产品", "数量"], ["1", "BRG-6204", "2"]]
    batch = brought(world, as_csv(rows))
    client = world.client("rep")
    named = {f"column-{place}": name for place, name in enumerate(batch.mapping)}
    page = post(client, where(batch, "columns"), **named)
    assert page.status_code == 409
    said = page.content.decode()
    assert f"{where(batch)}#columns" in said
    assert world.rep2.display_name not in said
    assert post(client, where(batch, "columns"), **named, customer="NOBODY").status_code == 422
    assert again(batch).customer is None

    post(client, where(batch, "columns"), **named, customer="C-1")
    batch = worked(batch)
    assert (batch.customer.code, batch.order_count) == ("C-1", 1)


def test_a_cancelled_order_does_not_keep_its_number_and_is_not_doubled_either(world):
    goods(world)
    first = taken(world, as_csv([HEAD, line("PO-1")]))
    old = SalesOrder.objects.get()
    actions.cancel_order(old, reason="doppelt", actor=world.rep)

    second = taken(world, as_csv([HEAD, line("PO-1", note="again")]))
    third = checked(world, as_csv([HEAD, line("po-1", note="and again"), line("ＰＯ-1", note="and again")]))

    assert second.known == []
    assert (len(first.made), len(second.made)) == (1, 1)
    assert [each["number"] for each in third.known] == second.made
    assert third.order_count == 0
    keys = list(SalesOrder.objects.values_list("external_key", flat=True))
    assert len(set(keys)) == 2
    page = world.client("rep").get(where(third)).content.decode()
    assert "/orders/" + second.made[0] in page
    assert str(SalesOrder.objects.get(number=second.made[0]).get_state_display()) in page


def test_one_order_spelt_in_two_ways_is_one(world):
    goods(world)
    batch = taken(world, as_csv([HEAD, line("PO-1"), line("po-1", quantity="3")]))
    order = SalesOrder.objects.get()
    assert (order.customer_order_number, order.lines.count(), batch.order_count) == ("PO-1", 2, 1)


def test_numbers_that_only_look_alike_are_two_orders(world):
    goods(world)
    taken(world, as_csv([HEAD, line("PO-11")]))
    batch = taken(world, as_csv([HEAD, line("PO-1-1"), line("po-11", quantity="3")]))
    assert [each["theirs"] for each in batch.known] == ["po-11"]
    assert len(batch.made) == 1


def test_all_orders_that_were_here_are_counted(world):
    goods(world)
    rows = [line(f"PO-{each}") for each in range(520)]
    taken(world, as_csv([HEAD, *rows]))
    batch = checked(world, as_csv([HEAD, *rows, line("NEW")]))
    assert len(batch.known) == 520
    assert ">520<" in world.client("rep").get(where(batch)).content.decode()


@pytest.mark.rule("R1.1")
def test_the_customers_own_file_is_the_source_document_of_its_orders_still_without_its_mark(world):
    goods(world)
    customer = desk.customer(world)
    client = world.client("rep")
    post(client, "/orders/import/", file=upload(as_csv([HEAD, line("1"), line("2")])), is_source="on")
    assert not ImportBatch.objects.exists()

    batch = taken(world, as_csv([HEAD, line("1"), line("2")]), customer=customer, is_source=True)

    for order in SalesOrder.objects.all():
        paper = order.source_documents.get()
        assert (paper.file, paper.is_confirmed, paper.added_by) == (batch.file, False, world.rep)
        assert client.get(order.get_absolute_url()).status_code == 200
    told = Event.objects.filter(verb="order.imported").first()
    assert told.facts["new"] == {"source_document": batch.file.name}


def test_a_file_of_several_customers_is_nobodys_own_order(world):
    goods(world)
    with pytest.raises(Blocked) as refusal:
        intake.upload_orders(upload=upload(as_csv([HEAD, line()])), actor=world.rep, is_source=True)
    assert [each.key for each in refusal.value.reasons] == ["own_order_has_its_customer"]
    assert not ImportBatch.objects.exists()


def test_hidden_rows_are_told(world):
    goods(world)
    book = openpyxl.Workbook()
    for row in (HEAD, line("1"), line("2")):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    batch = checked(world, out.getvalue(), "o.xlsx")

    assert (batch.hidden_count, batch.order_count) == (1, 2)
    assert "notice tone-pending" in world.client("rep").get(where(batch)).content.decode()


def test_progress_goes_on_over_reading_pricing_and_writing(world, monkeypatch):
    goods(world)
    monkeypatch.setattr(working, "EVERY", 1)
    batch = checked(world, as_csv([HEAD, line("1"), line("1"), line("2")]))
    intake.take_import(batch, actor=world.rep)
    told = []
    for name in ("_tick", "_reach", "_began"):
        real = getattr(working, name)
        monkeypatch.setattr(working, name, spied(real, told, batch))
    worked(batch)
    stages = [stage for stage, _done in told]
    assert stages == sorted(stages)
    assert set(stages) == {0, 1, 2, 3}
    assert (1, 3) in told
    assert (2, 3) in told


def spied(real, told, batch):
    def then(*given):
        made = real(*given)

        def after(number):
            made(number)
            told.append((again(batch).stage, again(batch).done_count))

        told.append((again(batch).stage, again(batch).done_count))
        return after if made else None

    return then


def test_a_check_with_bad_cells_does_not_look_ready(world):
    goods(world)
    assert checked(world, as_csv([HEAD, line(quantity="x")])).tone == "returned"
    assert checked(world, as_csv([HEAD, line()])).tone == "ready"


def test_a_colleague_is_shown_what_a_taken_file_became(world):
    goods(world)
    content = as_csv([HEAD, line()])
    batch = taken(world, content)
    page = post(world.client("manager"), "/orders/import/", file=upload(content))
    assert page.status_code == 409
    assert f'href="/orders/{batch.made[0]}/"' in page.content.decode()


def test_discarding_is_asked_about_and_the_page_says_what_next(world):
    goods(world)
    batch = brought(world, as_csv([HEAD, line()]))
    client = world.client("rep")
    assert '<dialog class="dialog" id="discard"' in client.get(where(batch)).content.decode()
    post(client, where(batch, "discard"))
    deliver_due()
    assert 'href="/orders/import/"' in client.get(where(batch)).content.decode()
