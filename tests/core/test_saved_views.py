"""Saved views: private, the team's, everybody's; one's own only can be taken away."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Team, User
from core.models import SavedView, Shared
from core.saved_views import delete_view, save_view
from tests.core.test_lists import contents

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("wang", password="x")


def test_saved_views_are_seen_by_whom_they_are_shared_with(person):
    east, west = Team.objects.create(code="E", name="East"), Team.objects.create(code="W", name="West")
    person.team = east
    colleague = User.objects.create_user("li", team=east)
    stranger = User.objects.create_user("zhao", team=west)
    nobody = User.objects.create_user("qian")
    for shared in Shared.values:
        save_view(
            actor=person, list_name="orders", label=shared, query="state=late&after=x&q=%00", shared=shared
        )

    def seen(user):
        return set(SavedView.objects.visible_to(user).values_list("label", flat=True))

    assert seen(person) == {"private", "team", "all"}
    assert seen(colleague) == {"team", "all"}
    assert seen(stranger) == seen(nobody) == {"all"}
    assert set(SavedView.objects.values_list("query", flat=True)) == {"state=late"}


def test_saving_again_replaces_and_only_ones_own_goes(person):
    other = User.objects.create_user("li")
    view = save_view(actor=person, list_name="orders", label="late", query="a=1")
    assert save_view(actor=person, list_name="orders", label="late", query="a=2").pk == view.pk

    assert not delete_view(actor=other, pk=view.pk)
    assert SavedView.objects.filter(pk=view.pk, query="a=2").exists()
    assert delete_view(actor=person, pk=view.pk)
    with pytest.raises(ValidationError):
        save_view(actor=person, list_name="orders", label="late", query="", shared=Shared.TEAM)
    assert not SavedView.objects.exists()


def test_the_active_view_is_marked_and_can_be_taken_away(person, monkeypatch):
    view = save_view(actor=person, list_name="messages", label="parked", query="state=parked")

    views = contents(person, monkeypatch, "state=parked")["bar"]["views"]

    assert [(each["label"], each["active"]) for each in views] == [("All", False), ("parked", True)]
    assert f"/{view.pk}/" in views[1]["delete_url"]


def post(client, url: str, **sent):
    return client.post(url, {"form_key": str(uuid.uuid4())} | sent)


def test_the_save_and_delete_buttons(client, person):
    client.force_login(person)

    saved = post(
        client, "/views/orders/save/?next=/orders/", name="Late", scope="private", query="state=late&page=3"
    )

    view = SavedView.objects.get()
    assert (view.label, view.query, view.list_name) == ("Late", "state=late", "orders")
    assert (saved.status_code, saved.url) == (302, "/orders/?state=late")

    gone = post(client, f"/views/{view.pk}/delete/?next=//evil.example/")
    assert (gone.status_code, gone.url) == (302, "/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "", "scope": "private"},
        {"name": "a\x00", "scope": "private"},
        {"name": "a", "scope": "world"},
        {"name": "a", "scope": "team"},
        {"name": "x" * 61, "scope": "all"},
    ],
)
def test_a_view_that_cannot_be_kept_answers_400(client, person, sent):
    client.force_login(person)

    assert post(client, "/views/orders/save/", **sent).status_code == 400
    assert not SavedView.objects.exists()


def test_somebody_elses_view_does_not_exist(client, person):
    view = save_view(
        actor=User.objects.create_user("li"), list_name="orders", label="x", query="", shared="all"
    )
    client.force_login(person)

    assert post(client, f"/views/{view.pk}/delete/").status_code == 404
    assert client.get(f"/views/{view.pk}/delete/").status_code == 405
    assert SavedView.objects.exists()
