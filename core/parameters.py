"""Parameters: rules' figures that an administrator sets, each from a moment on and with a reason.

A parameter is declared in code (`orders/parameters.py`), with its rule number and default; its values
are rows. Decisions read the value that was in force at their own moment, so an old one stays explained.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.memo import Memo, forget_all
from core.models import ParameterValue

LONGEST_TEXT = 2000


class Kind(StrEnum):
    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"  # 20 means 20 %
    WORKING_HOURS = "working_hours"  # hours counted in working time
    HOURS = "hours"  # hours by the wall clock
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    MONEY = "money"  # company currency
    TEXT = "text"
    BOOLEAN = "boolean"
    CHOICE = "choice"


WHOLE = {Kind.INTEGER, Kind.WORKING_DAYS, Kind.DAYS, Kind.MONTHS}
FRACTIONAL = {Kind.DECIMAL, Kind.PERCENT, Kind.WORKING_HOURS, Kind.HOURS, Kind.MONEY}
DURATIONS = {Kind.WORKING_HOURS, Kind.HOURS, Kind.WORKING_DAYS, Kind.DAYS, Kind.MONTHS}
UNITS: dict[Kind, Any] = {
    Kind.PERCENT: "%",
    Kind.WORKING_HOURS: _("working hours"),
    Kind.HOURS: _("hours"),
    Kind.WORKING_DAYS: _("working days"),
    Kind.DAYS: _("days"),
    Kind.MONTHS: _("months"),
}
_COUNTED: dict[Kind, Any] = {
    Kind.WORKING_HOURS: ngettext_lazy("%(n)s working hour", "%(n)s working hours", "count"),
    Kind.HOURS: ngettext_lazy("%(n)s hour", "%(n)s hours", "count"),
    Kind.WORKING_DAYS: ngettext_lazy("%(n)s working day", "%(n)s working days", "count"),
    Kind.DAYS: ngettext_lazy("%(n)s day", "%(n)s days", "count"),
    Kind.MONTHS: ngettext_lazy("%(n)s month", "%(n)s months", "count"),
}
REGISTRY: dict[str, Parameter] = {}
FAMILIES: list[Callable[[], Iterable[Parameter]]] = []


@dataclass(frozen=True)
class Standing:
    """One parameter at a moment: its value, since when (None: the default), and what comes next."""

    parameter: Parameter
    value: Any
    since: datetime | None
    next_value: Any = None
    next_from: datetime | None = None


class Parameter:
    """A figure of a rule. Declaring it registers it; `value()` is what holds now.

    Whole kinds give int, fractional kinds Decimal (a percentage as its figure: 75), boolean bool, text
    and choice str.
    """

    def __init__(
        self,
        key: str,
        rule: str,
        kind: Kind | str,
        default: Any,
        label: Any,
        group: Any,
        unit: Any = "",
        choices: Iterable[tuple[str, Any]] | None = None,
        minimum: Any = None,
        maximum: Any = None,
        validate: Callable[[str], None] | None = None,
        example: Callable[[str], str] | None = None,
        register: bool = True,
    ):
        self.key, self.rule, self.kind, self.label, self.group = key, rule, Kind(kind), label, group
        self.unit = unit or UNITS.get(self.kind, "")
        self.choices = list(choices or [])
        self.minimum = 0 if minimum is None and self.kind in DURATIONS | {Kind.PERCENT} else minimum
        self.maximum = maximum
        self.validate, self.example = validate, example
        self.default = self.clean(default)
        if not register:
            return
        if key in REGISTRY:
            raise ValueError(f"parameter {key} is declared twice")
        REGISTRY[key] = self

    def value(self, at: datetime | None = None) -> Any:
        """The value in force at the moment (now, if none is given)."""
        return self.standing(at).value

    def standing(self, at: datetime | None = None) -> Standing:
        """The value at the moment with its span."""
        rows = _values.get().get(self.key, [])
        place = bisect_right(rows, at or timezone.now(), key=lambda row: row[0])
        since, kept = rows[place - 1] if place else (None, None)
        value = self.default if since is None else self.from_json(kept)
        if place == len(rows):
            return Standing(self, value, since)
        next_from, next_kept = rows[place]
        return Standing(self, value, since, self.from_json(next_kept), next_from)

    def clean(self, raw: Any) -> Any:
        """The typed value of what was typed or declared; ValidationError says what is wrong with it."""
        value = _READERS.get(self.kind, _read_text)(raw)
        if self.minimum is not None and value < self.minimum:
            raise ValidationError(_("At least %(limit)s, please."), params={"limit": self.minimum})
        if self.maximum is not None and value > self.maximum:
            raise ValidationError(_("At most %(limit)s, please."), params={"limit": self.maximum})
        if self.kind is Kind.CHOICE and value not in dict(self.choices):
            raise ValidationError(_("Choose one of the values offered."))
        if self.validate is not None:
            self.validate(value)
        return value

    def to_json(self, value: Any) -> Any:
        """How the value is stored: a Decimal as text, so no figure passes through a float."""
        return str(value) if isinstance(value, Decimal) else value

    def from_json(self, kept: Any) -> Any:
        return Decimal(kept) if self.kind in FRACTIONAL else kept

    def show(self, value: Any) -> str:
        """The value with its unit, in the reader's language."""
        if self.kind is Kind.BOOLEAN:
            return str(_("yes") if value else _("no"))
        if self.kind is Kind.CHOICE:
            return str(dict(self.choices).get(value, value))
        if self.kind is Kind.TEXT:
            return value
        figure = f"{value:,}"
        if self.kind in _COUNTED:
            return _COUNTED[self.kind] % {"n": figure, "count": 1 if value == 1 else 2}
        return f"{figure} {self.unit}".rstrip()

    def __repr__(self) -> str:
        return f"<Parameter {self.key}>"


