"""Forms of revenue and money."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import Choice, DateField, ModelChoice, MoneyField, Text
from core.lists import DaysFilter, SearchFilter
from customers.models import Customer
from invoicing.models import Invoice, Receipt
from invoicing.states import InvoiceKind, InvoiceState, PaymentMethod


class ConfirmForm(forms.Form):
    """What revenue is confirmed, on which kind of invoice, to whom."""

    kind = Choice(label=_("Kind of invoice"), choices=InvoiceKind.choices)
    amount = MoneyField(label=_("Amount, tax included"))
    buyer_name = Text(label=_("Invoice recipient"), max_length=120)
    buyer_tax_id = Text(label=_("Recipient's tax identity"), max_length=30, required=False)


class ReceiptForm(forms.Form):
    """Money received."""

    customer = ModelChoice(label=_("Customer"), queryset=Customer.objects.none())
    amount = MoneyField(label=_("Amount"), max_digits=16)
    received_on = DateField(label=_("Received on"), initial=timezone.localdate)
    method = Choice(label=_("Method"), choices=PaymentMethod.choices)
    payer = Text(label=_("Payer"), max_length=120)
    reference = Text(
        label=_("Reference"), max_length=80, required=False, help_text=_("Bank's or wallet's own number.")
    )
    note = Text(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.visible_to(user).order_by("code")  # type: ignore[attr-defined]


class AllocateForm(forms.Form):
    """How much of a receipt, for which order or invoice."""

    amount = MoneyField(label=_("Amount"))
    order = Text(max_length=40, required=False)
    invoice = Text(max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """One target, not two and not none."""
        found = super().clean() or {}
        if bool(found.get("order")) == bool(found.get("invoice")):
            raise forms.ValidationError(_("Choose an order or an invoice."))
        return found


class InvoiceFilter(django_filters.FilterSet):
    """What a list of invoices can be narrowed by."""

    q = SearchFilter(fields=["number", "request_number", "order__number", "customer__name"])
    state = django_filters.ChoiceFilter(label=_("State"), choices=InvoiceState.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=InvoiceKind.choices)
    due_from = DaysFilter("due_on", "gte", label=_("Due from"))
    due_until = DaysFilter("due_on", "lte", label=_("Due until"))

    class Meta:
        model = Invoice
        fields: list[str] = []


class ReceiptFilter(django_filters.FilterSet):
    """What a list of receipts can be narrowed by."""

    q = SearchFilter(fields=["number", "reference", "payer", "customer__name"])
    method = django_filters.ChoiceFilter(label=_("Method"), choices=PaymentMethod.choices)
    unapplied = django_filters.BooleanFilter(label=_("Not allocated in full"), method="only_unapplied")
    received_from = DaysFilter("received_on", "gte", label=_("Received from"))
    received_until = DaysFilter("received_on", "lte", label=_("Received until"))

    class Meta:
        model = Receipt
        fields: list[str] = []

    def only_unapplied(self, rows: Any, name: str, value: bool) -> Any:
        """R6.7: what is not applied remains visible."""
        unapplied = rows.unapplied()
        return unapplied if value else rows.exclude(pk__in=unapplied.values("pk"))
