"""What people write in the cells of a sheet, read as values (R1.13).

It takes 1,234.5, ¥18.60, 5 %, 2026/11/21, 2026年11月21日 14:30 or 特急 where that can mean one thing only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.fields import DateField, Number, Text
from core.money import CURRENCIES, without_sign

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
HUNDRED = Decimal(100)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")
_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
_DAY = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_TIME}", re.ASCII)
_EITHER = re.compile(r"-?\d{1,3},\d{3}", re.ASCII)
_COMMA = re.compile(r"-?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+[%％]?", re.ASCII)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


class Share(Number):
    """A discount as a share of one: 0.05 is 5 %."""

    def __init__(self, **kwargs: Any):
        super().__init__(min_value=0, max_value=1, max_digits=5, decimal_places=4, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        share = super().clean(value)
        return None if share is None else (share * HUNDRED).quantize(Decimal("0.01"))


class Currency:
    """The currency of the order's figures: whatever may be meant by what is written."""

    def clean(self, text: str) -> frozenset[str] | str:
        bare, meant = without_sign(text)
        if text and (bare or not meant):
            raise _not_offered(CURRENCIES)
        return meant if text else ""


class Words:
    """One of the choices, by its value, its name in any language of the house, or what else it is called."""

    def __init__(self, choices: Any, **called: str):
        self.choices, self.called = choices, called

    @cached_property
    def known(self) -> dict[str, str]:
        also = {word: value for value, words in self.called.items() for word in words.split()}
        return also | _by_words(self.choices)

    @property
    def offered(self) -> Iterable[Any]:
        return self.choices.labels

    def clean(self, text: str) -> str:
        found = self.known.get(text.casefold())
        if text and found is None:
            raise _not_offered(self.offered)
        return found or ""


def _not_offered(offered: Iterable[Any]) -> ValidationError:
    """In the language of whoever reads it: the names are joined only then."""
    return ValidationError(
        _("Write one of: %(offered)s."), code="choice", params={"offered": joined(tuple(offered))}
    )


def _joined(words: Iterable[Any]) -> str:
    return ", ".join(str(each) for each in words)


joined = lazy(_joined, str)


def _by_words(choices: Any) -> dict[str, str]:
    known = {value.casefold(): value for value in choices.values}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {str(label).casefold(): value for value, label in choices.choices}
    return known


def figure(text: str) -> str:
    return _THOUSANDS.sub("", text.strip())


def money(text: str) -> str:
    return figure(without_sign(text.strip())[0])


def with_point(text: str) -> str:
    """A figure out of a file whose cells stand between semicolons, where a comma may be the decimal point.

    ValidationError where it may as well part the thousands: 18,600 is read neither way.
    """
    bare = without_sign(text.strip())[0]
    if _EITHER.fullmatch(bare):
        raise ValidationError(
            _("In this file the comma of %(text)s may mean two things. Write %(whole)s or %(part)s."),
            code="comma",
            params={"text": bare, "whole": bare.replace(",", ""), "part": bare.replace(",", ".")},
        )
    return text.replace(bare, bare.replace(".", "").replace(",", ".")) if _COMMA.fullmatch(bare) else text


def percent(text: str) -> str:
    return text.strip().removesuffix("%").removesuffix("％").strip()


def day(text: str) -> str:
    found = _DAY.fullmatch(text.strip()) or _EIGHT.fullmatch(text.strip())
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text.strip()


def text_of(most: int) -> Text:
    return Text(max_length=most, required=False)


def date_of() -> DateField:
    return DateField(required=False, earliest=EARLIEST, latest=LATEST)
