"""The forms of customers: master record, contacts, addresses, block."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from accounts.queries import sees_everything, team_ids
from core.fields import (
    BoundedFormSet,
    Choice,
    DateField,
    LongText,
    ModelChoice,
    MoneyField,
    Number,
    Percent,
    Price,
    Text,
    WholeNumber,
)
from core.money import CURRENCIES
from customers.models import Channel, Contract, Customer, CustomerClass, PaymentTerms
from customers.tax_identity import what_is_wrong
from inventory.models import Product

WHY_SO_LOW = _(
    "Needed for a price further below the list than you agree alone: it waits for a second person's yes."
)
CREDIT_SECRETS = ("credit_line", "credit_limit")


class Email(forms.EmailField):
    """An address that can be stored."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return Text(required=False, max_length=254).clean(text)


class CustomerForm(forms.Form):
    """A customer's master record (R3.1). Terms are asked for (R3.2), the team is transferred."""

    code = Text(
        label=_("Code"), max_length=20, required=False, help_text=_("Left empty, it takes the next one.")
    )
    name = Text(label=_("Name"), max_length=120)
    name_en = Text(label=_("Name in English"), max_length=120, required=False)
    country = Text(
        label=_("Country"), max_length=2, initial="CN", help_text=_("Two letters: CN, HK, DE, US…")
    )
    tax_id = Text(
        label=_("Tax identity"),
        max_length=30,
        required=False,
        help_text=_("In China the unified social credit code."),
    )
    invoice_address = Text(label=_("Address and phone on invoices"), max_length=200, required=False)
    invoice_bank = Text(label=_("Bank and account on invoices"), max_length=200, required=False)
    team = ModelChoice(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    owner = ModelChoice(label=_("Sales rep"), queryset=User.objects.none(), empty_label=None)
    channel = Choice(label=_("Preferred channel"), choices=Channel.choices, initial=Channel.EMAIL)
    email = Email(label=_("E-mail"), required=False)
    language = Choice(
        label=_("Language"), choices=Customer._meta.get_field("language").choices, initial="zh-hans"
    )
    customer_since = DateField(label=_("Customer since"), required=False, earliest=date(1950, 1, 1))
    preferences = LongText(
        label=_("Preferences"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Packaging, delivery windows, what to mind."),
    )

    def __init__(self, *args: Any, person: User, customer: Customer | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if customer is None:
            self._offer_people(person)
            return
        for name in ("code", "team", "owner"):
            del self.fields[name]
        self.fields["version"] = WholeNumber(widget=forms.HiddenInput, min_value=1)

    def clean_country(self) -> str:
        """Two letters of ISO 3166."""
        country = self.cleaned_data["country"].upper()
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise ValidationError(_("Two letters, for example CN."))
        return country

    def clean_tax_id(self) -> str:
        """As it stands on paper, without gaps, in capitals; checked as the country's rule says."""
        text = "".join(self.cleaned_data["tax_id"].split()).upper()
        wrong = what_is_wrong(self.cleaned_data.get("country", ""), text)
        if wrong and text != self.initial.get("tax_id"):
            raise ValidationError(wrong)
        return text

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


class TermsForm(forms.Form):
    """The class, credit and terms that are asked for (R3.2). Who does not see the credit leaves it empty."""

    klass = Choice(
        label=pgettext_lazy("customer", "Class"), choices=CustomerClass.choices, initial=CustomerClass.C
    )
    credit_grade = Text(label=_("Credit grade"), max_length=20, required=False)
    payment_terms = Choice(label=_("Payment terms"), choices=PaymentTerms.choices)
    deposit_percent = Percent(label=_("Deposit, %"), initial=0)
    credit_days = WholeNumber(label=_("Credit days"), initial=0, min_value=Decimal(0), max_value=Decimal(720))
    currency = Choice(label=_("Currency"), choices=[(each, each) for each in CURRENCIES], initial="CNY")
    credit_line = Choice(label=_("Has a credit line"), choices=[("no", _("no")), ("yes", _("yes"))])
    credit_limit = MoneyField(label=_("Credit limit"), initial=0)
    reason = Text(label=_("Reason of the change"), max_length=400)

    def __init__(self, *args: Any, sees_credit: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not sees_credit:
            line = self.fields["credit_line"]
            assert isinstance(line, Choice)
            line.choices = [("", _("as it is")), *line.choices]
            for name in CREDIT_SECRETS:
                self.fields[name].required = False
                self.fields[name].initial = None
                self.fields[name].help_text = _("Left empty, it stays as it is.")

    @property
    def changes(self) -> dict[str, Any]:
        """What is asked for, by field."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        line, limit = found.pop("credit_line"), found.pop("credit_limit")
        if line:
            found["credit_line"] = line == "yes"
        if limit is not None:
            found["credit_limit"] = limit
        return found


class FirstTermsForm(TermsForm):
    """The same beside a new customer; left as it stands, nothing is asked for."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, sees_credit=True, **kwargs)
        self.fields["reason"].required = False
        self.fields["reason"].help_text = _("Needed when class, credit or terms are not the usual ones.")


class ReasonForm(forms.Form):
    """A step that says why."""

    reason = LongText(label=_("Reason"), max_length=200)


class ContractForm(forms.Form):
    """A contract with its span and paper."""

    number = Text(label=_("Contract number"), max_length=60)
    title = Text(label=pgettext_lazy("contract", "Title"), max_length=120, required=False)
    valid_from = DateField(label=_("Valid from"))
    valid_until = DateField(label=_("Valid until"), required=False)
    upload = forms.FileField(label=_("File"), required=False)
    note = Text(label=_("Note"), max_length=200, required=False)


class AgreementForm(forms.Form):
    """One price agreed for a product, from a quantity on."""

    product = Text(label=_("Product code"), max_length=40)
    min_quantity = Number(label=_("From quantity"), initial=0, min_value=0, decimal_places=3, max_digits=14)
    price = Price(label=_("Price, tax included"), max_digits=14)
    valid_from = DateField(label=_("Valid from"))
    valid_until = DateField(label=_("Valid until"), required=False)
    contract = ModelChoice(
        label=_("Contract"), queryset=Contract.objects.none(), required=False, empty_label="–"
    )
    reason = Text(label=_("Reason"), max_length=400, required=False, help_text=WHY_SO_LOW)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["contract"]
        assert isinstance(field, ModelChoice)
        field.queryset = customer.contracts.order_by("-valid_from")

    def clean_product(self) -> Product:
        """The product with this code."""
        found = Product.objects.filter(code=self.cleaned_data["product"]).first()
        if found is None:
            raise ValidationError(_("There is no product with this code."))
        return found


class PasteForm(forms.Form):
    """A block of rows out of a sheet."""

    pasted = LongText(
        label=pgettext_lazy("paste", "Rows"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 6})
    )


class PricesForm(PasteForm):
    """A block of prices, and why some lie below the list."""

    reason = Text(label=_("Reason"), max_length=400, required=False, help_text=WHY_SO_LOW)


class EndForm(forms.Form):
    """The last day on which it holds."""

    on = DateField(label=_("Holds until"))


class TransferForm(forms.Form):
    """To which team and rep a customer goes."""

    team = ModelChoice(label=_("Team"), queryset=Team.objects.order_by("code"))
    owner = ModelChoice(label=_("Sales rep"), queryset=User.objects.none())
    reason = Text(label=_("Reason"), max_length=200)
    version = WholeNumber(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        sellers = Q(team__isnull=False, groups__name="sales_rep") | Q(managed_teams__isnull=False)
        field = self.fields["owner"]
        assert isinstance(field, ModelChoice)
        field.queryset = (
            User.objects.filter(sellers, is_active=True).distinct().order_by("display_name", "pk")
        )


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


class _Rows(BoundedFormSet):
    """The rows of a list, as the verbs take them."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was typed, without the rows left empty."""
        return [dict(form.cleaned_data) for form in self.forms if form.cleaned_data and not form.is_blank]


ContactRows = forms.formset_factory(ContactForm, formset=_Rows, extra=2, max_num=30, absolute_max=40)
AddressRows = forms.formset_factory(AddressForm, formset=_Rows, extra=2, max_num=30, absolute_max=40)
