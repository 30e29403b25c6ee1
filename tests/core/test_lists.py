"""Lists: keyset pages, capped counts, filters from the URL, exports, saved views; constant queries."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import django_filters
import openpyxl
import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core import exports, fields, keyset
from core.columns import Column
from core.keyset import capped_count, in_order, keyset_page
from core.lists import DaysFilter, SearchFilter, list_page
from core.models import OutboxMessage, OutboxState
from core.templatetags.cells import cell

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(timezone.datetime(2026, 11, 20, 12))


class MessageFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["key", "kind"])
    state = django_filters.ChoiceFilter(choices=OutboxState.choices, label="State")
    since = DaysFilter("due_at", "date__gte", label="Since")


COLUMNS = (
    Column("key", "Key", sort="key"),
    Column("state", "State", "state"),
    Column("attempts", "Attempts", "number", sort="attempts"),
    Column("sent", "Sent", "moment", value="sent_at", sort="sent_at"),
    Column("secret", "Margin", "money", value=lambda row: Decimal("12.5"), permission="core.read_margin"),
)


@pytest.fixture
def person():
    return User.objects.create_user("wang", password="x")


def messages(count: int, **given_) -> None:
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind="mail",
            key=f"m{n:04d}",
            attempts=n % 3,
            due_at=NOON + timedelta(minutes=n),
            sent_at=None if n % 4 == 0 else NOON + timedelta(hours=n % 5),
            **given_,
        )
        for n in range(count)
    )


def listed(person, query: str = "", **changed):
    request = RequestFactory().get(f"/things/?{query}")
    request.user = person
    wanted = {
        "name": "messages",
        "queryset": OutboxMessage.objects.all(),
        "filterset": MessageFilter,
        "columns": COLUMNS,
        "default_order": ("-due_at",),
        "template": "includes/list_table.html",
    }
    return list_page(request, **wanted | changed)


def contents(person, monkeypatch, query: str = "", **changed) -> dict:
    kept: dict = {}
    monkeypatch.setattr("core.lists.render", lambda request, template, context: kept.update(context))
    listed(person, query, **changed)
    return kept


@pytest.mark.parametrize(
    "order", [("-due_at",), ("attempts",), ("-attempts", "key"), ("sent_at",), ("-sent_at", "attempts")]
)
@pytest.mark.parametrize("size", [3, 7, 50])
def test_pages_walk_every_row_once_forth_and_back(order, size):
    messages(23)
    everything = [each.pk for each in in_order(OutboxMessage.objects.all(), order)]
    assert len(everything) == 23

    walked, query, lasts = [], QueryDict(), []
    while True:
        page = keyset_page(OutboxMessage.objects.all(), order=order, query=query, size=size)
        walked += [each.pk for each in page.rows]
        lasts.append(page)
        if not page.after:
            break
        query = QueryDict(mutable=True)
        query["after"] = page.after

    assert walked == everything
    back = []
    while page.before:
        query = QueryDict(mutable=True)
        query["before"] = page.before
        page = keyset_page(OutboxMessage.objects.all(), order=order, query=query, size=size)
        back = [each.pk for each in page.rows] + back
    assert back == everything[: len(everything) - len(lasts[-1].rows)]
    assert page.is_first


def test_rows_that_arrive_meanwhile_move_no_page():
    messages(6)
    first = keyset_page(OutboxMessage.objects.all(), order=("-due_at",), query=QueryDict(), size=3)
    OutboxMessage.objects.create(kind="mail", key="new", due_at=NOON + timedelta(days=9))

    second = keyset_page(
        OutboxMessage.objects.all(), order=("-due_at",), query=QueryDict(f"after={first.after}"), size=3
    )

    assert [each.key for each in second.rows] == ["m0002", "m0001", "m0000"]


@pytest.mark.parametrize("cursor", ["", "x", "é", "%00", "A" * 5000, "WyJzIl0:forged", "[1,2]"])
def test_a_forged_cursor_is_the_first_page(cursor):
    messages(4)

    page = keyset_page(
        OutboxMessage.objects.all(), order=("key",), query=QueryDict(f"after={cursor}"), size=2
    )

    assert [each.key for each in page.rows] == ["m0000", "m0001"]


def test_a_cursor_of_another_order_or_list_does_not_count():
    messages(4)
    page = keyset_page(OutboxMessage.objects.all(), order=("key",), query=QueryDict(), size=2, name="a")
    query = QueryDict(f"after={page.after}")

    assert keyset_page(OutboxMessage.objects.all(), order=("-key",), query=query, size=2, name="a").is_first
    assert keyset_page(OutboxMessage.objects.all(), order=("key",), query=query, size=2, name="b").is_first
    assert not keyset_page(
        OutboxMessage.objects.all(), order=("key",), query=query, size=2, name="a"
    ).is_first


def test_the_count_stops_at_its_cap(django_assert_num_queries):
    messages(12)

    assert capped_count(OutboxMessage.objects.all()) == "12"
    with django_assert_num_queries(1) as queries:
        assert capped_count(OutboxMessage.objects.order_by("key"), cap=10) == "10+"
    assert "LIMIT 11" in queries.captured_queries[0]["sql"]


def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(person, django_assert_num_queries):
    messages(1)
    person.get_all_permissions()  # asked once a request, however many lists
    with django_assert_num_queries(3):
        listed(person)
    messages_more = [OutboxMessage(kind="mail", key=f"x{n}") for n in range(60)]
    OutboxMessage.objects.bulk_create(messages_more)
    with django_assert_num_queries(3):
        listed(person, "sort=key&state=waiting&q=x")


def test_filters_sort_and_chips_live_in_the_url(person, monkeypatch):
    messages(9)
    OutboxMessage.objects.create(kind="pdf", key="p1", state=OutboxState.PARKED)

    found = contents(person, monkeypatch, "q=p1+pdf&state=parked&sort=-key&export=&x=1")

    assert [each.key for each in found["rows"]] == ["p1"]
    assert [(chip["label"], chip["value"]) for chip in found["bar"]["chips"]] == [("State", "Parked")]
    assert found["bar"]["chips"][0]["remove_url"] == "?q=p1+pdf&sort=-key&x=1"
    assert found["table"]["heads"][0]["order"] == "descending"
    assert found["pager"]["total_words"] == "1"
    options = found["bar"]["groups"][0]["options"]
    assert [each["value"] for each in options if each["selected"]] == ["parked"]


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ED%A0%80",
        "state=%00",
        "since=2026-99-99",
        "since=%EF%BC%91",
        "sort=user__password",
        "sort=-key%00",
        "after=%00",
        "before=%FF",
        "q=" + "x" * 9000,
        "export=exe",
        "page=99999999999999999999",
        "state=nosuch",
    ],
)
def test_odd_queries_are_as_if_they_were_not_there(person, monkeypatch, query):
    messages(3)

    found = contents(person, monkeypatch, query)

    assert len(found["rows"]) == 3 or (query == "q=%ED%A0%80" and found["rows"] == [])
    assert found["table"]["heads"][0]["order"] == ""


def test_a_column_without_the_right_is_nowhere(person, monkeypatch):
    messages(1)

    page = contents(person, monkeypatch)
    export = b"".join(listed(person, "export=csv").streaming_content).decode("utf-8-sig")

    assert "Margin" not in [head["label"] for head in page["table"]["heads"]]
    assert "Margin" not in export
    assert "12.5" not in export

    person.is_superuser = True
    assert "Margin" in [head["label"] for head in contents(person, monkeypatch)["table"]["heads"]]


def test_csv_holds_the_filtered_list_and_runs_nothing(person):
    messages(2)
    OutboxMessage.objects.create(
        kind="mail", key="=cmd|' /C calc'!A0", due_at=NOON + timedelta(days=1), sent_at=NOON
    )

    response = listed(person, "export=csv&q=c")
    content = b"".join(response.streaming_content)

    assert response["Content-Disposition"].startswith('attachment; filename="messages-')
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["Key", "State", "Attempts", "Sent"],
        ["'=cmd|' /C calc'!A0", "Waiting", "0", "2026-11-20T12:00:00+08:00"],
    ]


def test_xlsx_holds_kinds_and_no_formula(person):
    OutboxMessage.objects.create(kind="mail", key="=1+1", attempts=2, sent_at=NOON)

    response = listed(person, "export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active

    assert [each.value for each in sheet[1]] == ["Key", "State", "Attempts", "Sent"]
    assert [each.value for each in sheet[2]] == ["'=1+1", "Waiting", 2, NOON.replace(tzinfo=None)]
    assert [each.data_type for each in sheet[2]] == ["s", "s", "n", "d"]


def test_an_export_that_is_cut_says_so(person, monkeypatch):
    messages(5)
    monkeypatch.setattr(exports, "MOST_ROWS", 3)

    content = b"".join(listed(person, "export=csv").streaming_content).decode("utf-8-sig")

    assert content.count("\r\n") == 5
    assert "Only the first 3 rows" in content


@given(st.text(max_size=40))
def test_no_text_begins_as_a_formula(text):
    assert not exports.defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_page_and_export_agree(person, monkeypatch):
    messages(8)
    for query in ("sort=sent", "sort=-sent", "sort=-attempts", ""):
        page = [each.key for each in contents(person, monkeypatch, query)["rows"]]
        content = b"".join(listed(person, f"{query}&export=csv").streaming_content).decode("utf-8-sig")
        assert [row[0] for row in csv.reader(io.StringIO(content))][1:] == page


def test_money_and_quantity_bring_their_currency_and_unit():
    class Row:
        total, currency, quantity, unit, due_on = (
            Decimal("1234.5"),
            "USD",
            Decimal("2.50"),
            "m",
            date(2026, 11, 21),
        )

    money = Column("total", "Total", "money", currency="currency")
    quantity = Column("quantity", "Quantity", "quantity", unit="unit")

    assert "1,234.50" in cell(money, Row)
    assert "USD" in cell(money, Row)
    assert "2.5" in cell(quantity, Row)
    assert (money.export_heads(), money.export_cells(Row)) == (
        ["Total", "Currency"],
        [Decimal("1234.5"), "USD"],
    )
    assert Column("due_on", "Due", "day").exported(Row) == date(2026, 11, 21)
    assert "num" in money.css


def test_typed_markup_is_shown_as_text(person):
    OutboxMessage.objects.create(kind="mail", key="<script>1</script>")

    page = listed(person).content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_query_parameters_ignore_what_makes_no_sense():
    query = fields.QueryParameters(
        QueryDict("q=%20caf%C3%A9%20&bad=%00&day=2026-11-21&odd=2026-13-01&n=7&big=99999999999&s=b&s=c&s=b")
    )

    assert query.text("q") == "café"
    assert query.text("bad") == query.text("none") == ""
    assert query.day("day") == date(2026, 11, 21)
    assert query.day("odd") is query.day("none") is None
    assert (query.whole("n"), query.whole("big"), query.whole("q")) == (7, None, None)
    assert query.choice("s", ["b", "c"]) == "b"
    assert query.choice("s", ["x"], "x") == "x"
    assert query.choices("s", ["b", "z"]) == ["b"]


def test_values_in_a_cursor_keep_their_kind():
    for value in (None, 7, "文", Decimal("1.50"), date(2026, 1, 2), NOON):
        assert keyset._unpacked(keyset._packed(value)) == value


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", "m0001"), ("q=nothing-like-it", "Nothing matches"), ("sort=key", 'aria-sort="ascending"')],
)
def test_the_whole_page_stands(person, query, shown):
    messages(3)

    page = listed(person, query, template="listing.html", context={"title": "Messages"}).content.decode()

    assert "<h1>Messages</h1>" in page
    assert shown in page
    assert "export=csv" in page


def test_a_row_links_to_its_object_and_shows_when_it_is_held(person):
    messages(2)

    page = listed(
        person, row_url=lambda row: f"/things/?a=1&b={row.key}", row_blocked=lambda row: row.key == "m0001"
    ).content.decode()

    assert '<a href="/things/?a=1&amp;b=m0000">m0000</a>' in page
    assert page.count("data-blocked") == 1
    assert 'data-label="Attempts"' in page


def test_a_list_that_cannot_search_shows_no_box_for_it(person):
    bar = {"template": "includes/filter_bar.html"}
    assert 'id="filter-q"' in listed(person, "", **bar).content.decode()
    assert 'id="filter-q"' not in listed(person, "", filterset=None, **bar).content.decode()
