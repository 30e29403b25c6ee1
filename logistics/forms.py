"""Forms of shipments: what is asked for, packed, handed to the carrier, received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import DateField, ModelChoice, Quantity, Text, WholeNumber
from core.lists import DaysFilter, SearchFilter
from inventory.quantities import plain
from logistics.models import Carrier, Shipment
from logistics.queries import Asked
from logistics.states import ReleaseCase, ShipmentState


class RequestForm(forms.Form):
    """How much of each line shall leave, and when; a line left empty or at zero stays."""

    wanted_on = DateField(label=_("To leave on"), initial=timezone.localdate)

    def __init__(self, *args: Any, lines: Iterable[Asked], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for each in self.lines:
            self.fields[self.key(each)] = Quantity(
                step=each.step,
                min_value=Decimal(0),
                required=False,
                label=_("Line %(line)s, %(product)s")
                % {"line": each.line.position, "product": each.line.product},
                initial=plain(each.quantity or each.free) if each.quantity or each.free else None,
            )

    @staticmethod
    def key(each: Asked) -> str:
        """The name of a line's field."""
        return f"quantity-{each.line.pk}"

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its figures and its field."""
        return [{"asked": each, "line": each.line, "field": self[self.key(each)]} for each in self.lines]

    def quantities(self) -> dict[int, Decimal]:
        """What was asked for, by order line."""
        asked = {each.line.pk: self.cleaned_data.get(self.key(each)) for each in self.lines}
        return {pk: quantity for pk, quantity in asked.items() if quantity}


class PackForm(forms.Form):
    """How many packages there are."""

    packages = WholeNumber(label=_("Packages"), min_value=1, max_value=9999)


class DispatchForm(forms.Form):
    """Who carries the goods, under which waybill, until when."""

    carrier = ModelChoice(label=_("Carrier"), queryset=Carrier.objects.filter(active=True))
    waybill = Text(label=_("Waybill number"), max_length=60)
    expected_on = DateField(label=_("Expected arrival"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["expected_on"].earliest = today  # type: ignore[attr-defined]
        self.fields["expected_on"].initial = today + timedelta(days=2)


class DeliverForm(forms.Form):
    """Who received the goods, with the signed receipt."""

    received_by = Text(label=_("Received by"), max_length=80)
    receipt = forms.FileField(
        label=_("Signed receipt"), help_text=_("Photo or PDF of the receipt that the customer signed.")
    )


class ShipmentFilter(django_filters.FilterSet):
    """What a list of shipments can be narrowed by."""

    q = SearchFilter(fields=["number", "order__number", "order__customer__name", "waybill"])
    state = django_filters.ChoiceFilter(label=_("State"), choices=ShipmentState.choices)
    release_case = django_filters.ChoiceFilter(label=_("Released under"), choices=ReleaseCase.choices)
    signed = django_filters.BooleanFilter(label=_("Signed by everybody"), method="by_signatures")
    unconfirmed = django_filters.BooleanFilter(label=_("Revenue to be confirmed"), method="by_revenue")
    wanted_from = DaysFilter("wanted_on", "gte", label=_("To leave from"))
    wanted_until = DaysFilter("wanted_on", "lte", label=_("To leave until"))

    class Meta:
        model = Shipment
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "customer" in self.request.user.roles:  # who signed and what is invoiced is the house's business
            for name in ("release_case", "signed", "unconfirmed"):
                del self.filters[name]

    def by_signatures(self, rows: Any, name: str, value: bool) -> Any:
        """R5.9: those that business support can release, or those that still wait for somebody."""
        waiting = rows.filter(state=ShipmentState.REQUESTED)
        return rows.to_release() if value else waiting.exclude(pk__in=rows.to_release().values("pk"))

    def by_revenue(self, rows: Any, name: str, value: bool) -> Any:
        """R6.1: those that left and of which something is not confirmed yet, or the others."""
        return rows.to_confirm() if value else rows.exclude(pk__in=rows.to_confirm().values("pk"))
