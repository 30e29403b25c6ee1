"""A file mended in the page: every bad cell kept, what was mended recorded, rows left out, people told."""

import csv
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from core.models import Event
from core.sheets import read_sheet
from orders.actions import intake
from orders.intake import working
from orders.models import ColumnMapping, SalesOrder
from orders.views import intake_page
from tests import orders_world as desk
from tests.orders.importing import (
    HEAD,
    again,
    as_csv,
    brought,
    cells,
    checked,
    goods,
    line,
    worked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]


def post(client, where, **data):
    return client.post(where, {"form_key": str(uuid.uuid4()), **data}, follow=True)


def where(batch, verb=""):
    return batch.get_absolute_url() + (f"{verb}/" if verb else "")


def events(batch, verb):
    return list(Event.objects.filter(thread=batch.thread, verb=verb).order_by("seq"))


def test_every_bad_cell_is_kept_shown_page_by_page_and_offered_as_a_file(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, *(line(f"PO-{each}", quantity="x") for each in range(250))]))
    client = world.client("rep")

    assert batch.problem_count == len(batch.problems) == 250
    last = client.get(where(batch), {"page": "3"}).content.decode()
    assert 'name="cell-251-quantity"' in last
    assert last.count('name="cell-') == 50
    report = b"".join(client.get(where(batch, "report"), {"as": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(report)))
    assert len(rows) == 251
    assert rows[250][:2] == ["251", "F"]
    assert rows[250][3] == "x"
    assert "PO-249" in rows[250]
    book = b"".join(client.get(where(batch, "report")).streaming_content)
    assert len(list(read_sheet(book, name="r.xlsx").rows)) == 251


def test_the_pages_of_bad_cells_ask_the_same_of_the_database(world, django_assert_num_queries):
    goods(world)
    few = checked(world, as_csv([HEAD, line("A", quantity="x")]))
    many = checked(world, as_csv([HEAD, *(line(f"B-{each}", quantity="x") for each in range(90))]))
    client = world.client("rep")
    client.get(where(few))
    with CaptureQueriesContext(connection) as seen:
        client.get(where(few))
    with django_assert_num_queries(len(seen)):
        client.get(where(many))


def test_what_was_written_is_kept_from_page_to_page_of_bad_cells(world, monkeypatch):
    monkeypatch.setattr(intake_page, "PROBLEMS", 2)
    goods(world)
    batch = checked(world, as_csv([HEAD, *(line(f"PO-{each}", quantity="x") for each in range(4))]))
    client = world.client("rep")

    second = post(client, where(batch, "correct"), **{"cell-2-quantity": "5", "leave": "3", "page": "2"})
    assert 'name="cell-4-quantity"' in second.content.decode()
    assert again(batch).state == "checked"
    first = client.get(where(batch)).content.decode()
    assert 'name="cell-2-quantity" value="5"' in first
    assert 'name="leave" value="3"' not in first
    post(client, where(batch, "correct"), **{"cell-4-quantity": "6", "cell-5-quantity": "7"})

    batch = worked(batch)
    assert (batch.problem_count, batch.order_count, batch.left_out) == (0, 3, [3])
    assert [event.facts["new"] for event in events(batch, "import.corrected")] == [
        {"F2": "5"},
        {"F4": "6", "F5": "7"},
    ]
    assert not SalesOrder.objects.exists()


@pytest.mark.rule("R10.1")
def test_what_is_mended_is_recorded_cell_by_cell_and_told_on_the_result(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line("PO-1"), line("PO-2", quantity="two", product="X")]))
    client = world.client("rep")
    assert (
        post(
            client, where(batch, "correct"), **{"cell-3-quantity": "3", "cell-3-product": "BRG-6204"}
        ).status_code
        == 200
    )
    worked(batch)
    post(client, where(batch, "take"))
    batch = worked(batch)

    (event,) = events(batch, "import.corrected")
    assert event.actor == world.rep
    assert event.facts["old"] == {"F3": "two", "E3": "X"}
    assert event.facts["new"] == {"F3": "3", "E3": "BRG-6204"}
    page = client.get(where(batch)).content.decode()
    assert "<del>two</del>" in page
    assert "<ins>3</ins>" in page
    verbs = list(Event.objects.filter(thread=batch.thread).order_by("seq").values_list("verb", flat=True))
    assert verbs == [
        "import.uploaded",
        "import.check_asked",
        "import.checked",
        "import.corrected",
        "import.check_asked",
        "import.checked",
        "import.taking_asked",
        "import.taken",
    ]


