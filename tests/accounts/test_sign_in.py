import pytest
from django.test import Client

from core.models import Event
from tests.world import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R10.4")]
LOGIN = "/accounts/login/"


def test_coming_and_going_is_recorded_in_the_persons_thread(world):
    client = Client()
    assert client.post(LOGIN, {"login": "rep", "password": PASSWORD}).status_code == 302
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")

    events = Event.objects.filter(thread="user:rep").order_by("seq")
    assert [(each.verb, each.actor) for each in events] == [
        ("sign_in.succeeded", world.rep),
        ("sign_in.ended", world.rep),
    ]
    assert events[0].facts["address"] == "127.0.0.1"


def test_a_wrong_password_is_recorded_without_the_password(world):
    answer = Client().post(LOGIN, {"login": "rep", "password": "my-other-secret"})
    assert answer.status_code == 200
    event = Event.objects.get(verb="sign_in.failed")
    assert (event.thread, event.subject) == ("user:rep", "rep")
    assert "my-other-secret" not in str(event.facts) + event.reason


def test_a_name_that_nobody_bears_makes_no_thread_of_its_own(world):
    Client().post(LOGIN, {"login": "nobody-here", "password": "x"})
    event = Event.objects.get(verb="sign_in.failed")
    assert (event.thread, event.subject, event.actor) == ("user", "nobody-here", None)


def test_guessing_is_throttled(world):
    client = Client()
    answers = [
        client.post(LOGIN, {"login": "rep", "password": f"guess-{turn}"}).status_code for turn in range(6)
    ]
    assert client.post(LOGIN, {"login": "rep", "password": PASSWORD}).status_code in (200, 429)
    assert answers[0] == 200
    assert not Event.objects.filter(verb="sign_in.succeeded").exists()


def test_a_deactivated_person_is_out_at_the_next_request(world):
    client = world.client("rep")
    assert client.get("/").status_code == 200
    world.rep.is_active = False
    world.rep.save()
    assert client.get("/").status_code == 302


def test_nobody_signs_up(world):
    assert "password1" not in Client().get("/accounts/signup/").content.decode()
