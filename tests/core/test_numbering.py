from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from core.models import NumberSeries
from core.numbering import Series, check_pattern, next_number, sample, series
from core.parameter_actions import set_parameter
from tests.core.people import administrator

ORDERS = Series("test_order", "R1.4", "{shop}-{yyyymmdd}-{serial:03}", "Test order")
NOTES = Series("test_note", "R5.11", "DN{yymm}-{serial}", "Test note")
DAY = date(2026, 11, 22)


@pytest.mark.django_db
@pytest.mark.rule("R1.4")
def test_numbers_follow_the_pattern_and_rise_per_shop_and_day():
    taken = [
        next_number("test_order", shop="SH", on=DAY),
        next_number("test_order", shop="SH", on=DAY),
        next_number("test_order", shop="BJ", on=DAY),
        next_number("test_order", shop="SH", on=date(2026, 11, 23)),
    ]
    assert taken == ["SH-20261122-001", "SH-20261122-002", "BJ-20261122-001", "SH-20261123-001"]
    assert NOTES.next(on=DAY) == "DN2611-1"


@pytest.mark.django_db
def test_a_serial_that_outgrows_its_width_simply_grows():
    next_number("test_order", shop="SH", on=DAY)
    NumberSeries.objects.update(last=999)
    assert next_number("test_order", shop="SH", on=DAY) == "SH-20261122-1000"


@pytest.mark.django_db
@pytest.mark.rule("R1.4")
def test_a_wider_serial_counts_on_and_repeats_nothing():
    first = next_number("test_order", shop="SH", on=DAY)
    set_parameter(
        key="number_pattern.test_order",
        value="{shop}-{yyyymmdd}-{serial:04}",
        reason="Growth",
        actor=administrator(),
    )
    assert [first, next_number("test_order", shop="SH", on=DAY)] == ["SH-20261122-001", "SH-20261122-0002"]


@pytest.mark.django_db
@pytest.mark.rule("R6.12")
def test_a_posting_that_fails_gives_its_number_back():
    assert next_number("test_note", on=DAY) == "DN2611-1"
    with transaction.atomic():
        assert next_number("test_note", on=DAY) == "DN2611-2"
        transaction.set_rollback(True)
    assert next_number("test_note", on=DAY) == "DN2611-2"


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_in_a_transaction_only():
    with pytest.raises(transaction.TransactionManagementError):
        next_number("test_note", on=DAY)
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("shop", ["", "A B", "x" * 21, "A\0"])
def test_a_pattern_with_a_shop_needs_one(shop):
    with pytest.raises(ValueError, match="shop"):
        next_number("test_order", shop=shop, on=DAY)


@pytest.mark.django_db
def test_taking_a_number_costs_two_queries(django_assert_num_queries):
    next_number("test_note", on=DAY)
    with django_assert_num_queries(2):
        next_number("test_note", on=DAY)


@pytest.mark.parametrize(
    "pattern",
    [
        "no serial",
        "{serial}{serial}",
        "{shop}{serial}",
        "1{serial}",
        "{serial}{yyyy}",
        "{serial:03}7",
        "{secret}-{serial}",
        "{serial.__class__}",
        "{}-{serial}",
        "{serial:03d}",
        "<b>-{serial}",
        "x" * 60 + "{serial}",
        "HB/{yyyy}/{serial:05}",
        "HB#{serial:05}",
        "A-{serial:99}",
        "A-{serial:39}",
        "{shop}-{yyyymmdd}-{yyyymmdd}-{yyyy}-{serial:09}",
    ],
)
def test_a_pattern_that_could_repeat_or_leak_is_refused(pattern):
    with pytest.raises(ValidationError):
        check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "{serial}",
        "{yyyymmdd}{serial:04}",
        "{shop}.{yy}{mm}{dd}-{serial:05}A",
        "发票-{serial}",
        "A-{serial:38}",
    ],
)
def test_a_plain_pattern_passes(pattern):
    check_pattern(pattern)


def test_a_pattern_is_bounded_by_what_its_documents_hold():
    check_pattern("{yyyymmdd}-{serial}", longest=18)
    with pytest.raises(ValidationError, match="18"):
        check_pattern("{yyyymmdd}-{serial}", longest=17)
    with pytest.raises(ValidationError):
        series("customer").pattern.clean("C-{yyyymmdd}-{serial:011}")


@pytest.mark.parametrize(
    ("pattern", "number"),
    [("{serial}", "1"), ("N-{serial:04}", "N-0001"), ("{shop}.{serial:03}A", "SH.001A")],
)
def test_a_sample_shows_the_first_number_under_a_pattern(pattern, number):
    assert sample(pattern, shop="SH") == number


def test_a_series_is_known_by_its_name():
    assert series("test_order") is ORDERS
    with pytest.raises(LookupError):
        series("nothing")
    with pytest.raises(ValueError, match="twice"):
        Series("test_order", "R1.4", "{serial}")
