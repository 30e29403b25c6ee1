"""The forms of an order: header, lines as posted by the grid, papers, decisions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils import timezone
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
from customers.models import Channel, PaymentTerms
from inventory.models import Warehouse
from orders.as_written import as_written, said_beside
from orders.gates import CHECKLIST
from orders.models import SalesOrder
from orders.states import FreightBearer, MarkKind, OrderClass

MOST_ROWS = 2000
LONGEST_NOTE = 8000  # a memo's two texts with their headings, and more
BLANK = ("", _("Choose"))


#: Fields that offer what the customer's file says, and take anything else: id of the list of offers.
OFFERED = {"contact_name": "known-contacts", "contact_phone": "known-phones", "ship_to": "known-addresses"}
#: What a page did not send is not thereby empty.
ABSENT_IS_NO_ANSWER = {"ship_from", "freight_bearer", "channel_reference"}


class HeaderForm(forms.Form):
    """The header of a draft. Everything may stay empty until it is submitted (R1.3)."""

    ZERO_IF_EMPTY = ("deposit_percent", "freight", "credit_days")

    contact_name = Text(label=_("Contact"), max_length=80, required=False)
    contact_phone = Text(label=_("Contact’s phone"), max_length=40, required=False)
    customer_order_number = Text(label=_("Customer’s order number"), max_length=60, required=False)
    ship_to = Text(label=_("Ship to"), max_length=300, required=False)
    ship_from = forms.ModelChoiceField(
        label=_("Ship from"), queryset=Warehouse.objects.all(), required=False, empty_label=_("Any warehouse")
    )
    due_on = DateField(label=_("Due, for new lines"), required=False)
    channel = Choice(label=_("Channel"), choices=[BLANK, *Channel.choices], required=False)
    channel_reference = Text(label=_("Channel’s reference"), max_length=80, required=False)
    klass = Choice(label=_("Class"), choices=OrderClass.choices)
    class_reason = Text(label=_("Why special or urgent"), max_length=200, required=False)
    payment_terms = Choice(label=_("Payment terms"), choices=[BLANK, *PaymentTerms.choices], required=False)
    deposit_percent = Percent(label=_("Deposit, %"), required=False)
    credit_days = WholeNumber(
        label=_("Credit days"), required=False, min_value=0, max_value=720, max_digits=4
    )
    freight = MoneyField(label=_("Freight"), required=False, max_value=Decimal(10) ** 9)
    freight_bearer = Choice(label=_("Freight borne by"), choices=FreightBearer.choices, required=False)
    message = LongText(label=_("Message to the customer"), required=False, max_length=1000)
    internal_note = LongText(label=_("Internal note"), required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, order: SalesOrder, **kwargs: Any):
        super().__init__(*args, initial=header_of(order), **kwargs)
        if self.is_bound:
            say_saved(self, shown_header(order))
        for name in ("message", "internal_note"):
            self.fields[name].widget.attrs["rows"] = 2
        for name, offered in OFFERED.items():
            self.fields[name].widget.attrs |= {"list": offered, "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ABSENT_IS_NO_ANSWER - set(self.data):
            cleaned.pop(name, None)
        if not cleaned.get("freight_bearer", True):
            cleaned.pop("freight_bearer")
        for name in self.ZERO_IF_EMPTY:
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = 0 if name == "credit_days" else Decimal(0)
        return cleaned


@dataclass
class PostedRow:
    """One row of the grid as it was posted: what was typed, what was read of it, what is wrong with it."""

    index: int
    typed: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


#: Column of the grid → name of the line's field, and the form field that reads it.
CELLS = {
    "product": ("product", Text(max_length=120, required=False)),
    "quantity": ("quantity", Number(required=False, min_value=0, max_value=10**9, decimal_places=3)),
    "price": ("price", Price(required=False, max_value=10**9)),
    "discount": ("discount_percent", Percent(required=False)),
    "due": ("due_on", DateField(required=False)),
}
#: Cells of the second row, which a page may leave out: then they stay as they are.
MORE_CELLS = {
    "tax": ("tax_rate", TaxRate(required=False)),
    "specification": ("specification", Text(max_length=200, required=False)),
    "packaging": ("packaging", Text(max_length=120, required=False)),
    "tolerance": ("tolerance", Text(max_length=60, required=False)),
}


def posted_rows(data: QueryDict) -> list[PostedRow]:
    """The rows of a posted grid, in order; ValidationError if their number is not possible."""
    try:
        total = WholeNumber(min_value=0, max_value=MOST_ROWS).clean(data.get("lines-TOTAL_FORMS", "0"))
    except ValidationError:
        raise ValidationError(_("The number of rows is not possible.")) from None
    return [posted_row(data, index) for index in range(total or 0) if f"lines-{index}-product" in data]


def posted_row(data: QueryDict, index: int) -> PostedRow:
    """One row of a posted grid."""
    sent = {cell: reads for cell, reads in MORE_CELLS.items() if f"lines-{index}-{cell}" in data}
    row = PostedRow(index, {cell: data.get(f"lines-{index}-{cell}", "") for cell in CELLS | sent})
    row.values["typing"] = bool(data.get(f"lines-{index}-typing"))
    row.typed["id"] = data.get(f"lines-{index}-id", "")
    row.values["id"] = read_number(row.typed["id"])
    row.values["delete"] = bool(data.get(f"lines-{index}-DELETE"))
    row.values["unread"] = {}
    for cell, (name, reader) in (CELLS | sent).items():
        written = as_written(name, row.typed[cell])
        try:
            row.values[name] = reader.clean(written.text)
        except ValidationError as error:
            row.errors[cell] = " ".join(error.messages)
            row.values["unread"][name] = row.typed[cell]
        row.values |= said_beside(written, row.typed[cell])
    for name in ("quantity", "discount_percent"):
        if name in row.values and row.values[name] is None:
            row.values[name] = Decimal(0)
    names = {cell: name for cell, (name, _reader) in (CELLS | sent).items()}
    row.values["typed"] = {name: row.typed[cell] for cell, name in names.items()}
    row.values["was"] = cells_were(data.get(f"lines-{index}-was", ""), names)
    return row


def cells_were(said: str, names: dict[str, str]) -> dict[str, str]:
    """What the page showed of a line before it was typed in, by the line's field; empty if not said."""
    try:
        shown = json.loads(said or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(shown, dict):
        return {}
    return {name: shown[cell] for cell, name in names.items() if isinstance(shown.get(cell), str)}


def why_unread(name: str, typed: str, *, unit: str, currency: str) -> tuple[str, str]:
    """The cell of a line's field, and why what was typed in it cannot be read."""
    cell, reader = next(
        (cell, reader) for cell, (each, reader) in (CELLS | MORE_CELLS).items() if each == name
    )
    written = as_written(name, typed)
    why = _("The unit is %(unit)s.") % {"unit": unit}
    if name == "price":
        why = _("The order is in %(currency)s.") % {"currency": currency}
    try:
        reader.clean(written.text)
    except ValidationError as error:
        why = " ".join(error.messages)
    return cell, f"“{typed}”: {why}" if cell == "due" else str(why)


class PaperForm(forms.Form):
    """A file, and what it serves as."""

    file = forms.FileField(label=_("File"))
    kind = Text(label=_("Kind of file"), max_length=80, required=False)


class MarkForm(forms.Form):
    """R1.1: the confirmation mark: kind, by whom, when."""

    mark = Choice(label=_("Confirmation mark"), choices=[BLANK, *MarkKind.choices])
    marked_by = Text(label=_("Confirmed by"), max_length=80)
    marked_on = DateField(label=_("Confirmed on"))
    marked_page = Text(label=_("On page"), max_length=20, required=False)

    def clean_marked_on(self) -> Any:
        day = self.cleaned_data["marked_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day lies ahead."))
        return day


