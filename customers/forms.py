"""The forms of customers: master record, contacts, addresses, block."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from accounts.queries import sees_everything, team_ids
from core.fields import BoundedFormSet, Choice, LongText, ModelChoice, MoneyField, Percent, Text, WholeNumber
from customers.gates import CREDIT_FIELDS
from customers.models import Channel, Customer, CustomerClass, PaymentTerms

CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")


class Email(forms.EmailField):
    """An address that can be stored."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return Text(required=False, max_length=254).clean(text)


class CustomerForm(forms.Form):
    """A customer's master record (R3.1). Class, credit and terms are there for who may change them (R3.2)."""

    code = Text(
        label=_("Code"), max_length=20, required=False, help_text=_("Left empty, it takes the next one.")
    )
    name = Text(label=_("Name"), max_length=120)
    name_en = Text(label=_("Name in English"), max_length=120, required=False)
    tax_id = Text(label=_("Unified social credit code"), max_length=30, required=False)
    invoice_address = Text(label=_("Address and phone on invoices"), max_length=200, required=False)
    invoice_bank = Text(label=_("Bank and account on invoices"), max_length=200, required=False)
    team = ModelChoice(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    owner = ModelChoice(label=_("Sales rep"), queryset=User.objects.none(), empty_label=None)
    channel = Choice(label=_("Preferred channel"), choices=Channel.choices, initial=Channel.EMAIL)
    email = Email(label=_("E-mail"), required=False)
    language = Choice(
        label=_("Language"), choices=Customer._meta.get_field("language").choices, initial="zh-hans"
    )
    klass = Choice(
        label=pgettext_lazy("customer", "Class"), choices=CustomerClass.choices, initial=CustomerClass.C
    )
    credit_grade = Text(label=_("Credit grade"), max_length=20, required=False)
    currency = Choice(label=_("Currency"), choices=[(each, each) for each in CURRENCIES], initial="CNY")
    payment_terms = Choice(label=_("Payment terms"), choices=PaymentTerms.choices)
    deposit_percent = Percent(label=_("Deposit, %"), initial=0)
    credit_days = WholeNumber(label=_("Credit days"), initial=0, min_value=Decimal(0), max_value=Decimal(720))
    credit_line = forms.BooleanField(label=_("Has a credit line"), required=False)
    credit_limit = MoneyField(label=_("Credit limit"), initial=0)
    reason = Text(
        label=_("Reason of the change"),
        max_length=200,
        required=False,
        help_text=_("Needed when class, credit or terms change."),
    )

    def __init__(self, *args: Any, person: User, customer: Customer | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if customer is not None:
            del self.fields["code"]
            self.fields["version"] = WholeNumber(widget=forms.HiddenInput, min_value=1)
        if not person.has_perm("customers.ask_change"):
            for name in CREDIT_FIELDS:
                del self.fields[name]
        if customer is None or not person.has_perm("customers.ask_change"):
            del self.fields["reason"]
        self._offer_people(person)

    def _offer_people(self, person: User) -> None:
        """The teams that this person sees, and who sells in them."""
        teams = (
            Team.objects.all() if sees_everything(person) else Team.objects.filter(pk__in=team_ids(person))
        )
        sellers = Q(team__in=teams) | Q(managed_teams__in=teams)
        offered = User.objects.filter(sellers, is_active=True).distinct().order_by("display_name", "pk")
        for name, rows in (("team", teams), ("owner", offered)):
            field = self.fields[name]
            assert isinstance(field, ModelChoice)
            field.queryset = rows
        self.fields["owner"].initial = person.pk
        self.fields["team"].initial = person.team_id


class _RowForm(forms.Form):
    """A row of a list; a row that is left empty is not there."""

    needed = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in it."""
        return not any(value for name, value in self.cleaned_data.items() if name != "is_default")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.errors and not self.is_blank and not typed.get(self.needed):
            self.add_error(self.needed, ValidationError(_("Fill this in, or empty the row.")))
        return typed


class ContactForm(_RowForm):
    """A person at the customer."""

    needed = "name"
    name = Text(label=pgettext_lazy("person", "Name"), max_length=80, required=False)
    title = Text(label=_("Title"), max_length=80, required=False)
    phone = Text(label=_("Phone"), max_length=40, required=False)
    email = Email(label=_("E-mail"), required=False)
    is_default = forms.BooleanField(label=_("Usual contact"), required=False)


class AddressForm(_RowForm):
    """Where goods go."""

    needed = "text"
    text = Text(label=_("Address"), max_length=200, required=False)
    recipient = Text(label=_("Recipient"), max_length=80, required=False)
    phone = Text(label=_("Phone"), max_length=40, required=False)
    is_default = forms.BooleanField(label=_("Usual address"), required=False)


class BlockForm(forms.Form):
    """Why the customer is blocked, or no longer."""

    reason = LongText(label=_("Reason"), max_length=200)
    version = WholeNumber(widget=forms.HiddenInput, min_value=1)


class _Rows(BoundedFormSet):
    """The rows of a list, as the verbs take them."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was typed, without the rows left empty."""
        return [dict(form.cleaned_data) for form in self.forms if form.cleaned_data and not form.is_blank]


ContactRows = forms.formset_factory(ContactForm, formset=_Rows, extra=2, max_num=30, absolute_max=40)
AddressRows = forms.formset_factory(AddressForm, formset=_Rows, extra=2, max_num=30, absolute_max=40)
