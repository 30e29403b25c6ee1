"""Document numbers: unique, rising, without gaps (R1.4, R6.12, I6).

A number is taken inside the transaction that posts the document, under the series' row lock and by a
conditional UPDATE: what is rolled back gives its number back, so a series has no gap. The lock comes last
on the ladder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CheckConstraint, Q, Value
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.models import NumberSeries
from core.parameters import Kind, Parameter, family

SERIES: dict[str, Series] = {}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
SERIAL = re.compile(r"serial(?::0?([1-9][0-9]?))?")
DATES = {
    "yyyymmdd": "%Y%m%d",
    "yymmdd": "%y%m%d",
    "yyyymm": "%Y%m",
    "yymm": "%y%m",
    "yyyy": "%Y",
    "yy": "%y",
    "mm": "%m",
    "dd": "%d",
}
SHOP = re.compile(r"[\w-]{1,8}")
#: Numbers stand in addresses of pages: no sign among these parts one or ends it.
LITERALS = re.compile(r"[\w\-.]*")
LONGEST_PATTERN = 60
#: So long a number is at most, so long an office's name in it, and so far a serial may come to count.
LONGEST, LONGEST_SHOP, MOST_FIGURES = 40, 8, 9


class Series:
    """A series of numbers. Declaring it registers it and its pattern as a parameter.

    `longest` is what the documents' number field holds: no pattern may ever fill in to more.
    """

    def __init__(
        self, name: str, rule: str, default_pattern: str, label: Any = "", *, longest: int = LONGEST
    ):
        if name in SERIES:
            raise ValueError(f"series {name} is declared twice")
        self.name, self.rule, self.label, self.longest = name, rule, label or lazystr(name), longest
        self.pattern = Parameter(
            f"number_pattern.{name}",
            rule,
            Kind.TEXT,
            default_pattern,
            format_lazy(_("Number pattern: {label}"), label=self.label),
            _("Number patterns"),
            validate=partial(check_pattern, longest=longest),
            example=sample,
        )
        self.offices: Callable[[], Iterable[str]] | None = None
        SERIES[name] = self

    def by_office(self, offices: Callable[[], Iterable[str]]) -> None:
        """Let each sales office have a pattern of its own; where none is set, the company's holds.

        Every pattern of the series then ends with its serial behind a letter or sign. So a number says within
        what it was counted, and two offices that count within the same share one count: none comes twice.
        """
        self.offices, self.pattern.validate = offices, partial(check_last_serial, longest=self.longest)
        family(lambda: [self.pattern_of(shop) for shop in offices()])

    def pattern_of(self, shop: str) -> Parameter:
        """The pattern that numbers of this office follow."""
        if self.offices is None or not shop:
            return self.pattern
        return Parameter(
            f"{self.pattern.key}:{shop}",
            self.rule,
            Kind.TEXT,
            self.pattern.value(),
            format_lazy(_("Number pattern: {label}, office {shop}"), label=self.label, shop=shop),
            self.pattern.group,
            validate=partial(check_last_serial, longest=self.longest),
            example=partial(sample, shop=shop),
            register=False,
        )

    def next(self, *, shop: str = "", on: date | None = None) -> str:
        """The next number, as `next_number`."""
        return next_number(self.name, shop=shop, on=on)

    def next_several(self, count: int, *, shop: str = "", on: date | None = None) -> list[str]:
        """The next numbers, as `next_numbers`."""
        return next_numbers(self.name, count, shop=shop, on=on)


def series(name: str) -> Series:
    """The declared series; LookupError if there is none by that name."""
    return SERIES[name]


def next_number(series: str, *, shop: str = "", on: date | None = None) -> str:
    """Take the series' next number for the sales office and day (today in company time, if none is given).

    Raises LookupError for an unknown series, ValueError where the pattern needs a shop and none is given,
    TransactionManagementError outside a transaction: a number belongs to the posting of its document.
    """
    return next_numbers(series, 1, shop=shop, on=on)[0]


def next_numbers(series: str, count: int, *, shop: str = "", on: date | None = None) -> list[str]:
    """Take so many numbers in a row, in as many queries as one takes. Raises what `next_number` raises."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken in its document's transaction")
    pattern = SERIES[series].pattern_of(shop).value()
    scope = _fill(pattern, shop=shop, on=on or timezone.localdate())
    row = _lock(series, scope)
    taken = NumberSeries.objects.filter(pk=row.pk, last=row.last).update(last=row.last + count)
    if not taken:
        raise RuntimeError(f"series {series} moved on under its lock")
    serials = range(row.last + 1, row.last + count + 1)
    return [scope.replace("{serial}", str(each).zfill(_width(pattern))) for each in serials]


