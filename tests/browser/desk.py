"""People before Chromium: each with a window of their own, signed in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

PICTURES = "ORDERWAY_SCREENSHOTS"  # a folder that the pictures named for the README go to
READ = 1_100  # milliseconds after which a page may have been read: from then on a key decides


class Office:
    """Windows of the people, opened when first asked for; `complaints` is what their consoles say."""

    def __init__(self, browser: Browser, url: str, folder: Path, **context: Any):
        self.browser, self.url, self.folder, self.context = browser, url, folder, context
        self.windows: dict[str, Page] = {}
        self.complaints: list[str] = []
        self.pictures = 0

    def __call__(self, name: str, path: str = "") -> Page:
        """The person's window, at this path if one is given."""
        if name not in self.windows:
            self.windows[name] = self._window(name)
        page = self.windows[name]
        if path:
            page.goto(self.url + path)
        return page

    def picture(self, page: Page, name: str, *, keep: bool = False) -> None:
        """A screenshot in the test's folder; one to keep goes where the environment asks for it too."""
        self.pictures += 1
        shot = page.screenshot(path=self.folder / f"{self.pictures:02}-{name}.png")
        if keep and os.environ.get(PICTURES):
            (Path(os.environ[PICTURES]) / f"{name}.png").write_bytes(shot)

    def close(self) -> None:
        """Every window shut."""
        for page in self.windows.values():
            page.context.close()
        self.windows.clear()

    def _window(self, name: str) -> Page:
        context: BrowserContext = self.browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **{"viewport": {"width": 1360, "height": 900}, **self.context},
        )
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session(name), "url": self.url}])
        page = context.new_page()
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page


def session(name: str) -> str:
    """The key of a session in which this person is signed in."""
    client = Client()
    person = get_user_model().objects.get(username=name)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value
