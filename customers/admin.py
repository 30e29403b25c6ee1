"""Who signs in for a customer is set by the administrator; nothing else of a customer is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.audit import record
from customers.models import Customer


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    """The portal accounts of a customer (R10.2)."""

    list_display = ["code", "name", "team"]
    search_fields = ["code", "name"]
    fields = ["code", "name", "portal_users"]
    readonly_fields = ["code", "name"]
    filter_horizontal = ["portal_users"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            field.label = field.widget.verbose_name = _("Portal accounts")
        return field

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Who keeps people's accounts keeps the portal's too, without a customer's pages."""
        return request.user.has_perm("accounts.change_user")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See has_module_permission."""
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See has_module_permission."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Customers are added on their own page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What documents name stays."""
        return False

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "portal_users" in form.changed_data:
            people = ", ".join(str(each) for each in form.instance.portal_users.order_by("pk"))
            thread, subject = form.instance.thread, form.instance.name
            record("customer.portal_set", thread=thread, actor=request.user, subject=subject, people=people)
