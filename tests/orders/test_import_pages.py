"""The pages of an import: brought, named, checked with progress, mended, taken in; without scripts."""

import io
import uuid

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.outbox import deliver_due
from core.sheets import read_sheet
from orders.actions import intake
from orders.intake.mapping import find_head, propose
from orders.intake.working import work_on
from orders.models import ImportBatch, SalesOrder
from tests.orders.importing import HEAD, again, as_csv, brought, checked, goods, line, taken, upload

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]


def post(client, where, **data):
    return client.post(where, {"form_key": str(uuid.uuid4()), **data}, follow=True)


def where(batch, verb=""):
    return batch.get_absolute_url() + (f"{verb}/" if verb else "")


def test_a_file_goes_all_the_way_through_the_pages(world):
    goods(world)
    client = world.client("rep")
    rows = [line("PO-1", quantity="two"), line("PO-2")]
    page = post(client, "/orders/import/", file=upload(as_csv([HEAD, *rows])))
    batch = ImportBatch.objects.get()
    assert page.redirect_chain == [(where(batch), 302)]
    assert b'<option value="quantity" selected>' in page.content

    named = {f"column-{place}": name for place, name in enumerate(batch.mapping)}
    page = post(client, where(batch, "columns"), **named)
    assert b"<progress" in page.content
    assert b'hx-trigger="every 2s"' in page.content
    deliver_due()
    page = client.get(where(batch))
    assert b"<progress" not in page.content
    assert b'name="cell-2-quantity" value="two"' in page.content
    assert page.content.count(b'name="cell-') == 1

    page = post(client, where(batch, "take"))
    assert page.status_code == 409
    assert not SalesOrder.objects.exists()

    post(client, where(batch, "correct"), **{"cell-2-quantity": "2"})
    deliver_due()
    post(client, where(batch, "take"))
    deliver_due()
    page = client.get(where(batch))
    assert [order.number.encode() in page.content for order in SalesOrder.objects.all()] == [True, True]
    assert again(batch).state == "taken"


def test_the_same_file_again_leads_to_the_first_and_a_colleague_hears_only_that_it_was_taken(world):
    goods(world)
    content = as_csv([HEAD, line()])
    batch = taken(world, content)

    mine = post(world.client("rep"), "/orders/import/", file=upload(content))
    theirs = post(world.client("rep2"), "/orders/import/", file=upload(content))

    assert mine.redirect_chain == [(where(batch), 302)]
    assert theirs.status_code == 409
    assert batch.made[0].encode() not in theirs.content
    assert (ImportBatch.objects.count(), SalesOrder.objects.count()) == (1, 1)


def test_a_mended_file_takes_the_place_of_the_bad_one(world):
    goods(world)
    bad = checked(world, as_csv([HEAD, line(quantity="x")]))
    post(world.client("rep"), "/orders/import/", file=upload(as_csv([HEAD, line()])), replaces=str(bad.pk))

    assert again(bad).state == "discarded"
    assert ImportBatch.objects.latest("pk").state == "uploaded"


def test_a_refused_file_is_told_at_its_field_and_nothing_is_kept(world):
    page = post(
        world.client("rep"), "/orders/import/", file=upload(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls")
    )
    assert page.status_code == 422
    page = post(
        world.client("rep"), "/orders/import/", file=upload(as_csv([HEAD, line()])), customer="NOBODY"
    )
    assert page.status_code == 422
    assert not ImportBatch.objects.exists()


@pytest.mark.rule("R10.2")
def test_anothers_file_is_as_if_it_were_not_there(world):
    goods(world)
    batch = brought(world, as_csv([HEAD, line()]))
    client = world.client("support")

    assert [client.get(where(batch, verb)).status_code for verb in ("", "file")] == [404, 404]
    for verb in ("columns", "correct", "take", "discard"):
        assert post(client, where(batch, verb)).status_code == 404
    assert again(batch).state == "uploaded"
    assert world.client("rep").get(where(batch, "file")).status_code == 200
    assert str(batch).encode() not in client.get("/orders/import/").content


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_read_back_by_its_own_headings(world, language):
    client = world.client("rep")
    client.cookies["django_language"] = language
    content = client.get("/orders/import/template/", headers={"accept-language": language}).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 2
    headings = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].append(["x"] * len(headings))
    out = io.BytesIO()
    book.save(out)

    head = find_head(read_sheet(out.getvalue(), name="t.xlsx"))
    assert head.headings == headings
    assert all(propose(head.headings, {}))


def test_a_page_asks_the_same_of_the_database_for_one_row_and_for_many(world):
    goods(world)
    few = taken(world, as_csv([HEAD, line("A")]))
    many = taken(world, as_csv([HEAD, *(line(f"B-{number}") for number in range(12))]))
    client = world.client("rep")
    client.get(where(few))

    counts = []
    for batch in (few, many):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(where(batch)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_taking_in_asks_the_same_for_three_lines_and_for_thirty_of_one_order(world):
    goods(world)
    taken(world, as_csv([HEAD, line("the first of the day")]))
    counts = []
    for name, lines in (("A", 3), ("B", 30)):
        batch = checked(world, as_csv([HEAD, *([line(name)] * lines)]))
        batch = intake.take_import(batch, actor=world.rep)
        with CaptureQueriesContext(connection) as seen:
            work_on(batch_id=batch.pk, run=batch.run, step="take")
        assert again(batch).state == "taken"
        counts.append(len(seen))
    assert counts[0] == counts[1]
