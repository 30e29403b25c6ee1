"""Form fields that accept only what can be stored and read (trust.md, fact 7).

Text is NFC, stripped, without NUL, lone surrogates and control characters. Numbers are ASCII digits with an
optional minus and point. Every refusal is a message at the field; what was typed stays in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import TAX_RATES, minor_unit

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_VALUE, MOST_VALUES = 500, 50
_NUMBER = re.compile(r"-?(\d+(\.\d+)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?", re.ASCII)
#: Invisible marks that copying from other programs leaves behind: taken out without a word.
_LEFTOVERS = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))
#: Marks that make text read otherwise than it is stored.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Sentences of the framework that our catalogue says in the house's own Chinese.
BORROWED = (
    _("This field is required."),
    _("Enter a valid email address."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
)


def clean_text(value: str, *, newlines: bool = False) -> str:
    """The text in NFC and stripped; ValidationError if it holds what cannot be stored or seen."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").translate(_LEFTOVERS).strip()
    allowed = "\n\t" if newlines else ""
    for each in text:
        if each not in allowed and (unicodedata.category(each) in ("Cc", "Cs") or each in _DIRECTIONS):
            raise ValidationError(_refused_character(each), code="character")
    return unicodedata.normalize("NFC", text)


def _refused_character(each: str) -> Any:
    if each in "\n\t":
        return _("Write this on one line, without tabs.")
    return _("The text holds a character that cannot be stored. Type it again.")


