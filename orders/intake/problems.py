"""What is wrong in a file of orders: by row and column, in words of every language of the house (R1.13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import override

from core.showing import filled

LONGEST_TYPED, LONGEST_SHOWN = 4000, 60


@dataclass
class Problem:
    """One bad cell: row and column, what stood there, why it cannot be taken, what may have been meant."""

    row: int
    column: str
    say: Callable[[], str]
    typed: str = ""
    offers: list[str] = field(default_factory=list)

    def kept(self, cells: Mapping[int, list[str]]) -> dict[str, Any]:
        """As it is kept, with the cells of its row, readable in every language by whoever opens the page."""
        return {
            "row": self.row,
            "column": self.column,
            "typed": _storable(self.typed)[:LONGEST_TYPED],
            "offers": self.offers,
            "words": spoken(self.say),
            "cells": [_storable(each)[:LONGEST_SHOWN] for each in cells.get(self.row, [])],
        }


def problem(row: int, column: str, text: Any, typed: str = "", **facts: Any) -> Problem:
    """A bad cell, with its sentence and the figures in it."""
    return Problem(row, column, lambda: filled(text, facts), typed)


def unreadable(row: int, column: str, error: ValidationError, typed: str) -> Problem:
    """A cell that its column's reader refused."""
    return Problem(row, column, lambda: " ".join(error.messages), typed)


def spoken(say: Callable[[], str]) -> dict[str, str]:
    """A sentence in each language."""
    words = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            words[code] = say()
    return words


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")
