"""The moment, asked for when it is needed: a column's default that follows the clock of tests and demo."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()
