"""The forms of a file of orders: bringing it, and saying whose it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import Text, WholeNumber
from customers.models import Customer
from orders.gates.content import customer_is_not_blocked
from orders.gates.intake import own_order_has_its_customer
from orders.intake.checking import Whose
from orders.intake.meaning import customers_by_text
from orders.models import ImportBatch


class WhoseForm(forms.Form):
    """Whose orders they are if no column says so, and whether the file is their own order."""

    customer = Text(
        label=_("Customer’s code or name"),
        help_text=_("Leave it empty if a column of the file names the customer."),
        max_length=120,
        required=False,
    )
    is_source = forms.BooleanField(
        label=_("The file is the customer’s own order"),
        help_text=_("It is attached to each of its orders; its confirmation mark is recorded there."),
        required=False,
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_customer(self) -> Any:
        text = self.cleaned_data["customer"]
        found = customers_by_text([text], self.actor).get(text) if text else None
        if text and not isinstance(found, Customer):
            raise ValidationError(_("There is no such customer."))
        if isinstance(found, Customer):
            for reason in customer_is_not_blocked(Whose(found)):
                raise ValidationError(reason.sentence)
        return found

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        wish = ImportBatch(customer=kept.get("customer"), is_source=kept.get("is_source", False))
        if "customer" in kept:
            for reason in own_order_has_its_customer(wish):
                self.add_error("customer", reason.sentence)
        return kept


class ImportForm(WhoseForm):
    """A file of orders, and whose it is."""

    file = forms.FileField(label=_("File (.xlsx or .csv)"))
    replaces = WholeNumber(required=False, max_digits=18, widget=forms.HiddenInput)
    field_order = ("file", "customer", "is_source", "replaces")

    def clean_replaces(self) -> ImportBatch | None:
        pk = self.cleaned_data["replaces"]
        return ImportBatch.objects.visible_to(self.actor).filter(pk=pk).first() if pk else None
