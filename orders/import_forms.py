"""The form that brings a file of orders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import Text, WholeNumber
from customers.models import Customer
from orders.intake.meaning import customers_by_text
from orders.models import ImportBatch


class ImportForm(forms.Form):
    """A file of orders, and whose they are if no column says so."""

    file = forms.FileField(label=_("File (.xlsx or .csv)"))
    customer = Text(
        label=_("Customer’s code or name"),
        help_text=_("Leave it empty if a column of the file names the customer."),
        max_length=120,
        required=False,
    )
    replaces = WholeNumber(required=False, max_digits=18, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_customer(self) -> Any:
        text = self.cleaned_data["customer"]
        found = customers_by_text([text], self.actor).get(text) if text else None
        if text and not isinstance(found, Customer):
            raise ValidationError(_("There is no such customer."))
        return found

    def clean_replaces(self) -> ImportBatch | None:
        pk = self.cleaned_data["replaces"]
        return ImportBatch.objects.visible_to(self.actor).filter(pk=pk).first() if pk else None
