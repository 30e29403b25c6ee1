import pytest
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import override_settings
from django.urls import get_resolver, path

from core.access import PUBLIC, SIGNED_IN, access, public, undeclared

pytestmark = pytest.mark.house


def bare(request):
    return HttpResponse()


urlpatterns = [
    path("bare", bare),
    path("open", public("a test")(bare)),
    path("closed", access(SIGNED_IN)(bare)),
]


@pytest.mark.rule("R10.2")
def test_every_url_declares_its_access():
    assert list(undeclared(get_resolver("config.urls"))) == []


@pytest.mark.rule("R10.2")
def test_an_undeclared_url_stops_the_start():
    with override_settings(ROOT_URLCONF=__name__):
        errors = [each for each in run_checks() if each.id == "core.E001"]
    assert [each.msg.split(" ")[0] for each in errors] == ["bare"]


def test_a_public_view_gives_its_reason():
    assert urlpatterns[1].callback.access.permissions == (PUBLIC,)
    assert urlpatterns[1].callback.access.reason == "a test"