@pytest.mark.rule("R10.1")
def test_columns_named_anew_and_a_failure_are_recorded_too(world, monkeypatch):
    goods(world)
    batch = brought(world, as_csv([HEAD, line()]))
    intake.name_columns(
        batch, columns=["" if each == "internal_note" else each for each in batch.mapping], actor=world.rep
    )
    monkeypatch.setattr("orders.intake.reading.read_stored", lambda _file: (_ for _ in ()).throw(OSError))
    intake.check_import(again(batch), actor=world.rep)
    batch = worked(batch)

    assert events(batch, "import.columns_named")[0].facts["old"] == {"J": "internal_note"}
    assert len(events(batch, "import.failed")) == 1
    assert Notice.objects.filter(person=world.rep, kind="import_failed").count() == 1


@pytest.mark.rule("R10.3")
def test_who_brought_the_file_is_told_when_a_check_ends(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line(quantity="x")]))
    notice = Notice.objects.get(person=world.rep, kind="import_checked")
    assert notice.link == where(batch)
    assert notice.facts["problems"] == 1

    working.work_on(batch_id=batch.pk, run=batch.run, step="check")
    assert Notice.objects.filter(kind="import_checked").count() == 1


def test_a_row_of_sums_is_left_out_here_and_may_be_taken_back(world):
    goods(world)
    batch = checked(world, as_csv([HEAD, line("PO-1"), ["合计", "", "", "", "", "10", "", "", "", ""]]))
    client = world.client("rep")
    assert {row for row, _column in cells(batch)} == {3}
    post(client, where(batch, "correct"), leave="3")
    batch = worked(batch)

    assert (batch.left_out, batch.problem_count, batch.order_count, batch.row_count) == ([3], 0, 1, 1)
    assert events(batch, "import.corrected")[0].facts["left"] == "3"
    assert 'name="back" value="3"' in client.get(where(batch)).content.decode()

    post(client, where(batch, "correct"), back="3")
    batch = worked(batch)
    assert batch.left_out == []
    assert batch.problem_count > 0

    intake.correct_import(batch, cells={}, leave={2, 3}, actor=world.rep)
    batch = worked(batch)
    assert batch.left_out == [3]  # a good row stays
    intake.take_import(batch, actor=world.rep)
    worked(batch)
    assert SalesOrder.objects.get().customer_order_number == "PO-1"


def test_what_is_typed_into_a_long_cell_is_kept_whole_and_its_row_shown(world):
    goods(world)
    long = "苏州" * 140
    batch = checked(world, as_csv([[*HEAD, "包装"], [*line("PO-77"), long]]))

    assert cells(batch) == [(2, "packaging")]
    assert batch.problems[0]["typed"] == long
    page = world.client("rep").get(where(batch)).content.decode()
    assert f'value="{long}"' in page
    assert "<dd>PO-77</dd>" in page


def test_two_layouts_of_one_customer_are_both_remembered(world):
    goods(world)
    customer = desk.customer(world)
    layouts = [["Ref", "Thing", "How many"], ["No.", "Thing", "Pieces", "Each"]]
    meant = [
        ["customer_order_number", "product", "quantity"],
        ["customer_order_number", "product", "quantity", "price"],
    ]
    for place, (head, named) in enumerate(zip(layouts, meant, strict=True)):
        batch = brought(
            world, as_csv([head, [str(place), "BRG-6204", "1", "5"][: len(head)]]), customer=customer
        )
        intake.name_columns(batch, columns=named, actor=world.rep)

    for place, (head, named) in enumerate(zip(layouts, meant, strict=True)):
        row = [f"X{place}", "BRG-6204", "1", "5"][: len(head)]
        assert brought(world, as_csv([head, row]), customer=customer).mapping == named
    mixed = brought(world, as_csv([["Pieces", "Ref", "Thing"], ["1", "Z", "BRG-6204"]]), customer=customer)
    assert mixed.mapping == ["quantity", "customer_order_number", "product"]


def test_where_a_column_names_the_customer_the_layout_is_remembered_for_everybody(world):
    goods(world)
    head = ["Ref", "Buyer", "Thing", "How many"]
    named = ["customer_order_number", "customer", "product", "quantity"]
    batch = brought(world, as_csv([head, ["1", "C-1", "BRG-6204", "1"]]))
    intake.name_columns(batch, columns=named, actor=world.rep)
    assert ColumnMapping.objects.get().customer is None

    later = brought(world, as_csv([head[::-1], ["1", "BRG-6204", "C-1", "2"]]), actor=world.manager)
    assert later.mapping == named[::-1]
    other = brought(world, as_csv([[*head, "More"], ["1", "C-1", "BRG-6204", "1", "?"]]))
    assert other.mapping == ["", "", "", "", ""]
