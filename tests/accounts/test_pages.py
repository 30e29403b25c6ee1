import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.duties import REGISTRY, WAITING, Duty
from accounts.inbox import notify
from accounts.models import Delegation, Notice, User
from approvals.models import Case
from core.models import Event
from tests.approvals.cases import opened

pytestmark = pytest.mark.django_db


def key():
    return {"form_key": str(uuid.uuid4())}


@pytest.mark.rule("R9.6")
def test_every_role_has_a_home(world):
    for name in world.people:
        answer = world.client(name).get("/")
        assert answer.status_code == 200, name


def test_a_count_is_a_duty_and_opens_its_list(world):
    opened(world)
    page = world.client("finance").get("/")
    duty = next(each for each in page.context["duties"] if each.duty.name == "approvals.decide")
    assert (duty.count, duty.duty.url) == (1, "/approvals/")
    assert duty.since is not None
    item = next(
        item for group in page.context["nav"] for item in group["items"] if item["url"] == "/approvals/"
    )
    assert item["count"] == 1


def test_what_one_waits_for_is_not_a_duty(world, monkeypatch):
    monkeypatch.setitem(
        REGISTRY,
        "test.waited",
        Duty(
            "test.waited", "Cases", "orders.view_salesorder", lambda user: Case.objects.all(), "/x/", WAITING
        ),
    )
    opened(world)
    page = world.client("rep").get("/")
    assert [each.count for each in page.context["waiting"] if each.duty.name == "test.waited"] == [1]
    assert "test.waited" not in [each.duty.name for each in page.context["duties"]]


@pytest.mark.rule("R10.2")
def test_the_sidebar_shows_what_one_may_open(world):
    def urls(name):
        nav = world.client(name).get("/").context["nav"]
        return {item["url"] for group in nav for item in group["items"]}

    assert "/approvals/" not in urls("rep")
    assert "/settings/parameters/" in urls("admin")
    assert "/settings/parameters/" not in urls("finance")
    assert "/orders/" not in urls("admin")


def test_the_shell_counts_all_duties_in_one_query(world):
    client = world.client("support")
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get("/")
    for number in range(3):
        opened(world, reference=f"HB-20261101-10{number}")
    with CaptureQueriesContext(connection) as second:
        client.get("/")
    assert len(second) == len(first)
    assert len(second) <= 16


def test_who_is_not_signed_in_is_sent_to_the_door():
    for url in ("/", "/inbox/", "/search/", "/delegations/", "/approvals/", "/me/"):
        answer = Client().get(url)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/"), url


@pytest.mark.rule("R10.3")
def test_the_inbox_shows_ones_own_notices_only(world):
    notify(world.rep, "reminder", key="a", link="/orders/", who=world.support, about="canary-one")
    notify(world.rep2, "reminder", key="b", link="/orders/", who=world.support, about="canary-two")
    client = world.client("rep")
    page = client.get("/inbox/").content.decode()
    assert "canary-one" in page
    assert "canary-two" not in page
    other = Notice.objects.get(person=world.rep2)
    assert client.post(f"/inbox/{other.pk}/").status_code == 404
    assert Notice.objects.get(pk=other.pk).read_at is None


@pytest.mark.rule("R10.3")
def test_opening_a_notice_marks_it_read_and_goes_there(world):
    notify(world.rep, "reminder", key="a", link="/orders/?x=1", who=world.support, about="it")
    client = world.client("rep")
    assert client.get("/").context["inbox_unread"] == 1
    answer = client.post(f"/inbox/{Notice.objects.get().pk}/")
    assert answer.url == "/orders/?x=1"
    assert client.get("/").context["inbox_unread"] == 0
    notify(world.rep, "reminder", key="b", who=world.support, about="it")
    client.post("/inbox/read/")
    assert not Notice.objects.filter(read_at=None).exists()


