"""The forms of the ground floor's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import SENTENCES
from core.company import CURRENCY
from core.fields import Choice, DateField, LongText, MomentField, Number, Text, WholeNumber
from core.money import CURRENCIES
from core.parameters import Kind, Parameter


class ParameterForm(forms.Form):
    """A new value, from when, why."""

    effective_from = MomentField(
        label=_("From"), required=False, help_text=_("Left empty, the value holds at once.")
    )
    reason = Text(label=_("Reason"), max_length=500)
    version = WholeNumber(widget=forms.HiddenInput, max_digits=18)

    def __init__(self, *args: Any, parameter: Parameter, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        self.fields["value"] = _value_field(parameter)
        self.order_fields(["value", "effective_from", "reason", "version"])

    def clean_value(self) -> Any:
        return self.parameter.clean(self.cleaned_data["value"])


class CalendarDayForm(forms.Form):
    """Whether a day works, what it is called, why it is changed."""

    is_working = Choice(label=_("This day is"), choices=[("yes", _("a working day")), ("no", _("a day off"))])
    name = Text(label=_("Name"), max_length=120, required=False)
    reason = Text(label=_("Reason"), max_length=500)
    was = Choice(widget=forms.HiddenInput, choices=[("yes", ""), ("no", "")])


class RateForm(forms.Form):
    """One currency's rate from a day on."""

    currency = Choice(label=_("Currency"), choices=[])
    day = DateField(label=_("From the day"), initial=timezone.localdate)
    value = Number(label=_("Rate"), max_digits=15, decimal_places=8, min_value=Decimal("0.00000001"))
    reason = Text(label=_("From where, or why"), max_length=500)
    correct = forms.BooleanField(label=_("Correct what is on file"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        ours = CURRENCY.value()
        self.fields["currency"].choices = [(each, each) for each in CURRENCIES if each != ours]  # type: ignore[attr-defined]
        self.fields["value"].help_text = _("What 1 unit is worth in %(currency)s") % {"currency": ours}


class RatesForm(forms.Form):
    """Many rates out of a sheet: currency, day, rate in each row."""

    pasted = LongText(
        label=pgettext_lazy("paste", "Rows"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    reason = Text(label=_("From where, or why"), max_length=500)
    correct = forms.BooleanField(label=_("Correct what is on file"), required=False)


class AuditFilter(forms.Form):
    """Which events the audit page shows."""

    q = Text(label=_("Thread"), max_length=120, required=False)
    verb = Choice(label=_("What"), required=False)
    actor = Text(label=_("Who (user name)"), max_length=150, required=False)
    before = WholeNumber(max_digits=18, required=False)
    after = WholeNumber(max_digits=18, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        verbs = [(verb, verb) for verb in sorted(SENTENCES)]
        self.fields["verb"].choices = [("", _("Everything")), *verbs]  # type: ignore[attr-defined]


def _value_field(parameter: Parameter) -> forms.Field:
    label = f"{parameter.label} ({parameter.unit})" if parameter.unit else parameter.label
    if parameter.kind is Kind.BOOLEAN:
        return Choice(label=label, choices=[("true", _("yes")), ("false", _("no"))])
    if parameter.kind is Kind.CHOICE:
        return Choice(label=label, choices=parameter.choices)
    if parameter.kind is Kind.TEXT:
        rows = forms.Textarea(attrs={"rows": 2})
        return LongText(label=label, max_length=2000, required=parameter.validate is not None, widget=rows)
    return Text(label=label, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))


def typed(parameter: Parameter, value: Any) -> str:
    """The value as its form field shows it."""
    return str(value).lower() if parameter.kind is Kind.BOOLEAN else str(value)
