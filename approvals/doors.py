"""What is typed at the doors of a step: a yes with opinion and conditions, a no with its reason (R2.4).

The page of every noun that is decided on reads the same form and, where the decision is refused, gives it
back as it was typed, at the step that it is about (R2.11, I12).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import ROLES
from approvals.gates import SEE_TO_CONDITIONS, condition_is_stated
from approvals.models import Step
from approvals.states import JOINT
from core.fields import Choice, DateField, LongText, Text, WholeNumber

#: So many conditions fit into one yes.
CONDITIONS = 4
_ROWS = range(CONDITIONS)
_SEERS = [("", "–"), *((role, ROLES[role]) for role in SEE_TO_CONDITIONS)]


class Words(LongText):
    """Several lines; a paste that is too long comes back whole with by how much, and is not cut unseen."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return {**attrs, "rows": 3}


class DoorForm(forms.Form):
    """Yes or no to one step, on the content that was shown."""

    decision = Choice(choices=[("approve", ""), ("refuse", "")])
    step_id = WholeNumber(max_digits=18, min_value=1)
    digest = Text(max_length=64)
    reason = Words(
        label=_("Reason of the refusal"),
        max_length=2000,
        required=False,
        help_text=_("It goes to who asked, and stands in the timeline."),
    )
    opinion = Words(
        label=_("Opinion"),
        max_length=2000,
        required=False,
        help_text=_("What your department found; it stands in the review and the timeline."),
    )
    ceiling_until = DateField(label=_("Covers until (empty: no last day)"), required=False)

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for row in _ROWS:
            label = _("Condition %(n)s") % {"n": row + 1}
            self.fields[f"condition_{row}"] = Text(label=label, max_length=500, required=False)
            seer = Choice(label=_("Who sees to it"), choices=_SEERS, required=False)
            self.fields[f"condition_role_{row}"] = seer
        if step is not None:
            self.at(step)

    def at(self, step: Step) -> DoorForm:
        """Shown at this step: with ids of its own, and what its kind must say."""
        self.auto_id = f"%s-{step.pk}"
        self.fields["reason"].required = True
        self.fields["opinion"].required = step.kind in JOINT
        return self

    def is_about(self, step: Step) -> bool:
        """Whether it was typed for this step, or for the same decision in an earlier round."""
        if not self.is_bound:
            return False
        self.is_valid()
        pk = self.cleaned_data.get("step_id")
        if pk is None or pk == step.pk:
            return pk is not None
        return Step.objects.filter(pk=pk, case=step.case_id, kind=step.kind).exists()

    def clean(self) -> dict[str, Any]:
        """Each condition at its own row."""
        given = super().clean() or {}
        for row in _ROWS if given.get("decision") == "approve" else ():
            text, role = given.get(f"condition_{row}"), given.get(f"condition_role_{row}")
            if text is None or role is None or not (text or role):
                continue
            for each in condition_is_stated.broken((text, role)):
                self.add_error(f"condition_role_{row}" if text else f"condition_{row}", each.sentence)
        return given

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The conditions: words, and the role that sees to them."""
        given = self.cleaned_data
        rows = [(given.get(f"condition_{row}", ""), given.get(f"condition_role_{row}", "")) for row in _ROWS]
        return [(text, role) for text, role in rows if text or role]

    @property
    def said(self) -> str:
        """The words that go with the decision: the opinion of a yes, the reason of a no."""
        return self.cleaned_data["opinion" if self.cleaned_data["decision"] == "approve" else "reason"]

    @property
    def condition_rows(self) -> list[tuple[Any, Any]]:
        """The rows as the page shows them."""
        return [(self[f"condition_{row}"], self[f"condition_role_{row}"]) for row in _ROWS]

    @property
    def has_conditions(self) -> bool:
        """Whether something was typed into them."""
        return self.is_bound and any(self[f"condition_{row}"].value() for row in _ROWS)

    @property
    def refuses(self) -> bool:
        """Whether it was typed behind the door of a no."""
        return self.is_bound and self["decision"].value() == "refuse"


def words_of(form: forms.Form | None) -> list[dict[str, str]]:
    """What somebody wrote into a form, by label: shown where the form itself has no place any more (I12)."""
    if form is None or not form.is_bound:
        return []
    written = [(field, form[name].value()) for name, field in form.fields.items() if isinstance(field, Text)]
    return [{"label": str(field.label), "text": str(text)} for field, text in written if text and field.label]


def homeless(typed: DoorForm | None, shown: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The words of a refused decision whose doors are not on the page: the step is decided, or not theirs."""
    at_home = any(each["form"] is typed and each["refuse"]["open"] and not each["signs_at"] for each in shown)
    return [] if at_home else words_of(typed)
