"""Celery: the doorbell of the house. What is due is a row in the database; a lost message loses nothing."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("orderway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def use_the_log_of_the_house(**_: Any) -> None:
    """Let worker and beat write the same log lines as the web process."""
    from logging.config import dictConfig  # noqa: PLC0415  (only a worker needs it)

    dictConfig(settings.LOGGING)
    structlog.get_logger(__name__).debug("log_ready")
