"""Forms of approval."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from accounts.roles import ROLES
from approvals.doors import Words
from core.fields import Choice, DateField, LongText, ModelChoice, MoneyField, Percent, WholeNumber
from inventory.models import ProductCategory


class HandOverForm(forms.Form):
    """To whom a step is handed over, and why. Whether they may have it, the gate says."""

    to = ModelChoice(
        label=pgettext_lazy("person", "To"),
        queryset=User.objects.filter(is_active=True, is_system=False),
        empty_label=_("Choose"),
    )
    reason = Words(label=_("Reason"), max_length=500)

    def among(self, people: Iterable[User]) -> HandOverForm:
        """Offers these colleagues."""
        self.fields["to"].choices = [("", _("Choose")), *((each.pk, str(each)) for each in people)]
        return self


class QuestionForm(forms.Form):
    """What a decider wants to know of who handed it over."""

    text = Words(label=_("Your question"), max_length=2000, help_text=_("The clock goes on."))


class TakeBackForm(forms.Form):
    """Why a yes is taken back."""

    reason = Words(
        label=_("Reason"),
        max_length=2000,
        help_text=_("The step then waits again, and its clock goes on."),
    )


class ProofForm(forms.Form):
    """What shows that a condition is fulfilled."""

    proof = Words(label=_("What shows that it is fulfilled"), max_length=2000)


class AnswerForm(forms.Form):
    """The answer to a question."""

    answer = Words(label=_("Your answer"), max_length=2000)


class EndAuthorityForm(forms.Form):
    """The last day on which limits hold, and why."""

    on = DateField(label=_("Last day"))
    reason = LongText(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class AuthorityForm(forms.Form):
    """A person's limits, a role's, or every manager's; in one team, for one product category."""

    person = ModelChoice(
        queryset=User.objects.none(),
        required=False,
        label=_("Manager"),
        empty_label=_("Every manager"),
    )
    role = Choice(
        choices=[("", _("Any role")), *((role, ROLES[role]) for role in ("sales_manager", "sales_head"))],
        required=False,
        label=_("Role"),
    )
    team = ModelChoice(
        queryset=Team.objects.order_by("code"), required=False, label=_("Team"), empty_label=_("Any team")
    )
    category = Choice(
        choices=[],
        required=False,
        label=_("Product category"),
        help_text=_(
            "Then amount, discount, deviation and margin of its lines; days, credit and special orders go by "
            "the manager's other row."
        ),
    )
    max_amount = MoneyField(label=_("Order amount up to"), min_value=0)
    max_discount = Percent(label=_("Discount up to, %"))
    max_deviation = Percent(label=_("Price deviation up to, %"))
    min_margin = Percent(label=_("Margin at least, %"))
    max_payment_days = WholeNumber(label=_("Payment days up to"), min_value=0, max_value=730)
    may_exceed_credit = forms.BooleanField(
        label=_("May approve beyond the customer's credit"), required=False
    )
    may_special = forms.BooleanField(label=_("May approve special orders"), required=False)
    effective_from = DateField(label=_("Effective from"), initial=timezone.localdate)
    effective_until = DateField(label=_("Effective until"), required=False)
    reason = LongText(label=_("Reason"), max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        managers = User.objects.filter(groups__name="sales_manager", is_active=True)
        self.fields["person"].queryset = managers.order_by("display_name")
        known = ProductCategory.objects.order_by("code").values_list("code", "name")
        self.fields["category"].choices = [
            ("", _("Any category")),
            *((code, f"{code} {name}") for code, name in known),
        ]
