"""The forms of the customer's answer: by the link, in the portal, and as business support records a paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import Choice, DateField, LongText, Text
from orders import gates
from orders.models import OrderConfirmation
from orders.states import ConfirmationState, MarkKind

CHOOSE = ("", _("Choose"))
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
    """R1.10: what came back signed, by fax, or was said: kind, by whom, when, the paper. Nothing is presumed.

    One that was called not right is settled by a yes, or by another confirmation.
    """

    field_order = ("answer", "mark", "by", "on", "words", "upload")
    answer = Choice(label=_("Answer"), choices=[CHOOSE, *ANSWERS])
    mark = Choice(
        label=_("Confirmation mark"),
        choices=[CHOOSE, *(each for each in MarkKind.choices if each[0] != MarkKind.PORTAL)],
    )
    by = Text(label=_("Confirmed by"), max_length=80)
    on = DateField(label=_("Came back on"))

    def __init__(self, *args: Any, sent: OrderConfirmation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sent = sent
        if sent.state == ConfirmationState.DISPUTED:
            self.fields["answer"].choices = [CHOOSE, ANSWERS[0]]  # type: ignore[attr-defined]
            del self.fields["words"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        mark, upload = cleaned.get("mark", ""), cleaned.get("upload")
        broken = gates.answer_came_after_the_sending.broken(self.sent, cleaned.get("on"))
        for reason in [*broken, *gates.signed_paper_is_on_file.broken(mark, upload)]:
            self.add_error(reason.field_name, reason.sentence)
        return cleaned


def answer_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What the verb is told."""
    return {name: value for name, value in cleaned.items() if name != "answer"} | {
        "right": cleaned["answer"] == "right"
    }