def sample(pattern: str, *, shop: str = "SO") -> str:
    """What the first number of today would be under the pattern."""
    return _fill(pattern, shop=shop, on=timezone.localdate()).replace("{serial}", "1".zfill(_width(pattern)))


def fits(field: str, name: str, *, longest: int = LONGEST) -> CheckConstraint:
    """Hold on both databases: a number is no longer than its field, and has nothing that parts an address."""
    whole = Q(LessThanOrEqual(Length(field), longest)) & Q(Exact(StrIndex(field, Value("/")), 0))
    return CheckConstraint(condition=whole, name=name)


def check_pattern(pattern: str, *, longest: int = LONGEST) -> None:
    """Raise ValidationError unless the pattern can only ever make unique numbers that fit their field."""
    if len(pattern) > LONGEST_PATTERN:
        raise ValidationError(_("A number pattern has at most 60 characters."))
    names = PLACEHOLDER.findall(pattern)
    unknown = [name for name in names if name not in DATES and name != "shop" and not SERIAL.fullmatch(name)]
    if unknown:
        raise ValidationError(_("Unknown placeholder: %(name)s."), params={"name": unknown[0]})
    if sum(bool(SERIAL.fullmatch(name)) for name in names) != 1:
        raise ValidationError(_("A number pattern has exactly one {serial}."))
    if not LITERALS.fullmatch(PLACEHOLDER.sub("", pattern)):
        raise ValidationError(_("Between placeholders only letters, figures and - . _ can stand."))
    if re.search(r"(\d|\{shop\})\{serial[^}]*\}|\{serial[^}]*\}(\d|\{)", pattern):
        raise ValidationError(_("Put a letter or a sign between the serial and the shop or a figure."))
    length = len(_longest_of(pattern))
    if length > longest:
        raise ValidationError(
            _("Its numbers could come to %(length)s characters; there is room for %(longest)s."),
            params={"length": length, "longest": longest},
        )


def check_last_serial(pattern: str, *, longest: int = LONGEST) -> None:
    """As `check_pattern`, and the serial stands last, behind a letter or a sign."""
    check_pattern(pattern, longest=longest)
    if not re.search(r"[^\d{}]\{serial[^}]*\}$", pattern):
        raise ValidationError(_("The serial stands last, behind a letter or a sign."))


def _lock(name: str, scope: str) -> NumberSeries:
    """The series' row, locked to the end of the transaction; made if this is its first number."""
    rows = NumberSeries.objects.select_for_update().filter(name=name, scope=scope)
    row = rows.first()
    if row is None:
        NumberSeries.objects.bulk_create([NumberSeries(name=name, scope=scope)], ignore_conflicts=True)
        row = rows.get()
    return row


def _fill(pattern: str, *, shop: str, on: date) -> str:
    """The pattern with all but the serial filled in: what the series counts within."""

    def fill(found: re.Match) -> str:
        name = found[1]
        if name == "shop":
            if not SHOP.fullmatch(shop):
                raise ValueError(f"the number pattern {pattern} needs a shop, not {shop!r}")
            return shop
        return on.strftime(DATES[name]) if name in DATES else "{serial}"

    return PLACEHOLDER.sub(fill, pattern)


def _longest_of(pattern: str) -> str:
    scope = _fill(pattern, shop="M" * LONGEST_SHOP, on=date.max)
    return scope.replace("{serial}", "9" * max(MOST_FIGURES, _width(pattern)))


def _width(pattern: str) -> int:
    found = re.search(r"\{serial:0?([1-9][0-9]?)\}", pattern)
    return int(found[1]) if found else 1