def parameter(key: str) -> Parameter:
    """The declared parameter, or the member's of a family; LookupError if there is none by that key."""
    if key in REGISTRY:
        return REGISTRY[key]
    return {each.key: each for each in _members()}[key]


def family(members: Callable[[], Iterable[Parameter]]) -> None:
    """Declare parameters that there are as many of as there are things on file: one a sales office."""
    FAMILIES.append(members)


def _members() -> list[Parameter]:
    return [each for members in FAMILIES for each in members()]


def by_group(at: datetime | None = None) -> dict[str, list[Standing]]:
    """Every parameter as it stands at the moment, by group, in the order of rule numbers."""
    groups: dict[str, list[Standing]] = {}
    for each in sorted(
        [*REGISTRY.values(), *_members()], key=_place
    ):  # a stable sort: as declared within a rule
        groups.setdefault(str(each.group), []).append(each.standing(at))
    return groups


def reset_cache() -> None:
    """Forget the values read so far: called before each request and each task."""
    forget_all()


def _load() -> dict[str, list[tuple[datetime, Any]]]:
    rows = ParameterValue.objects.order_by("effective_from").values_list("key", "effective_from", "value")
    values: dict[str, list[tuple[datetime, Any]]] = {}
    for key, since, value in rows:
        values.setdefault(key, []).append((since, value))
    return values


_values: Memo[dict[str, list[tuple[datetime, Any]]]] = Memo("parameter_values", _load)


def _place(each: Parameter) -> tuple[str, tuple[int, ...]]:
    return str(each.group), tuple(int(part) for part in re.findall(r"\d+", each.rule))


def _read_whole(raw: Any) -> int:
    if isinstance(raw, bool) or not re.fullmatch(r"-?[0-9]{1,15}", str(raw).strip()):
        raise ValidationError(_("Enter a whole number."))
    return int(str(raw).strip())


def _read_fraction(raw: Any) -> Decimal:
    if isinstance(raw, bool | float) or not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", str(raw).strip()):
        raise ValidationError(_("Enter a number, such as 12 or 12.5."))
    return Decimal(str(raw).strip())


def _read_boolean(raw: Any) -> bool:
    if raw in (True, "true", "True", "on", "yes"):
        return True
    if raw in (False, "false", "False", "", "no", None):
        return False
    raise ValidationError(_("Answer yes or no."))


def _read_text(raw: Any) -> str:
    text = str(raw).strip()
    if len(text) > LONGEST_TEXT:
        raise ValidationError(_("At most %(limit)s characters, please."), params={"limit": LONGEST_TEXT})
    if "\0" in text or re.search(r"[\ud800-\udfff]", text):
        raise ValidationError(_("The text has characters that cannot be stored."))
    return text


_READERS: dict[Kind, Callable[[Any], Any]] = {
    **dict.fromkeys(WHOLE, _read_whole),
    **dict.fromkeys(FRACTIONAL, _read_fraction),
    Kind.BOOLEAN: _read_boolean,
}
