"""Figures in sentences read as people write them."""

from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy, override

from core.showing import filled, in_office, office_fact, word_fact


@pytest.mark.parametrize(
    ("text", "facts", "shown"),
    [
        ("%(total)s %(currency)s", {"total": Decimal("437850.5000000"), "currency": "CNY"}, "437,850.50 CNY"),
        ("%(total)s %(currency)s of %(limit)s", {"total": "20163.4", "currency": "CNY", "limit": "500000"},
         "20,163.40 CNY of 500,000.00"),
        ("price %(price)s %(currency)s", {"price": Decimal("0.0375"), "currency": "CNY"}, "price 0.0375 CNY"),
        ("%(quantity)s of %(order)s", {"quantity": Decimal("15.000"), "order": "007"}, "15 of 007"),
        ("%(count)s lines, %(total)s %(currency)s", {"count": 3, "total": "0", "currency": "CNY"},
         "3 lines, 0.00 CNY"),
        ("%(gone)s", {}, "–"),
        ("100 %", {}, "100 %"),
    ],
)  # fmt: skip
def test_a_sentence_is_filled_in(text, facts, shown):
    assert filled(text, facts) == shown


@pytest.mark.parametrize(
    ("text", "facts", "shown"),
    [
        ("changed %(count)s lines", {"count": "1"}, "changed 1 line"),
        ("changed %(count)s lines", {"count": 11}, "changed 11 lines"),
        ("%(lines)s lines, %(orders)s new orders", {"lines": 1, "orders": 1}, "1 line, 1 new order"),
        ("%(number)s is asked for", {"number": "1"}, "1 is asked for"),
    ],
)
def test_of_one_thing_it_is_told_in_the_singular(text, facts, shown):
    with override("en"):
        assert filled(text, facts) == shown


@pytest.mark.rule("R2.12")
def test_who_stood_in_for_whom_is_told_in_the_readers_language():
    fact = {"who": office_fact("Bo", "Ann")}
    with override("en"):
        assert filled("refused by %(who)s", fact) == "refused by Bo for Ann"
        assert in_office("Bo", "Ann") == "Bo for Ann"
    with override("zh-hans"):
        assert filled("%(who)s", fact) == "Bo 代 Ann"
    assert filled("%(who)s", {"who": office_fact("Bo")}) == in_office("Bo") == "Bo"
    assert in_office(None) == ""


@pytest.mark.rule("R10.1")
def test_a_word_of_ours_is_told_in_the_readers_language_whoever_wrote_it():
    with override("zh-hans"):
        fact = {"mark": word_fact(gettext_lazy("Seal"))}
        assert filled("(%(mark)s)", fact) == "(盖章)"
    with override("en"):
        assert filled("(%(mark)s)", fact) == "(Seal)"
