"""The ground floor's pages, as an administrator and as somebody else meet them."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core import audit_triggers
from core.audit import record
from core.calendar import is_working_day
from core.company import PHONE
from core.models import CalendarDay, Event, OutboxMessage, OutboxState, ParameterValue
from core.outbox_actions import requeue_message
from core.parameters import reset_cache
from core.rules import Blocked
from tests.core.people import administrator, person

pytestmark = pytest.mark.django_db
PAGES = [
    "/settings/parameters/",
    "/settings/parameters/company.phone/",
    "/settings/rates/",
    "/settings/calendar/",
    "/settings/calendar/2026/",
    "/settings/calendar/2026/11/23/",
    "/settings/audit/",
    "/settings/outbox/",
]


@pytest.fixture
def admin():
    return administrator()


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def keyed(**fields):
    return {"form_key": str(uuid.uuid4()), **fields}


@pytest.mark.parametrize("url", PAGES)
def test_an_administrator_opens_the_page(office, url):
    assert office.get(url).status_code == 200


@pytest.mark.rule("R10.2")
@pytest.mark.parametrize("url", PAGES)
def test_nobody_else_does(client, url):
    assert client.get(url).status_code == 302
    client.force_login(person())
    assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        "/settings/parameters/nothing/",
        "/settings/calendar/1999/",
        "/settings/calendar/2026/2/30/",
        "/settings/calendar/99999999999999999999/",
    ],
)
def test_what_is_not_there_is_not_found(office, url):
    assert office.get(url).status_code == 404


@pytest.mark.rule("R10.1")
def test_a_parameter_is_set_with_reason_and_stands_in_its_history(office, admin):
    url = "/settings/parameters/company.phone/"
    answer = office.post(url, keyed(value="021-1234", reason="We moved", effective_from="", version="0"))

    assert (answer.status_code, answer["Location"]) == (302, url)
    reset_cache()
    assert PHONE.value() == "021-1234"
    page = office.get(url).content.decode()
    assert "We moved" in page
    assert "021-1234" in page
    assert Event.objects.get(verb="parameter.changed").source == f"POST {url}"


def test_a_wrong_value_is_kept_as_typed_and_nothing_is_written(office):
    url = "/settings/parameters/working_hours/"
    answer = office.post(url, keyed(value="9 to 5", reason="", version="0"))

    assert answer.status_code == 422
    assert "9 to 5" in answer.content.decode()
    assert not ParameterValue.objects.exists()


def test_a_value_that_begins_in_the_past_is_refused_at_its_field(office):
    past = timezone.localtime() - timedelta(days=1)
    answer = office.post(
        "/settings/parameters/company.phone/",
        keyed(value="1", reason="Late", effective_from=past.strftime("%Y-%m-%dT%H:%M"), version="0"),
    )
    assert answer.status_code == 409
    assert answer.context["form"].errors["effective_from"]
    assert not ParameterValue.objects.exists()


def test_a_stale_parameter_page_changes_nothing(office):
    url = "/settings/parameters/company.phone/"
    office.post(url, keyed(value="1", reason="First", version="0"))
    answer = office.post(url, keyed(value="2", reason="Second", version="0"))

    assert answer.status_code == 409
    assert "Second" in answer.content.decode()
    assert ParameterValue.objects.get().value == "1"


def test_setting_a_parameter_twice_by_a_double_click_sets_it_once(office):
    form = keyed(value="1", reason="Once", version="0")
    for _click in range(2):
        assert office.post("/settings/parameters/company.phone/", form).status_code == 302
    assert ParameterValue.objects.count() == 1


@pytest.mark.rule("R10.2")
def test_who_may_only_read_cannot_set(client):
    reader = administrator("reader")
    reader.user_permissions.set(
        [each for each in reader.user_permissions.all() if each.codename == "read_parameter"]
    )
    client.force_login(reader)
    answer = client.post("/settings/parameters/company.phone/", keyed(value="1", reason="Mine", version="0"))

    assert answer.status_code == 409
    assert "R10.2" in answer.content.decode()
    assert not ParameterValue.objects.exists()


def test_the_parameter_list_costs_the_same_however_many_values(office, django_assert_max_num_queries):
    for count in range(3):
        office.post(
            "/settings/parameters/company.phone/",
            keyed(
                value=str(count),
                reason="More",
                version=str(ParameterValue.objects.count() and ParameterValue.objects.latest("id").pk),
            ),
        )
    with django_assert_max_num_queries(8):
        office.get("/settings/parameters/")


@pytest.mark.rule("R10.1")
def test_a_day_is_taken_off_on_the_page(office):
    url = "/settings/calendar/2026/11/23/"
    answer = office.post(url, keyed(is_working="no", was="yes", name="Move", reason="New office"))

    assert answer["Location"] == "/settings/calendar/2026/"
    reset_cache()
    assert not is_working_day(date(2026, 11, 23))
    stale = office.post(url, keyed(is_working="no", was="yes", name="", reason="Again"))
    assert stale.status_code == 409
    assert CalendarDay.objects.get().name == "Move"


def test_official_days_are_taken_in_by_the_page_and_by_the_command(office):
    answer = office.post("/settings/calendar/2026/seed/", keyed())
    assert answer.status_code == 302
    days = CalendarDay.objects.filter(date__year=2026).count()
    assert days > 20
    with pytest.raises(CommandError):
        call_command("seed_calendar", "--years", "1066")
    assert CalendarDay.objects.count() == days


def tell(admin, count, thread="order:1"):
    with transaction.atomic():
        for number in range(count):
            record("calendar.day_changed", thread=thread, actor=admin, subject=f"day {number}")


@pytest.mark.rule("R10.1")
def test_the_audit_page_tells_newest_first_by_keyset(office, admin):
    tell(admin, 120)
    first = office.get("/settings/audit/")
    assert [row["event"].subject for row in first.context["events"]][:2] == ["day 119", "day 118"]
    second = office.get(first.context["pager"]["next_url"])
    assert second.context["events"][0]["event"].subject == "day 69"
    back = office.get(second.context["pager"]["previous_url"])
    assert [row["event"].pk for row in back.context["events"]] == [
        row["event"].pk for row in first.context["events"]
    ]
    third = office.get(second.context["pager"]["next_url"])
    assert "next_url" not in third.context["pager"]


@pytest.mark.rule("R10.1")
def test_the_audit_page_shows_a_thread_whether_it_holds(office, admin):
    tell(admin, 3)
    tell(admin, 2, thread="order:2")
    page = office.get("/settings/audit/?q=order:1")
    assert len(page.context["events"]) == 3
    assert page.context["broken"] == []

    with audit_triggers.without_triggers(connection):
        Event.objects.filter(thread="order:1", seq=2).update(reason="another")
    page = office.get("/settings/audit/?q=order:1")
    assert page.context["broken"][0].startswith("2: ")
    with pytest.raises(CommandError):
        call_command("verify_audit")
    call_command("verify_audit", "--thread", "order:2")


def test_the_audit_page_filters_by_verb_and_person(office, admin):
    tell(admin, 2)
    tell(person("other"), 1)
    assert len(office.get("/settings/audit/?actor=other").context["events"]) == 1
    assert len(office.get("/settings/audit/?verb=parameter.changed").context["events"]) == 0
    assert len(office.get("/settings/audit/?verb=calendar.day_changed&q=order:1").context["events"]) == 3


@pytest.mark.parametrize(
    "query",
    ["q=%00", "before=9999999999999999999999", "before=x", "after=-1", "verb=nothing", "actor=%ED%A0%80"],
)
def test_an_odd_question_is_refused_and_does_no_harm(office, query):
    assert office.get(f"/settings/audit/?{query}").status_code in (200, 400)


def test_the_audit_page_costs_the_same_however_many_events(office, admin, django_assert_num_queries):
    def queries():
        with connection.execute_wrapper(lambda run, sql, *rest: (asked.append(sql), run(sql, *rest))[1]):
            office.get("/settings/audit/")

    asked = []
    tell(admin, 1)
    queries()
    once = len(asked)
    tell(admin, 30)
    asked.clear()
    queries()
    assert len(asked) == once


@pytest.fixture
def parked():
    return OutboxMessage.objects.create(
        kind="mail", key="mail:1", state=OutboxState.PARKED, attempts=8, last_error="SMTPError: no"
    )


@pytest.mark.rule("R10.3")
def test_a_parked_message_is_shown_with_its_error_and_sent_again(office, parked):
    assert "SMTPError: no" in office.get("/settings/outbox/").content.decode()
    answer = office.post(f"/settings/outbox/{parked.pk}/requeue/", keyed())

    assert answer.status_code == 302
    message = OutboxMessage.objects.get(pk=parked.pk)
    assert (message.state, message.attempts) == (OutboxState.WAITING, 0)
    assert Event.objects.get(verb="outbox.requeued").subject == "mail:1"

    again = office.post(f"/settings/outbox/{parked.pk}/requeue/", keyed())
    assert again.status_code == 409
    assert Event.objects.filter(verb="outbox.requeued").count() == 1


@pytest.mark.rule("R10.2")
def test_only_who_keeps_the_outbox_sends_again(parked):
    with pytest.raises(Blocked) as refusal:
        requeue_message(message=parked, actor=person())
    assert [reason.rule for reason in refusal.value.reasons] == ["R10.2"]
    assert OutboxMessage.objects.get(pk=parked.pk).state == OutboxState.PARKED


def test_the_house_says_whether_it_stands(client):
    assert client.get("/healthz").json() == {"status": "up"}

    def down(run, *rest):
        raise OperationalError

    with connection.execute_wrapper(down):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})
