"""Whatever comes as a file: a sentence, or row and column; nothing written, nothing executed."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import Event, StoredFile
from core.rules import Blocked
from customers.models import Customer
from inventory.models import Product
from orders.actions import intake
from orders.models import ImportBatch, SalesOrder
from tests import orders_world as desk
from tests.orders.hostile import BAD_CELL, REFUSED
from tests.orders.importing import HEAD, as_csv, as_xlsx, brought, cells, checked, goods, line, upload

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.13")]


@pytest.fixture
def market(world):
    goods(world)
    desk.product(world, "OLD-1")
    Product.objects.filter(code="OLD-1").update(active=False)
    desk.customer(world, "C-EAST", owner=world.rep2)
    desk.customer(world, "C-BLOCKED")
    Customer.objects.filter(code="C-BLOCKED").update(blocked_at=timezone.now(), block_reason="逾期未付款")
    return world


def test_there_are_more_than_forty():
    assert len(REFUSED) + len(BAD_CELL) >= 60


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_and_leaves_nothing(world, what):
    content, name, code = REFUSED[what]
    events = Event.objects.count()

    with pytest.raises(ValidationError) as refused:
        intake.upload_orders(upload=upload(content, name), actor=world.rep)

    assert refused.value.code == code
    assert all(len(each) > 4 and "%(" not in each for each in refused.value.messages)
    assert not StoredFile.objects.exists()
    assert not ImportBatch.objects.exists()
    assert Event.objects.count() == events


@pytest.mark.parametrize("what", BAD_CELL)
def test_a_bad_cell_is_named_by_row_and_column_and_nothing_is_written(market, what):
    content, name, place = BAD_CELL[what]
    batch = checked(market, content, name)

    assert (batch.state, place in cells(batch)) == ("checked", True)
    assert all(len(each["words"][language]) > 1 for each in batch.problems for language in ("en", "zh-hans"))
    with pytest.raises(Blocked):
        intake.take_import(batch, actor=market.rep)
    assert not SalesOrder.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (as_csv([HEAD, line()], encoding="utf-8"), "a.csv"),
        (as_csv([HEAD, line()], encoding="utf-8-sig"), "a.csv"),
        (as_csv([HEAD, line()], encoding="utf-16"), "a.csv"),
        (as_csv([HEAD, line()], encoding="gb18030"), "a.csv"),
        (as_csv([HEAD, line()], sign="\t"), "a.txt"),
        (b"sep=;\r\n" + as_csv([HEAD, line()], encoding="utf-8", sign=";"), "a.csv"),
        (as_xlsx([HEAD, line()]), "a.xlsx"),
    ],
)
def test_what_means_no_harm_is_read_whatever_way_it_was_saved(market, content, name):
    batch = checked(market, content, name)

    assert (batch.problem_count, batch.order_count, batch.row_count) == (0, 1, 1)


def test_columns_that_are_not_there_are_named_all_at_once(market):
    batch = brought(market, as_csv([["客户订单号", "甲", "乙"], ["1", "2", "3"]]))

    with pytest.raises(Blocked) as refused:
        intake.check_import(batch, actor=market.rep)
    assert [reason.field_name for reason in refused.value.reasons] == ["customer", "product", "quantity"]
