"""The forms of the customer's answer: by the link, in the portal, and as business support records a paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import Choice, DateField, LongText, Text
from orders.states import MarkKind

ANSWERS = [("right", _("It is right")), ("wrong", _("Not right"))]


class AnswerForm(forms.Form):
    """The customer's own answer, with their name."""

    answer = Choice(label=_("Answer"), choices=ANSWERS, widget=forms.HiddenInput)
    by = Text(label=_("Your name"), max_length=80)
    words = LongText(label=_("What is not right?"), max_length=2000, required=False)
    upload = forms.FileField(label=_("The signed sheet"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == "wrong" and not cleaned.get("words"):
            self.add_error("words", _("Say what is not right."))
        return cleaned


class PaperAnswerForm(AnswerForm):
    """R1.10: what came back signed, by fax, or was said: kind, by whom, when, the paper."""

    field_order = ("answer", "mark", "by", "on", "words", "upload")
    answer = Choice(label=_("Answer"), choices=ANSWERS)
    mark = Choice(label=_("Confirmation mark"), choices=MarkKind.choices)
    by = Text(label=_("Confirmed by"), max_length=80)
    on = DateField(label=_("Came back on"))

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day lies ahead."))
        return day


def answer_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What the verb is told."""
    return {name: value for name, value in cleaned.items() if name != "answer"} | {
        "right": cleaned["answer"] == "right"
    }
