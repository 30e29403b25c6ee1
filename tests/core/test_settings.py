"""What a served installation refuses, and what every answer carries."""

import json
import logging
import os
import subprocess
import sys
from http import HTTPStatus
from io import StringIO
from secrets import token_urlsafe

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from structlog.stdlib import ProcessorFormatter

from config.checks import demo_stays_at_home, secret_is_a_secret
from config.settings import base
from core.access import public
from tests.house.tree import ROOT

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "frame-src 'self'",
    "object-src 'none'",
}


def fails(request):
    raise RuntimeError("the roof leaks")


def greets(request):
    return HttpResponse("good morning")


urlpatterns = [path("fails", public("a test")(fails)), path("greets", public("a test")(greets))]
with_two_pages = override_settings(ROOT_URLCONF=__name__)


def served(*arguments, **environment):
    """Run manage.py as a served installation would."""
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.prod", **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True
    )


@with_two_pages
@pytest.mark.django_db
def test_every_answer_carries_the_policy():
    response = Client().get("/greets")
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.fixture
def log_lines():
    """What the log says, as the formatter of the settings writes it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        next(
            each.formatter for each in logging.root.handlers if isinstance(each.formatter, ProcessorFormatter)
        )
    )
    logging.root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.root.removeHandler(handler)


@with_two_pages
@pytest.mark.django_db
def test_a_forced_error_leaves_its_traceback_and_the_request_id(log_lines):
    response = Client(raise_request_exception=False).get("/fails")
    told = [line for line in log_lines() if "RuntimeError: the roof leaks" in line.get("exception", "")]
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert told
    assert "Traceback" in told[0]["exception"]
    requests = {line["request_id"] for line in log_lines()}
    assert len(requests) == 1
    assert all(requests)


def test_a_served_installation_needs_its_secret_and_its_hosts():
    without = served("check")
    assert without.returncode != 0
    assert "SECRET_KEY" in without.stderr


def test_a_served_installation_refuses_demo_mode_and_a_short_secret():
    refused = served("check", SECRET_KEY="short", ALLOWED_HOSTS="orders.example", DEMO="1")
    assert refused.returncode != 0
    assert "orderway.E001" in refused.stderr
    assert "orderway.E002" in refused.stderr


def test_a_served_installation_passes_the_deployment_checks():
    outcome = served(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        SECRET_KEY=token_urlsafe(50),
        ALLOWED_HOSTS="orders.example",
    )
    assert outcome.returncode == 0, outcome.stderr


@override_settings(DEMO_MODE=True, DEBUG=True, ALLOWED_HOSTS=["127.0.0.1"])
def test_demo_mode_stays_on_this_machine():
    assert demo_stays_at_home() == []
    with override_settings(ALLOWED_HOSTS=["*"]):
        assert [each.id for each in demo_stays_at_home()] == ["orderway.E001"]


@override_settings(SECRET_KEY="x" * 40, SETTINGS_MODULE="config.settings.prod")
def test_a_long_secret_is_accepted():
    assert secret_is_a_secret() == []


@pytest.mark.rule("R10.4")
@pytest.mark.django_db
def test_nobody_signs_up(client):
    wish = {"username": "stranger", "password1": "a-long-Passw0rd", "password2": "a-long-Passw0rd"}
    client.post("/accounts/signup/", wish)
    assert not get_user_model().objects.filter(username="stranger").exists()


@pytest.mark.rule("R10.4")
def test_passwords_are_hashed_hard():
    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