class _Keeps:
    """Shows what was typed again, though it could not be encoded as it came."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        found = super().bound_data(data, initial)  # type: ignore[misc]
        return found.encode("utf-8", "replace").decode() if isinstance(found, str) else found


class Text(_Keeps, forms.CharField):
    """One line of text."""

    newlines = False
    default_error_messages = {"too_long": _("%(over)s characters too long; at most %(most)s.")}

    def __init__(self, *, max_length: int = 200, **kwargs: Any):
        super().__init__(max_length=max_length, strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return self.empty_value  # type: ignore[return-value]
        return clean_text(str(value), newlines=self.newlines)

    def run_validators(self, value: str) -> None:
        """Too long is told by how much."""
        over = len(value) - int(self.max_length or 0)
        if over > 0:
            sizes = {"over": over, "most": self.max_length}
            raise ValidationError(self.error_messages["too_long"], code="max_length", params=sizes)
        super().run_validators(value)


class LongText(Text):
    """Several lines of text; tabs are kept."""

    newlines = True
    widget = forms.Textarea

    def __init__(self, *, max_length: int = 4000, **kwargs: Any):
        super().__init__(max_length=max_length, **kwargs)


class Number(_Keeps, forms.DecimalField):
    """A number in ASCII digits. No thousands separators, exponents, full-width digits, -0."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a number with the digits 0 to 9, for example 1234.5."),
        "separators": _("Write the number without thousands separators, for example 1234.5."),
        "width": _("Use the half-width digits 0 to 9."),
        "min_value": _("At least %(limit_value)s."),
        "max_value": _("At most %(limit_value)s."),
        "max_digits": _("At most %(max)s digits."),
        "max_whole_digits": _("At most %(max)s digits before the point."),
        "max_decimal_places": _("At most %(max)s digits behind the point."),
    }

    def __init__(self, *, max_digits: int = 18, decimal_places: int = 4, **kwargs: Any):
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal) and value.is_finite():
            return value
        text = str(value).strip()
        if not text:
            return None
        self._refuse_odd(text)
        return Decimal(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric" if self.decimal_places == 0 else "decimal", "autocomplete": "off"}

    def _refuse_odd(self, text: str) -> None:
        if _NUMBER.fullmatch(text) and not (text.startswith("-") and not Decimal(text)):
            return
        code = "invalid"
        if any(not each.isascii() and each.isdigit() for each in text):
            code = "width"
        elif re.fullmatch(r"-?\d{1,3}([,，']\d{3})+(\.\d+)?", text, re.ASCII):
            code = "separators"
        raise ValidationError(self.error_messages[code], code=code)


class WholeNumber(Number):
    """A whole number."""

    default_error_messages = {"max_decimal_places": _("Write a whole number.")}

    def __init__(self, *, max_digits: int = 9, **kwargs: Any):
        super().__init__(max_digits=max_digits, decimal_places=0, **kwargs)

    def clean(self, value: Any) -> int | None:
        found = super().clean(value)
        return None if found is None else int(found)


class Quantity(Number):
    """A quantity above zero, in steps of its unit (pieces whole, metres by 0.01)."""

    default_error_messages = {"step": _("Only in steps of %(step)s.")}

    def __init__(self, *, step: Decimal = Decimal("0.001"), max_digits: int = 14, **kwargs: Any):
        self.step = step
        kwargs.setdefault("min_value", step)
        super().__init__(max_digits=max_digits, decimal_places=3, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value % self.step:
            raise ValidationError(self.error_messages["step"], code="step", params={"step": self.step})


class MoneyField(Number):
    """An amount in the currency's minor unit; not negative unless `min_value` says so."""

    default_error_messages = {"max_decimal_places": _("At most %(max)s decimals for this currency.")}

    def __init__(self, *, currency: str = "CNY", max_digits: int = 16, **kwargs: Any):
        kwargs.setdefault("min_value", Decimal(0))
        kwargs.setdefault("decimal_places", -int(minor_unit(currency).as_tuple().exponent))
        super().__init__(max_digits=max_digits, **kwargs)


class Price(MoneyField):
    """A price per unit: up to four decimals, rounded only in the line's amount."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("decimal_places", 4)
        super().__init__(**kwargs)


class Percent(Number):
    """A share from 0 to 100, two decimals."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("min_value", Decimal(0))
        kwargs.setdefault("max_value", Decimal(100))
        super().__init__(max_digits=5, decimal_places=2, **kwargs)


class TaxRate(Percent):
    """A rate of value-added tax, in per cent: one that an invoice can carry."""

    default_error_messages = {"rate": _("Write one of: %(offered)s.")}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value not in [Decimal(each) for each in TAX_RATES]:
            offered = {"offered": ", ".join(TAX_RATES)}
            raise ValidationError(self.error_messages["rate"], code="rate", params=offered)


class DateField(_Keeps, forms.DateField):
    """A day as YYYY-MM-DD, within a range that makes sense for an order."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("Write the date as YYYY-MM-DD, for example 2026-11-21."),
        "range": _("The date must lie between %(earliest)s and %(latest)s."),
    }

    def __init__(self, *, earliest: date = EARLIEST, latest: date = LATEST, **kwargs: Any):
        self.earliest, self.latest = earliest, latest
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip() and not _DAY.fullmatch(value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not self.earliest <= value <= self.latest:
            limits = {"earliest": self.earliest, "latest": self.latest}
            raise ValidationError(self.error_messages["range"], code="range", params=limits)


class MomentField(_Keeps, forms.DateTimeField):
    """A day and time of the house's time zone, as a browser's datetime field sends it."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages = {
        "invalid": _("Write the time as YYYY-MM-DD HH:MM, for example 2026-11-21 10:02."),
        "range": _("The date must lie between %(earliest)s and %(latest)s."),
    }

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str) and value.strip() and not _MOMENT.fullmatch(value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= timezone.localdate(value) <= LATEST:
            limits = {"earliest": EARLIEST, "latest": LATEST}
            raise ValidationError(self.error_messages["range"], code="range", params=limits)


class _NamesNothingTyped:
    """The refusal does not repeat what was sent: it may not be printable."""

    default_error_messages = {"invalid_choice": _("Choose one of the offered values.")}


class Choice(_NamesNothingTyped, _Keeps, forms.ChoiceField):
    """One of the offered values."""


class ModelChoice(_NamesNothingTyped, _Keeps, forms.ModelChoiceField):
    """One of the offered rows; give a queryset that is already `visible_to` the person."""

    def __init__(self, queryset: Any, **kwargs: Any):
        kwargs.setdefault("empty_label", _("Choose"))
        super().__init__(queryset, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > 200 or _unstorable(value)):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


def _unstorable(value: str) -> bool:
    return any(unicodedata.category(each) in ("Cc", "Cs") for each in value)


class BoundedFormSet(forms.BaseFormSet):
    """A formset that refuses a negative or over-large count of forms, instead of trimming it in silence."""

    default_error_messages = {
        "missing_management_form": _(
            "The rows did not arrive whole. Load the page again; nothing was saved."
        ),
    }

    @property
    def management_form(self) -> Any:
        if "_management" not in self.__dict__:
            made = forms.BaseFormSet.management_form.func  # type: ignore[attr-defined]  # a cached property
            self.__dict__["_management"] = self._bounded(made(self))
        return self.__dict__["_management"]

    def _bounded(self, form: Any) -> Any:
        if not self.is_bound:
            return form
        for name in (forms.formsets.TOTAL_FORM_COUNT, forms.formsets.INITIAL_FORM_COUNT):
            count = form.cleaned_data.get(name)
            if count is None or not 0 <= count <= self.absolute_max:
                form.add_error(None, _("The number of rows is not possible."))
                form.cleaned_data |= {
                    forms.formsets.TOTAL_FORM_COUNT: 0,
                    forms.formsets.INITIAL_FORM_COUNT: 0,
                }
        return form


def clean_query(query: QueryDict) -> QueryDict:
    """A query string without values that no database takes: control characters, surrogates, long text."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        sound = [each for each in values if len(each) <= LONGEST_VALUE and not _unstorable(each)]
        if sound and not _unstorable(name):
            kept.setlist(name, sound[:MOST_VALUES])
    return kept


class QueryParameters:
    """Reads a query string for a page; what makes no sense is as if it were not there."""

    def __init__(self, query: QueryDict):
        self.query = clean_query(query)

    def text(self, name: str, *, max_length: int = 100) -> str:
        """A search text, normalised; empty if there is none or it cannot be stored."""
        try:
            return clean_text(self.query.get(name, ""))[:max_length]
        except ValidationError:
            return ""

    def choice(self, name: str, choices: Iterable[str], default: str = "") -> str:
        """One of the choices, else the default."""
        found = self.query.get(name, "")
        return found if found in set(choices) else default

    def choices(self, name: str, choices: Iterable[str]) -> list[str]:
        """Those of the parameter's values that are choices, each once."""
        allowed = set(choices)
        return [each for each in dict.fromkeys(self.query.getlist(name)) if each in allowed]

    def day(self, name: str) -> date | None:
        """A day in the sensible range, else None."""
        return self._through(DateField(required=False), name)

    def whole(self, name: str, *, least: int = 0, most: int = 2**31 - 1) -> int | None:
        """A whole number within the limits, else None."""
        return self._through(
            WholeNumber(required=False, min_value=least, max_value=most, max_digits=19), name
        )

    def _through(self, field: forms.Field, name: str) -> Any:
        try:
            return field.clean(self.query.get(name, ""))
        except ValidationError:
            return None
