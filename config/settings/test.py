"""The tests: on SQLite, and again where TEST_DATABASE_URL and TEST_REDIS_URL name PostgreSQL and Redis."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.databases import harden
from config.settings.base import *  # noqa: F403  (the settings are one flat namespace)
from config.settings.base import env

SECRET_KEY = "for-tests-only"
DEMO_MODE = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# One folder for a run and the processes that it starts, gone with it.
if not os.environ.get("ORDERWAY_TEST_DIR"):
    os.environ["ORDERWAY_TEST_DIR"] = tempfile.mkdtemp(prefix="orderway-tests-")
    atexit.register(shutil.rmtree, os.environ["ORDERWAY_TEST_DIR"], ignore_errors=True)
VAR_DIR = Path(os.environ["ORDERWAY_TEST_DIR"])
(VAR_DIR / "static").mkdir(exist_ok=True)
PRIVATE_MEDIA_ROOT = MEDIA_ROOT = VAR_DIR / "media"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# A file, not memory: only a file has the WAL and the second connection that races need.
DATABASES = {
    "default": harden(env.dj_db_url("TEST_DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'orderway.sqlite3'}"))
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}

TEST_REDIS_URL = env.str("TEST_REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": TEST_REDIS_URL}
        if TEST_REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
CELERY_BROKER_URL = "memory://"
OUTBOX_BELL = False  # a test delivers when it says so
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
