"""Warehouses, product categories and price lists are kept by the administrator; every change is recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from core.audit import record
from inventory.forms import CategoryForm
from inventory.models import PriceList, ProductCategory, Warehouse


class RecordedAdmin(admin.ModelAdmin):
    """A list kept by hand: each row added or changed leaves an audit event (R10.1); none is removed."""

    verb = ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What documents name stays."""
        return False

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        told = {name: _told(form.cleaned_data[name]) for name in form.changed_data}
        was = {name: _told(form.initial.get(name, "")) for name in form.changed_data} if change else {}
        if told:
            record(
                f"{self.verb}.{'changed' if change else 'added'}",
                thread=f"{self.verb}:{obj.pk}",
                actor=request.user,
                subject=str(obj),
                old=was,
                new=told,
            )


@admin.register(Warehouse)
class WarehouseAdmin(RecordedAdmin):
    """Where stock lies."""

    verb = "warehouse"
    list_display = ["code", "name"]


@admin.register(ProductCategory)
class ProductCategoryAdmin(RecordedAdmin):
    """What kind of product it is, and the attachments that its orders must carry (R1.3)."""

    verb = "category"
    form = CategoryForm
    list_display = ["code", "name"]


@admin.register(PriceList)
class PriceListAdmin(RecordedAdmin):
    """Which prices are in force from when to when, in which currency, with tax or without."""

    verb = "price_list"
    list_display = ["name", "currency", "tax_included", "valid_from", "valid_until"]


def _told(value: Any) -> str:
    """A value as the timeline keeps it; of several names one behind the other."""
    return ", ".join(value if isinstance(value, list) else str(value).split("\n"))
