"""A form submitted twice has its effect once; an undeclared view does not start (I11, R10.2)."""

import uuid

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import override_settings
from django.urls import include, path

from core.access import SIGNED_IN, access, public, undeclared
from core.models import FormSubmission, Thread
from tests.core.people import person

pytestmark = pytest.mark.django_db


@access(SIGNED_IN, methods=("POST",))
def write(request):
    Thread.objects.create(name=f"written {Thread.objects.count()}")
    if request.POST.get("refuse"):
        return HttpResponse("no", status=409)
    return HttpResponseRedirect(f"/written/{Thread.objects.count()}/")


@access("core.read_audit")
def guarded(request):
    return HttpResponse("secret")


@public("for the test")
def open_to_all(request):
    return HttpResponse("hello")


def bare(request):
    return HttpResponse("nobody said who may see this")


urlpatterns = [
    path("write/", write),
    path("guarded/", guarded),
    path("open/", open_to_all),
    path("", include("config.urls")),
]


@pytest.fixture
def signed_in(client):
    client.force_login(person("clerk"))
    with override_settings(ROOT_URLCONF=__name__):
        yield client


def test_a_form_sent_twice_is_done_once_and_shows_the_first_result(signed_in):
    sent = {"form_key": str(uuid.uuid4()), "what": "x"}

    first = signed_in.post("/write/", sent)
    again = signed_in.post("/write/", sent)

    assert (first.status_code, first["Location"]) == (302, "/written/1/")
    assert (again.status_code, again["Location"]) == (302, "/written/1/")
    assert Thread.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(signed_in):
    key = str(uuid.uuid4())
    signed_in.post("/write/", {"form_key": key, "what": "x"})

    other = signed_in.post("/write/", {"form_key": key, "what": "y"})

    assert other.status_code == 409
    assert Thread.objects.count() == 1


def test_a_form_without_a_key_is_refused(signed_in):
    assert signed_in.post("/write/", {"what": "x"}).status_code == 400
    assert not Thread.objects.exists()


def test_a_refusal_leaves_nothing_behind_and_the_key_free(signed_in):
    key = str(uuid.uuid4())

    refused = signed_in.post("/write/", {"form_key": key, "refuse": "1"})
    mended = signed_in.post("/write/", {"form_key": key})

    assert refused.status_code == 409
    assert mended.status_code == 302
    assert Thread.objects.count() == 1
    assert FormSubmission.objects.count() == 1


def test_another_person_cannot_replay_a_form(signed_in, client):
    sent = {"form_key": str(uuid.uuid4()), "what": "x"}
    signed_in.post("/write/", sent)
    client.force_login(person("other"))

    assert client.post("/write/", sent).status_code == 409


@pytest.mark.rule("R10.2")
def test_a_page_opens_to_those_with_the_right_only(signed_in, client):
    assert signed_in.get("/guarded/").status_code == 403
    assert signed_in.get("/open/").status_code == 200
    assert signed_in.get("/write/").status_code == 405
    signed_in.logout()
    assert signed_in.get("/guarded/").status_code == 302


@pytest.mark.rule("R10.2")
def test_a_view_that_declares_no_access_is_found():
    class Resolver:
        url_patterns = [path("bare/", bare), path("open/", open_to_all)]

    assert list(undeclared(Resolver())) == [f"bare/ ({__name__}.bare)"]
