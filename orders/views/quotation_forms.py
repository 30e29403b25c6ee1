"""The forms of a quotation: header, lines as posted by the grid, sending."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import (
    Choice,
    DateField,
    LongText,
    MoneyField,
    Number,
    Percent,
    Price,
    TaxRate,
    Text,
    WholeNumber,
)
from customers.models import PaymentTerms
from orders.forms import BLANK, MOST_ROWS, PostedRow, cells_were, read_number, say_saved
from orders.models import Quotation
from orders.states import FreightBearer


class QuotationForm(forms.Form):
    """The header of a draft."""

    ZERO_IF_EMPTY = ("deposit_percent", "freight", "credit_days")

    contact_name = Text(label=_("Contact"), max_length=80, required=False)
    enquiry = Text(label=_("The customer’s enquiry"), max_length=120, required=False)
    valid_until = DateField(label=_("Valid until"), required=False)
    payment_terms = Choice(label=_("Payment terms"), choices=[BLANK, *PaymentTerms.choices], required=False)
    deposit_percent = Percent(label=_("Deposit, %"), required=False)
    credit_days = WholeNumber(
        label=_("Credit days"), required=False, min_value=0, max_value=720, max_digits=4
    )
    freight = MoneyField(label=_("Freight"), required=False, max_value=Decimal(10) ** 9)
    freight_bearer = Choice(label=_("Freight borne by"), choices=FreightBearer.choices)
    message = LongText(label=_("Message to the customer"), required=False, max_length=1000)

    def __init__(self, *args: Any, quotation: Quotation, **kwargs: Any):
        super().__init__(*args, initial=terms_of(quotation), **kwargs)
        if self.is_bound:
            say_saved(self, shown_terms(quotation))
        self.fields["message"].widget.attrs["rows"] = 2

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.ZERO_IF_EMPTY:
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = 0 if name == "credit_days" else Decimal(0)
        return cleaned


def terms_of(quotation: Quotation) -> dict[str, Any]:
    """The header as the form shows it."""
    values = {name: getattr(quotation, name) for name in QuotationForm.base_fields}
    for name in ("deposit_percent", "freight"):
        values[name] = f"{values[name]:.2f}".rstrip("0").rstrip(".")
    return values


def shown_terms(quotation: Quotation) -> dict[str, str]:
    """The header as the page posts it."""
    return {name: "" if value is None else str(value) for name, value in terms_of(quotation).items()}


#: Column of the grid → name of the line's field, and the form field that reads it.
CELLS = {
    "product": ("product", Text(max_length=120, required=False)),
    "quantity": ("quantity", Number(required=False, min_value=0, max_value=10**9, decimal_places=3)),
    "price": ("price", Price(required=False, max_value=10**9)),
    "discount": ("discount_percent", Percent(required=False)),
    "lead": ("lead_days", WholeNumber(required=False, min_value=0, max_value=720, max_digits=4)),
    "specification": ("specification", Text(max_length=200, required=False)),
    "tax": ("tax_rate", TaxRate(required=False)),
}

DETAILS = ("specification", "tax")


def quoted_rows(data: QueryDict) -> list[PostedRow]:
    """The rows of a posted grid, in order; ValidationError if their number is not possible."""
    try:
        total = WholeNumber(min_value=0, max_value=MOST_ROWS).clean(data.get("lines-TOTAL_FORMS", "0"))
    except ValidationError:
        raise ValidationError(_("The number of rows is not possible.")) from None
    return [quoted_row(data, index) for index in range(total or 0) if f"lines-{index}-product" in data]


def quoted_row(data: QueryDict, index: int) -> PostedRow:
    """One row of a posted grid."""
    row = PostedRow(index, {cell: data.get(f"lines-{index}-{cell}", "") for cell in CELLS})
    row.typed["id"] = data.get(f"lines-{index}-id", "")
    row.values["id"] = read_number(row.typed["id"])
    row.values["delete"] = bool(data.get(f"lines-{index}-DELETE"))
    for cell, (name, reader) in CELLS.items():
        if cell in DETAILS and f"lines-{index}-{cell}" not in data:
            continue  # not shown where it was typed: it stays as it is
        try:
            row.values[name] = reader.clean(row.typed[cell])
        except ValidationError as error:
            row.errors[cell] = " ".join(error.messages)
    for name in ("quantity", "discount_percent"):
        if name in row.values and row.values[name] is None:
            row.values[name] = Decimal(0)
    names = {cell: name for cell, (name, _reader) in CELLS.items() if f"lines-{index}-{cell}" in data}
    row.values["typed"] = {name: row.typed[cell] for cell, name in names.items()}
    row.values["was"] = cells_were(data.get(f"lines-{index}-was", ""), names)
    return row


def read_block(text: str) -> list[dict[str, Any]]:
    """Rows pasted from a spreadsheet as the grid's: code, quantity, price, discount, delivery days.

    Raises ValidationError with every cell that cannot be read, by row and column (R1.13).
    """
    rows, wrong = [], []
    for number, line in enumerate((each for each in text.splitlines() if each.strip()), start=1):
        if number > MOST_ROWS:
            raise ValidationError(_("The number of rows is not possible."))
        sign = next((each for each in ("\t", ";", ",") if each in line), "\t")
        row = {}
        for place, ((name, reader), cell) in enumerate(
            zip(CELLS.values(), line.split(sign), strict=False), start=1
        ):
            try:
                row[name] = reader.clean(cell.strip().removesuffix("%").strip())
            except ValidationError as error:
                why = {"row": number, "column": place, "why": " ".join(error.messages)}
                wrong.append(ValidationError(_("Row %(row)s, column %(column)s: %(why)s"), params=why))
        for name in ("quantity", "discount_percent"):
            row[name] = row.get(name) or Decimal(0)
        rows.append(row)
    if wrong:
        raise ValidationError(wrong)
    return rows


class SendForm(forms.Form):
    """In which language, and to whom."""

    language = Choice(label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")])
    to = Text(label=_("Send to"), max_length=254, validators=[EmailValidator()])
    version = WholeNumber(required=False, max_digits=9, widget=forms.HiddenInput)
