"""Chromium before the live server: found on the machine, never downloaded."""

import os
import shutil
from pathlib import Path

import pytest

USUAL_PLACE = Path("/usr/bin/chromium")
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium() -> str | None:
    """The browser's path, if there is one."""
    if USUAL_PLACE.exists():
        return str(USUAL_PLACE)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items):
    """Mark what stands here; without Chromium it is skipped and says so."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session", autouse=True)
def playwright_beside_django():
    """Playwright keeps an event loop in this thread, which Django would take for an async view."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Headless, without a sandbox: a container has none to give."""
    return browser_type_launch_args | {
        "executable_path": chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A desk in Shanghai."""
    return browser_context_args | {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1360, "height": 900},
    }