def test_language_is_kept_with_the_person_and_at_the_door(world):
    client = world.client("rep")
    answer = client.post("/me/language/", {"language": "en", "next": "/inbox/"})
    assert answer.url == "/inbox/"
    assert User.objects.get(pk=world.rep.pk).language == "en"
    assert 'lang="en"' in client.get("/").content.decode()
    door = Client()
    door.post("/me/language/", {"language": "en"})
    assert 'lang="en"' in door.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_choice_never_leads_out_of_the_house(world, target):
    answer = world.client("rep").post("/me/theme/", {"theme": "dark", "next": target})
    assert answer.url == "/"
    assert User.objects.get(pk=world.rep.pk).theme == "dark"


def test_an_unknown_look_changes_nothing(world):
    world.client("rep").post("/me/theme/", {"theme": "neon", "density": "huge"})
    person = User.objects.get(pk=world.rep.pk)
    assert (person.theme, person.density) == ("system", "comfortable")


def test_preferences_are_kept(world):
    client = world.client("rep")
    fields = {"language": "en", "theme": "dark", "density": "compact"}
    assert client.post("/me/", {**fields, **key()}).status_code == 302
    person = User.objects.get(pk=world.rep.pk)
    assert (person.language, person.theme, person.density, person.mails_notices) == (
        "en",
        "dark",
        "compact",
        False,
    )
    assert client.post("/me/", {**fields, "theme": "neon", **key()}).status_code == 422


def form(world, substitute="manager2", begins=-1, ends=24):
    now = timezone.localtime()
    return {
        "substitute": world.people[substitute].pk,
        "starts_at": f"{now + timedelta(hours=begins):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(hours=ends):%Y-%m-%dT%H:%M}",
        "reason": "on leave",
        **key(),
    }


@pytest.mark.rule("R2.12")
def test_a_substitute_is_named_and_ended_on_the_page(world):
    client = world.client("manager")
    assert client.post("/delegations/", form(world)).status_code == 302
    given = Delegation.objects.get()
    assert (given.giver, given.substitute) == (world.manager, world.manager2)
    assert "on leave" in client.get("/delegations/").content.decode()
    assert world.client("head").post(f"/delegations/{given.pk}/revoke/", key()).status_code == 404
    assert Delegation.objects.get().revoked_at is None
    assert client.post(f"/delegations/{given.pk}/revoke/", key()).status_code == 302
    assert Delegation.objects.get().revoked_at is not None


@pytest.mark.rule("R2.12")
def test_a_substitution_that_may_not_be_is_refused_with_its_reason_and_what_was_typed(world):
    answer = world.client("manager").post("/delegations/", form(world, begins=-9, ends=-2))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "R2.12" in page
    assert "on leave" in page
    assert not Delegation.objects.exists()


@pytest.mark.rule("R2.12", "R10.2")
def test_who_decides_nothing_names_nobody(world):
    assert world.client("rep").get("/delegations/").status_code == 403
    assert world.client("rep").post("/delegations/", form(world)).status_code == 403
    assert not Delegation.objects.exists()


@pytest.mark.rule("R9.6")
def test_a_reminder_goes_to_whom_the_panel_names_once_a_day(world):
    case = opened(world)
    step = case.steps.get(kind="finance")
    page = world.client("support").get(f"/approvals/?step={step.pk}")
    reasons = page.context["chosen"]["approve"]["reasons"]
    next_step = next(each["next_step"] for each in reasons if each["next_step"])
    client = world.client("support")
    for _again in range(2):
        answer = client.post(next_step["url"], {**next_step["fields"], **key()})
        assert answer.url == case.link
    assert Notice.objects.filter(person=world.finance, kind="reminder").count() == 1
    assert Event.objects.filter(verb="person.reminded").count() == 1


@pytest.mark.rule("R9.6")
def test_a_reminder_that_the_house_did_not_sign_reaches_nobody(world):
    world.client("support").post("/remind/", {"reminder": "made:up:here", **key()})
    assert not Notice.objects.exists()
