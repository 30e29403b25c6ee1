"""The first page that anyone meets, in a real browser under the real policy."""

import re

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

PASSWORD = "correct-horse-battery"


@pytest.fixture
def clerk():
    return get_user_model().objects.create_user("clerk", password=PASSWORD)


@pytest.fixture
def complaints(page):
    """What the browser's console complains about: a refused script, a missing file, an error."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


@pytest.mark.rule("R10.4")
def test_a_person_signs_in_and_the_policy_refuses_nothing(page, live_server, clerk, complaints):
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill(clerk.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page).not_to_have_url(re.compile("/accounts/login/"))
    assert page.context.cookies(live_server.url)
    assert complaints == []


@pytest.mark.rule("R10.4")
def test_a_wrong_password_stays_outside(page, live_server, clerk):
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill(clerk.username)
    page.locator("input[name=password]").fill("something-else-1")
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies(live_server.url)}
