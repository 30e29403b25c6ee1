"""What technical states and production promises, as it is typed, line by line (R2.8, R2.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import Choice, DateField, LongText, Text
from orders.actions import Promised, Stated
from orders.models import OrderLine, TechnicalStatement

YES, CHANGED, NO = "yes", "changed", "no"
VERDICTS = [
    ("", _("Choose")),
    (YES, _("Can be made, the process as it is")),
    (CHANGED, _("Can be made, the process or formula changes")),
    (NO, _("Cannot be made as ordered")),
]


class StatementForm(forms.Form):
    """One line's statement; a line without an answer is not signed."""

    verdict = Choice(label=_("Can it be made?"), choices=VERDICTS, required=False)
    materials = LongText(label=_("Raw materials"), max_length=2000, required=False)
    trial = LongText(
        label=_("What is tried with a sample"),
        max_length=2000,
        required=False,
        help_text=_("Needed where the process changes."),
    )
    proposal = LongText(
        label=_("What we propose instead"),
        max_length=2000,
        required=False,
        help_text=_("Needed where it cannot be made."),
    )

    def __init__(
        self, *args: Any, line: OrderLine, said: Any = None, before: TechnicalStatement | None = None
    ):
        self.line, self.before = line, before
        super().__init__(*args, prefix=f"line-{line.pk}", initial=_initial(said or before))
        for name in ("materials", "trial", "proposal"):
            self.fields[name].widget.attrs["rows"] = 2

    @property
    def stated(self) -> Stated | None:
        """What was typed; words taken over from an earlier order say so."""
        given = self.cleaned_data
        if not given["verdict"]:
            return None
        taken_over = self.before is not None and given["materials"] == self.before.materials
        return Stated(
            makeable=given["verdict"] != NO,
            process_changed=given["verdict"] == CHANGED,
            materials=given["materials"],
            trial=given["trial"],
            proposal=given["proposal"],
            as_for=self.before.pk if taken_over and self.before is not None else None,
        )


class PromiseForm(forms.Form):
    """One line's promised day; a line without a day is not promised."""

    promised_on = DateField(label=_("Promised finish"), required=False)
    note = Text(label=_("Depends on"), max_length=200, required=False)

    def __init__(
        self, *args: Any, line: OrderLine, said: Any = None, usual: date | None = None, **kwargs: Any
    ):
        self.line = line
        first = {"promised_on": said.promised_on, "note": said.note} if said else {"promised_on": usual}
        super().__init__(*args, prefix=f"line-{line.pk}", initial=first, **kwargs)

    @property
    def promised(self) -> Promised | None:
        """The day as it was typed."""
        given = self.cleaned_data
        return Promised(on=given["promised_on"], note=given["note"]) if given["promised_on"] else None

    def repeats(self, said: Any) -> bool:
        """Whether nothing but what is promised already was typed."""
        given = self.cleaned_data
        return said is not None and (said.promised_on, said.note) == (given["promised_on"], given["note"])


class SampleForm(forms.Form):
    """What came out of a sample; a failed one says what we propose instead."""

    result = LongText(label=_("Result"), max_length=2000, required=False)
    proposal = LongText(label=_("What we propose instead, if it failed"), max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["rows"] = 2


def usual_day(line: OrderLine, under_way: date | None) -> date:
    """The day that production is offered: the due date, or when what is under way ends; never a past one."""
    return max(each for each in (line.due_on, under_way, timezone.localdate()) if each)


def _initial(said: Any) -> dict[str, str]:
    if said is None:
        return {}
    verdict = NO if not said.makeable else CHANGED if said.process_changed else YES
    return {"verdict": verdict, "materials": said.materials, "proposal": said.proposal}