class ChecklistForm(forms.Form):
    """R1.9: what was looked at."""

    checked = forms.MultipleChoiceField(
        label=_("Looked at"),
        choices=list(CHECKLIST.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class ConfirmationForm(forms.Form):
    """In which language, and to whom."""

    language = Choice(label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")])
    to = Text(
        label=_("Send to"),
        max_length=254,
        validators=[EmailValidator()],
        required=False,
        help_text=_("Without an address you print it and hand it over or fax it yourself."),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = LongText(label=_("Reason"), max_length=2000)


class CommentForm(forms.Form):
    """What somebody says."""

    comment = LongText(label=_("Comment"), max_length=4000)


def header_of(order: SalesOrder) -> dict[str, Any]:
    """The header as the form shows it."""
    values = {name: getattr(order, name) for name in HeaderForm.base_fields}
    values["ship_from"] = order.ship_from_id
    return values | {name: _short(values[name]) for name in ("deposit_percent", "freight")}


def shown_header(order: SalesOrder) -> dict[str, str]:
    """The header as the page posts it."""
    return {name: "" if value is None else str(value) for name, value in header_of(order).items()}


def say_saved(form: forms.Form, shown: dict[str, str]) -> None:
    """Beside a field that shows what was typed, what is saved of it; header-post.js reads it."""
    for name, saved in shown.items():
        form.fields[name].widget.attrs["data-saved"] = saved


def _short(value: Decimal) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def read_number(text: str) -> int | None:
    """A key or version as a form carries it; None if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
