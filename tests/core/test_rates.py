"""Rates by day, in company currency, set by who keeps them and audited (R2.2, R10.1, R10.2)."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import rate_actions
from core.models import Event, ExchangeRate
from core.rate_actions import DayRate, set_rates
from core.rates import in_company_currency, rate_on
from core.rules import Blocked
from tests.core.people import administrator, person

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.2")]
MONDAY = date(2026, 11, 2)


def rate(value="7.1", *, day=MONDAY, code="USD"):
    return DayRate(code, day, Decimal(value))


def put(*rows, actor=None, reason="People's bank", **more):
    return set_rates(rows=list(rows), reason=reason, actor=actor or administrator(), **more)


def rules_of(refusal):
    return [reason.rule for reason in refusal.value.reasons]


def test_the_latest_rate_up_to_the_day_counts_and_before_the_first_there_is_none():
    put(rate("7.1"), rate("7.2", day=MONDAY + timedelta(days=2)))
    days = [MONDAY + timedelta(days=count) for count in (-1, 0, 1, 2, 400)]
    known = [rate_on("USD", day) for day in days]
    assert [each and each.value for each in known] == [
        None,
        *(Decimal(each) for each in ("7.1", "7.1", "7.2", "7.2")),
    ]
    assert known[2].day == MONDAY
    assert rate_on("EUR", MONDAY) is None


def test_an_amount_is_rounded_in_the_company_currency_half_up_and_its_own_stays():
    put(rate("0.048335", code="JPY"))
    assert in_company_currency(Decimal(300), "JPY", MONDAY) == Decimal("14.50")
    assert in_company_currency(Decimal("12.345"), "CNY", MONDAY) == Decimal("12.345")
    assert in_company_currency(Decimal(1), "USD", MONDAY) is None
    assert rate_on("JPY", MONDAY).out_of_company(Decimal("14.50")) == 300  # no minor unit


@pytest.mark.rule("R10.1")
def test_a_rate_is_recorded_with_who_why_and_what_it_was():
    admin = administrator()
    put(rate("7.1"), actor=admin)
    put(rate("7.3"), actor=admin, reason="A slip of the pen", correct=True)
    row = ExchangeRate.objects.get()
    assert (row.value, row.reason, row.set_by) == (Decimal("7.3"), "A slip of the pen", admin)
    event = Event.objects.filter(verb="rate.set").latest("seq")
    assert (event.reason, event.actor) == ("A slip of the pen", admin)
    assert (Decimal(event.facts["old"]["rate"]), event.facts["new"]["rate"]) == (Decimal("7.1"), "7.3")
    assert rate_on("USD", MONDAY).value == Decimal("7.3")


@pytest.mark.rule("R10.1", "R10.2")
@pytest.mark.parametrize(
    ("rows", "more", "who", "rules"),
    [
        ([rate()], {}, "nobody", ["R10.2"]),
        ([rate()], {"reason": " "}, "admin", ["R10.1"]),
        ([rate(code="CNY")], {}, "admin", ["R2.2"]),
        ([rate("0", code="EUR")], {}, "admin", ["R2.2"]),
        ([rate("-7", code="EUR")], {}, "admin", ["R2.2"]),
        ([rate(day=date(2026, 12, 1)), rate("8", day=date(2026, 12, 1))], {}, "admin", ["R2.2"]),
        ([rate("6.9", code="EUR"), rate("7.2")], {}, "admin", ["R10.1"]),
    ],
)
def test_what_is_refused_leaves_nothing_behind(rows, more, who, rules):
    admin = administrator()
    put(rate("7.1"), actor=admin)
    before = list(ExchangeRate.objects.values()), Event.objects.count()
    with pytest.raises(Blocked) as refusal:
        put(*rows, actor=admin if who == "admin" else person(), **more)
    assert rules_of(refusal) == rules
    assert (list(ExchangeRate.objects.values()), Event.objects.count()) == before


def test_the_same_rate_again_changes_nothing():
    admin = administrator()
    put(rate("7.1"), actor=admin)
    assert put(rate("7.10"), actor=admin) == []
    assert Event.objects.filter(verb="rate.set").count() == 1


@pytest.mark.parametrize(
    "bad",
    [{"value": 0}, {"value": -1}, {"base": "USD"}],
)
def test_the_database_refuses_it_too(bad):
    row = {"currency": "USD", "base": "CNY", "day": MONDAY, "value": 1, "reason": "x", "set_by": person()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRate.objects.create(**{**row, **bad})
    ExchangeRate.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRate.objects.create(**row)


def test_of_two_at_once_one_counts_and_the_other_is_told(monkeypatch):
    admin, asked = administrator(), []

    def before_the_other_had_written(rows):
        asked.append(rows)
        return {} if len(asked) == 1 else present(rows)

    present = rate_actions._present
    put(rate("7.1"), actor=admin)
    monkeypatch.setattr(rate_actions, "_present", before_the_other_had_written)
    with pytest.raises(Blocked) as refusal:
        put(rate("7.9"), actor=admin)
    assert rules_of(refusal) == ["R10.1"]
    assert (len(asked), ExchangeRate.objects.get().value) == (2, Decimal("7.1"))
    assert Event.objects.filter(verb="rate.set").count() == 1


def keyed(**fields):
    return {"form_key": str(uuid.uuid4()), **fields}


@pytest.fixture
def desk(client):
    client.force_login(administrator())
    return client


def test_the_page_sets_a_rate_and_shows_what_is_in_force(desk):
    answer = desk.post(
        "/settings/rates/", keyed(currency="USD", day="2026-01-05", value="7.0512", reason="Bank")
    )
    assert (answer.status_code, answer["Location"]) == (302, "/settings/rates/")
    page = desk.get("/settings/rates/").content.decode()
    assert page.count("7.0512") == 2
    again = desk.post("/settings/rates/", keyed(currency="USD", day="2026-01-05", value="8", reason="Bank"))
    assert again.status_code == 409
    assert "R10.1" in again.content.decode()
    odd = desk.post("/settings/rates/", keyed(currency="XXX", day="yesterday", value="1e3", reason=""))
    assert odd.status_code == 422
    assert ExchangeRate.objects.get().value == Decimal("7.0512")


def test_rows_are_pasted_all_or_none(desk):
    bad = "USD\t2026-01-05\t7.05\nEUR\t2026-01-05\nGBP 2026-01-05 seven"
    answer = desk.post("/settings/rates/paste/", keyed(pasted=bad, reason="Bank"))
    assert answer.status_code == 422
    assert not ExchangeRate.objects.exists()
    good = "usd\t2026-01-05\t7.05\nEUR;2026-01-05;7.9\n\nJPY 2026-01-05 0.048"
    answer = desk.post("/settings/rates/paste/", keyed(pasted=good, reason="Bank"))
    assert answer.status_code == 302
    assert list(ExchangeRate.objects.order_by("currency").values_list("currency", flat=True)) == [
        "EUR",
        "JPY",
        "USD",
    ]


def test_the_list_goes_on_page_by_page_at_the_same_cost(desk, django_assert_max_num_queries):
    put(*(rate("7.1", day=MONDAY + timedelta(days=count)) for count in range(60)), actor=administrator("two"))
    first = desk.get("/settings/rates/")
    assert len(first.context["rows"]) == 50
    with django_assert_max_num_queries(14):
        second = desk.get(f"/settings/rates/{first.context['pager']['next_url']}")
    assert len(second.context["rows"]) == 10
