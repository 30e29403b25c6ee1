"""Money: rounding per line and capital numerals."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import CAPITAL_LIMIT, capital_numerals, line_amounts, minor_unit, round_money

D = Decimal
quantities = st.decimals("0.001", "99999", places=3)
prices = st.decimals("0", "99999", places=4)


@pytest.mark.rule("R1.6")
@pytest.mark.parametrize(
    ("currency", "amount", "rounded"),
    [
        ("CNY", "2.345", "2.35"),
        ("CNY", "-2.345", "-2.35"),
        ("CNY", "2.344999", "2.34"),
        ("JPY", "10.5", "11"),
        ("KWD", "1.0005", "1.001"),
    ],
)
def test_amounts_round_half_up_in_the_minor_unit(currency, amount, rounded):
    assert str(round_money(D(amount), currency)) == rounded
    assert round_money(D(amount), currency) % minor_unit(currency) == 0


@pytest.mark.rule("R1.6")
def test_a_line_with_tax_in_the_price():
    amounts = line_amounts(D(3), D("33.335"), D(5), D("0.13"), "CNY")

    assert (amounts.goods, amounts.discount, amounts.net) == (D("100.01"), D("5.01"), D("95.00"))
    assert (amounts.tax, amounts.total, amounts.without_tax) == (D("10.93"), D("95.00"), D("84.07"))


@pytest.mark.rule("R1.6")
def test_a_line_with_tax_on_top():
    amounts = line_amounts(D(3), D("33.335"), D(0), D("0.13"), "CNY", tax_included=False)

    assert (amounts.net, amounts.tax, amounts.total) == (D("100.01"), D("13.00"), D("113.01"))


@pytest.mark.rule("R1.6")
@given(quantities, prices, st.integers(0, 100), st.sampled_from(["0", "0.06", "0.13"]), st.booleans())
def test_no_cent_is_lost_on_a_line(quantity, price, discount, rate, included):
    amounts = line_amounts(quantity, price, D(discount), D(rate), "CNY", tax_included=included)

    assert amounts.goods == amounts.net + amounts.discount
    assert amounts.total == amounts.without_tax + amounts.tax
    assert all(each == round_money(each, "CNY") for each in vars(amounts).values())


@pytest.mark.rule("R6.13")
@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("10", "壹拾元整"),
        ("100", "壹佰元整"),
        ("1005.30", "壹仟零伍元叁角"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("1320.56", "壹仟叁佰贰拾元伍角陆分"),
        ("10001", "壹万零壹元整"),
        ("100000000", "壹亿元整"),
        ("100010000", "壹亿零壹万元整"),
        ("1000000000000", "壹万亿元整"),
        ("-325.04", "负叁佰贰拾伍元零肆分"),
    ],
)
def test_capital_numerals_as_banks_write_them(amount, words):
    assert capital_numerals(D(amount)) == words


@pytest.mark.rule("R6.13")
@given(st.decimals(0, CAPITAL_LIMIT - 1, places=2))
def test_capital_numerals_agree_with_the_oracle(amount):
    plain = format(amount, "f").rstrip("0").rstrip(".") if amount % 1 else str(int(amount))

    assert capital_numerals(amount) == cn2an.an2cn(plain, "rmb")


@pytest.mark.rule("R6.13")
@pytest.mark.parametrize("amount", [CAPITAL_LIMIT, D("NaN"), D("Infinity")])
def test_what_has_no_words_is_refused(amount):
    with pytest.raises(ValueError, match="no capital numerals"):
        capital_numerals(amount)
