"""The forms of a customer memo and of likely duplicates (R1.2, R1.12)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from core.fields import Choice, DateField, LongText, ModelChoice, MomentField, Text, WholeNumber
from customers.models import Channel, Customer
from orders.gates.content import VERBAL

OFFERED = 8


class MemoForm(forms.Form):
    """Who called or was met, what they said, what is still open. The customer by code, name or initials."""

    customer = Text(
        label=_("Customer"),
        max_length=120,
        required=False,
        help_text=_("Code, name or initials. Left empty while the caller is no customer yet."),
    )
    caller = Text(label=_("Who called or was met"), max_length=80)
    phone = Text(label=_("Phone"), max_length=40, required=False)
    channel = Choice(label=_("Channel"), choices=[each for each in Channel.choices if each[0] in VERBAL])
    said = LongText(label=_("What they said"), max_length=4000)
    open_points = LongText(label=_("What is still open"), max_length=2000, required=False)
    wanted_on = DateField(label=_("Wanted by"), required=False)
    said_at = MomentField(label=_("When"), required=False, help_text=_("Left empty: now."))
    company = Text(label=_("Company, if no customer yet"), max_length=120, required=False)
    team = ModelChoice(Team.objects.order_by("code"), label=_("Team that follows it up"), required=False)
    version = WholeNumber(widget=forms.HiddenInput, required=False, max_digits=18)

    def __init__(self, *args: Any, user: Any, fixed: bool = False, has_team: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["said"].widget.attrs["rows"] = 6
        self.fields["open_points"].widget.attrs["rows"] = 3
        self.fields["customer"].widget.attrs.update(list="customers-found", autocomplete="off")
        if fixed:  # the order says whose memo it is
            del self.fields["customer"], self.fields["company"]
        if fixed or has_team or user.team_id:
            del self.fields["team"]

    def clean_customer(self) -> Customer | None:
        typed = self.cleaned_data["customer"].strip()
        if not typed:
            return None
        found = customers_found(self.user, typed, limit=2)
        exact = [each for each in found if typed.lower() in (each.code.lower(), each.name.lower())]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if not found:
            raise ValidationError(_("No customer of yours is called so."))
        raise ValidationError(_("Several customers are called so; choose one by its code."))

    def clean_said_at(self) -> Any:
        moment = self.cleaned_data["said_at"]
        if moment is not None and moment > timezone.now():
            raise ValidationError(_("The moment lies ahead."))
        return moment or timezone.now()


class RuleOutForm(forms.Form):
    """Which likely duplicates are none, and why."""

    numbers = forms.MultipleChoiceField(label=_("Not a duplicate"))
    reason = LongText(label=_("Why it is not a duplicate"), max_length=500)

    def __init__(self, *args: Any, numbers: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["numbers"].choices = [(each, each) for each in numbers]  # type: ignore[attr-defined]


def customers_found(user: Any, text: str, *, limit: int = OFFERED) -> list[Customer]:
    """The person's customers that the text may mean, the one with exactly this code first."""
    mine = Customer.objects.visible_to(user).select_related("team", "owner").order_by("name", "pk")
    exact = list(mine.filter(code__iexact=text)[:1])
    found = mine
    for word in text.split()[:4]:
        found = found.found_by(word)
    return [*exact, *found.exclude(pk__in=[each.pk for each in exact])[: limit - len(exact)]]
