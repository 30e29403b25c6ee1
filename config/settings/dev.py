"""One person's machine: SQLite, a broker of files, mail on the console."""

from config.log import logging_config
from config.settings.base import *  # noqa: F403  (the settings are one flat namespace)
from config.settings.base import BROKER_DIR, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="for-this-machine-only-never-served-to-anyone-else")
DEMO_MODE = env.bool("DEMO", default=True)
INTERNAL_IPS = ["127.0.0.1"]
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
# Quiet, so that the address and the accounts stay in sight.
LOGGING = logging_config(as_json=False, level=env.str("LOG_LEVEL", default="WARNING"))
LOGGING["loggers"]["kombu"] = {"level": "ERROR"}  # a broker of files has no host to name

for folder in (VAR_DIR, VAR_DIR / "media", VAR_DIR / "mail", BROKER_DIR / "messages", BROKER_DIR / "control"):
    folder.mkdir(parents=True, exist_ok=True)
