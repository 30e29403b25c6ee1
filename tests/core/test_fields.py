"""Hardened fields: what cannot be stored or read is refused at the field, what was typed stays."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import fields

D = Decimal


def refusal(field, value) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages[0]


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b", "a\x07b", "a\nb", "a\tb", "a\u202eb"])
def test_one_line_of_text_refuses_what_cannot_be_stored_or_seen(bad):
    assert refusal(fields.Text(), bad)


def test_text_is_normalised_and_stripped():
    assert fields.Text().clean("  Cafe\u0301\u200b 上海\ufeff ") == "Café 上海"
    assert fields.LongText().clean("a\r\nb\tc\rd") == "a\nb\tc\nd"
    assert refusal(fields.LongText(), "a\x00b")
    assert refusal(fields.Text(max_length=3), "abcd")


@given(st.text(st.characters(), max_size=30))
def test_accepted_text_can_always_be_encoded(value):
    try:
        found = fields.LongText(required=False).clean(value)
    except ValidationError:
        return
    assert "\x00" not in found
    assert found.encode().decode() == found


@pytest.mark.parametrize(
    "bad", ["１２３", "1_000", "1e3", "-0", "-0.00", "inf", "nan", "1.", "٣", "+5", "0x1", "1 2", "\x00"]
)
def test_numbers_are_ascii_digits_only(bad):
    assert refusal(fields.Number(), bad)


def test_a_refused_number_says_how_to_write_it():
    assert "half-width" in refusal(fields.Number(), "１２３")
    assert "thousands" in refusal(fields.Number(), "1,234.50")
    assert "0 to 9" in refusal(fields.Number(), "twelve")


def test_numbers_that_are_accepted():
    assert fields.Number().clean(" 12.50 ") == D("12.50")
    assert fields.Number().clean(".5") == D("0.5")
    assert fields.Number().clean("-3") == D(-3)
    assert fields.Number(required=False).clean("  ") is None
    assert fields.WholeNumber().clean("42") == 42
    assert refusal(fields.WholeNumber(), "4.2") == "Write a whole number."
    assert refusal(fields.Number(), "9" * 40)


def test_a_quantity_keeps_its_units_step():
    assert fields.Quantity(step=D("0.01")).clean("2.25") == D("2.25")
    assert refusal(fields.Quantity(step=D(1)), "2.5") == "Only in steps of 1."
    assert refusal(fields.Quantity(step=D(1)), "0") == "At least 1."
    assert refusal(fields.Quantity(), "9" * 16) == "At most 14 digits."
    assert refusal(fields.Percent(), "1.234") == "At most 2 digits behind the point."


@pytest.mark.rule("R1.6")
def test_money_keeps_to_the_minor_unit():
    assert fields.MoneyField().clean("12.34") == D("12.34")
    assert "2 decimals" in refusal(fields.MoneyField(), "12.345")
    assert "0 decimals" in refusal(fields.MoneyField(currency="JPY"), "12.5")
    assert refusal(fields.MoneyField(), "-1") == "At least 0."
    assert fields.Price().clean("0.0375") == D("0.0375")


@pytest.mark.parametrize(
    "bad", ["2026-13-01", "2026-02-30", "26-01-01", "２０２６-01-01", "1999-12-31", "2101-01-01", "x"]
)
def test_odd_days_are_refused(bad):
    assert refusal(fields.DateField(), bad)


def test_days_and_moments():
    assert fields.DateField().clean("2026-11-21") == date(2026, 11, 21)
    assert fields.MomentField().clean("2026-11-21T10:02").isoformat() == "2026-11-21T10:02:00+08:00"
    assert refusal(fields.MomentField(), "0001-01-01T00:00")
    assert refusal(fields.MomentField(), "yesterday")


def test_a_choice_does_not_repeat_what_was_sent():
    assert refusal(fields.Choice(choices=[("a", "A")]), "a\x00\ud800") == "Choose one of the offered values."


class RowForm(forms.Form):
    name = fields.Text()


Rows = forms.formset_factory(RowForm, formset=fields.BoundedFormSet, max_num=5, absolute_max=5)


@pytest.mark.parametrize("total", ["-1", "6", "1000000", "", "x"])
def test_a_formset_refuses_an_impossible_count(total):
    rows = Rows({"form-TOTAL_FORMS": total, "form-INITIAL_FORMS": "0"})

    assert not rows.is_valid()
    assert rows.forms == []


def test_a_formset_within_its_bounds_is_valid():
    rows = Rows({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "a", "form-1-name": "b"})

    assert rows.is_valid()
    assert [each["name"] for each in rows.cleaned_data] == ["a", "b"]


def test_what_was_typed_stays_and_can_be_shown():
    form = RowForm({"name": "a\ud800b"})

    assert not form.is_valid()
    assert "a?b" in form.as_p()
    form.as_p().encode()
