"""Carriers are kept by the administrator."""

from django.contrib import admin

from logistics.models import Carrier


@admin.register(Carrier)
class CarrierAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "phone", "active"]
    search_fields = ["code", "name"]
