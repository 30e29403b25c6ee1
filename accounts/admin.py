"""The administrator's door to people and teams; every change is recorded (R10.1)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import record_person
from accounts.models import Team, User
from accounts.roles import ROLES
from approvals.handover import appoint_manager
from core.audit import record

admin.site.site_header = admin.site.site_title = _("Orderway")
admin.site.index_title = _("People and lists")


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts and their roles. Permissions come from roles only, so none is given one by one."""

    list_display = ["username", "display_name", "team", "is_active", "last_login"]
    list_filter = ["groups", "team", "is_active"]
    search_fields = ["username", "display_name", "email"]
    filter_horizontal = ["groups"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["display_name", "email", "team", "language", "away_until"]}),
        (_("Roles"), {"fields": ["groups", "is_active"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "display_name", "password1", "password2"]})
    ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.label = field.widget.verbose_name = _("Roles")
            field.label_from_instance = lambda group: ROLES.get(group.name, group.name)
        return field

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(is_system=False, is_superuser=False)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who has done something is deactivated, never removed."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = sorted(form.instance.groups.values_list("name", flat=True)) if change else []
        super().save_related(request, form, formsets, change)
        after = sorted(form.instance.groups.values_list("name", flat=True))
        told = {
            name: str(form.cleaned_data.get(name)) for name in form.changed_data if "password" not in name
        }
        record_person(
            actor=request.user,
            person=form.instance,
            opened=not change,
            old={"roles": ", ".join(before)},
            new={**told, "groups": "", "roles": ", ".join(after)},
        )


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams; a new manager takes over what waits for the old one."""

    list_display = ["code", "name", "shop", "manager"]
    fields = ["code", "name", "shop", "manager"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its orders name it."""
        return False

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        manager = obj.manager
        if change:
            obj.manager = Team.objects.get(pk=obj.pk).manager
        super().save_model(request, obj, form, change)
        appoint_manager(obj, manager=manager, actor=request.user)
        renamed = [name for name in form.changed_data if name != "manager"]
        if renamed or not change:
            record(
                "team.changed",
                thread=f"team:{obj.code}",
                actor=request.user,
                subject=str(obj),
                new={name: form.cleaned_data[name] for name in renamed},
            )
