"""The tags of the interface: figures, dates and links as people read them."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core.columns import Column
from core.templatetags.cells import cell
from core.templatetags.ui import duration, initials
from core.tokens import STATUS, STATUS_ICONS


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (Decimal("1234.5"), "CNY", "CNY 1,234.50"),
        (Decimal("-0.01"), "USD", "USD -0.01"),
        (Decimal(1000), "JPY", "JPY 1,000"),
        (None, "CNY", "–"),
    ],
)
def test_money_has_its_currency_and_its_minor_units(amount, currency, shown):
    assert _text("{% money amount currency %}", amount=amount, currency=currency) == shown


@pytest.mark.parametrize(
    ("quantity", "shown"), [(Decimal("1200.500"), "1,200.5 m"), (Decimal("100"), "100 m"), (0, "0 m")]
)
def test_a_quantity_keeps_its_zeros_before_the_point_only(quantity, shown):
    assert _text("{% qty quantity 'm' %}", quantity=quantity) == shown


def test_a_moment_is_told_in_local_time():
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        assert _text("{% dt moment %}", moment=datetime(2026, 11, 21, 2, 2, tzinfo=UTC)) == "11-21 10:02"
        assert _text("{% dt moment %}", moment=date(2025, 3, 1)) == "2025-03-01"


@pytest.mark.parametrize(
    ("days", "tone"), [(-2, "tone-blocked"), (0, "tone-pending"), (3, "tone-pending"), (4, None)]
)
def test_a_due_date_says_when_it_is_near_or_past(days, tone):
    with time_machine.travel(datetime(2026, 11, 22, 4, tzinfo=UTC), tick=False):
        html = _html("{% due_chip due %}", due=date(2026, 11, 22) + timedelta(days=days))

    assert re.findall(r"tone-\w+", html) == ([tone] if tone else [])


def test_a_span_is_told_in_its_two_largest_parts():
    with translation.override("en"):
        assert duration(timedelta(days=2, hours=3, minutes=4)) == "2 days 3 h"
        assert duration(75) == "1 h 15 min"


def test_initials_suit_chinese_and_latin_names():
    assert [initials(name) for name in ("王建国", "Li Qiang", "")] == ["国", "LQ", "?"]


def test_a_link_keeps_the_query_and_drops_the_page():
    request = RequestFactory().get("/", {"q": "a b", "state": "open", "after": "x"})

    assert _html("{% query state=None sort='-total' %}", request=request) == "?q=a+b&amp;sort=-total"


def test_a_head_says_how_the_list_is_sorted():
    request = RequestFactory().get("/", {"sort": "total"})
    html = _html("{% sort_th 'total' 'Total' 'num' %}", request=request)

    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-total"' in html


def test_words_are_escaped():
    assert "<script" not in _html("{% badge 'done' label %}", label="<script>")


@pytest.mark.house
def test_every_icon_that_is_named_is_drawn():
    sprite = ElementTree.parse(settings.BASE_DIR / "static" / "icons.svg").getroot()  # noqa: S314  (our own file)
    drawn = {symbol.get("id") for symbol in sprite}
    templates = "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    named = set(re.findall(r"""{% icon ["']([\w-]+)["']""", templates)) | set(STATUS_ICONS.values())

    assert named - drawn == set()
    assert set(STATUS_ICONS) == set(STATUS)


def _html(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def _text(source: str, **context) -> str:
    return re.sub(r"<[^>]+>", "", _html(source, **context)).strip()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("HB-20261121-001", '<span class="nowrap">HB-20261121-001</span>'),
        ("Smith-Jones Ltd", "Smith-Jones Ltd"),
        ("O-环", "O-环"),
        ("", "–"),
    ],
)
def test_a_number_in_a_list_is_not_broken_at_its_hyphens(value, shown):
    assert cell(Column("number", "Number"), SimpleNamespace(number=value)) == shown


def test_what_is_over_is_not_late():
    column = Column("due_on", "Due", "due", over=lambda row: row.closed)
    due = date(2026, 11, 1)
    with time_machine.travel(datetime(2026, 11, 22, 4, tzinfo=UTC), tick=False):
        assert "tone-blocked" in cell(column, SimpleNamespace(due_on=due, closed=False))
        assert "tone-blocked" not in cell(column, SimpleNamespace(due_on=due, closed=True))
