"""Figures in sentences read as people write them."""

from decimal import Decimal

import pytest

from core.showing import filled


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
