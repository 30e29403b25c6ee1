"""The forms of products, stock, production and quality."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import (
    Choice,
    DateField,
    LongText,
    ModelChoice,
    Number,
    Price,
    Quantity,
    TaxRate,
    Text,
    WholeNumber,
)
from inventory.models import PriceList, Product, ProductCategory, Warehouse
from inventory.queries import attachments_of
from inventory.states import MovementKind, Supply

ZERO = Decimal(0)


class VersionedForm(forms.Form):
    """A form that knows which version of its object it was opened on (I12)."""

    version = WholeNumber(widget=forms.HiddenInput, min_value=1)


class ProductForm(forms.Form):
    """A product's master record. Cost is there only for those who may see costs."""

    code = Text(label=_("Code"), max_length=40)
    name = Text(label=_("Name"), max_length=120)
    name_en = Text(label=_("Name in English"), max_length=120, required=False)
    specification = Text(label=_("Specification"), max_length=200, required=False)
    barcode = Text(label=_("Barcode"), max_length=40, required=False)
    category = ModelChoice(
        label=_("Category"), queryset=ProductCategory.objects.all(), required=False, empty_label="–"
    )
    unit = Text(label=_("Unit"), max_length=12, initial="pcs")
    quantity_step = Quantity(
        label=_("Smallest step"),
        initial=1,
        help_text=_("1 for whole pieces, 0.01 for centimetres of a metre."),
    )
    tax_rate = TaxRate(label=_("Tax rate, %"), initial=13)
    supply = Choice(label=_("Served"), choices=Supply.choices)
    minimum_stock = Number(
        label=_("Minimum stock"), initial=0, min_value=ZERO, max_digits=14, decimal_places=3
    )
    cost = Price(label=_("Cost"), required=False)
    active = forms.BooleanField(label=_("Sold"), required=False, initial=True)

    def __init__(self, *args: Any, product: Product | None = None, sees_cost: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if product is not None:
            del self.fields["code"]
            self.fields["version"] = VersionedForm.base_fields["version"]
        if not sees_cost:
            del self.fields["cost"]


class CategoryForm(forms.ModelForm):
    """A product category; the attachments that its orders must carry by name, one a line (R1.3)."""

    MOST, LONGEST = 20, 80  # as long as the purpose of a paper
    demanded_attachments = LongText(
        label=_("Demanded attachments"),
        required=False,
        max_length=2000,
        help_text=_("One name a line, as it is shown to the rep; for example “plan”."),
    )

    class Meta:
        model = ProductCategory
        fields = ["code", "name", "demanded_attachments"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["demanded_attachments"] = "\n".join(attachments_of(self.instance))

    def clean_demanded_attachments(self) -> list[str]:
        lines = self.cleaned_data["demanded_attachments"].splitlines()
        names = list(dict.fromkeys(" ".join(each.split()) for each in lines if each.strip()))
        for name in names:
            if len(name) > self.LONGEST:
                told = _("“%(name)s” is longer than %(most)s characters.")
                raise ValidationError(told, params={"name": f"{name[:20]}…", "most": self.LONGEST})
        if len(names) > self.MOST:
            raise ValidationError(_("At most %(most)s attachments."), params={"most": self.MOST})
        return names


class PriceForm(forms.Form):
    """The list price of a product in one price list."""

    price_list = ModelChoice(label=_("Price list"), queryset=PriceList.objects.order_by("name"))
    price = Price(label=_("Price"))


class SubstitutesForm(forms.Form):
    """What may be offered in a product's place."""

    codes = Text(
        label=_("Product codes"),
        max_length=400,
        required=False,
        help_text=_("Several with commas between them; empty for none."),
    )

    def clean_codes(self) -> list[str]:
        given = self.cleaned_data["codes"].replace("，", ",").split(",")
        return [each.strip() for each in given if each.strip()]


class _StockForm(forms.Form):
    """What both stock forms ask: which product, where, by which document."""

    product = Text(label=_("Product code"), max_length=40, help_text=_("Type it or scan the barcode."))
    warehouse = ModelChoice(label=_("Warehouse"), queryset=Warehouse.objects.all(), empty_label=None)
    document = Text(
        label=_("Document"), max_length=60, help_text=_("Delivery note, count sheet or the like, by number.")
    )

    def clean_product(self) -> Product:
        """By code, else by barcode."""
        typed = self.cleaned_data["product"]
        found = Product.objects.filter(code=typed).first() or Product.objects.filter(barcode=typed).first()
        if found is None:
            raise ValidationError(_("There is no product with this code."))
        return found


class ReceiveForm(_StockForm):
    """Goods come in."""

    quantity = Quantity(label=_("Quantity"))
    kind = Choice(
        label=_("What is it"),
        choices=[
            (kind.value, kind.label)
            for kind in (MovementKind.RECEIPT, MovementKind.OPENING, MovementKind.RETURN)
        ],
    )
    reason = Text(label=_("Remark"), max_length=200, required=False)
    field_order = ["product", "quantity", "warehouse", "kind", "document", "reason"]


class CounterEntryForm(_StockForm):
    """The ledger was wrong: an entry that sets it right, with the reason (R4.5)."""

    quantity = Number(
        label=_("Change of the level"),
        max_digits=14,
        decimal_places=3,
        help_text=_("Minus takes off: -5 when five fewer are there than the ledger says."),
    )
    reason = Text(label=_("Why"), max_length=200)
    field_order = ["product", "quantity", "warehouse", "document", "reason"]

    def clean_quantity(self) -> Decimal:
        """Something must change."""
        if not self.cleaned_data["quantity"]:
            raise ValidationError(_("Nothing would change."))
        return self.cleaned_data["quantity"]


class AcceptForm(VersionedForm):
    """The production lead's name is the signed-in person; the day is the promise (R4.2)."""

    promised_on = DateField(label=_("Promised finish"))


class ReportForm(VersionedForm):
    """What was made (R4.3)."""

    quantity = Quantity(label=_("Quantity made"))


class InspectionForm(VersionedForm):
    """The four checks of R4.4, what passes, what goes back and why."""

    passed = Number(label=_("Passed"), min_value=ZERO, max_digits=14, decimal_places=3)
    rejected = Number(label=_("Rejected"), min_value=ZERO, max_digits=14, decimal_places=3, initial=0)
    warehouse = ModelChoice(label=_("Into the warehouse"), queryset=Warehouse.objects.all(), empty_label=None)
    reason = LongText(
        label=_("Reason of the rejection"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    quantity_ok = forms.BooleanField(label=_("Quantity meets the standard"), required=False)
    appearance_ok = forms.BooleanField(label=_("Appearance meets the standard"), required=False)
    packaging_ok = forms.BooleanField(label=_("Packaging meets the standard"), required=False)
    label_ok = forms.BooleanField(label=_("Label meets the standard"), required=False)
