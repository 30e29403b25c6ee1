"""Saved views of every list."""

from django.urls import URLPattern, URLResolver, path

from core.views.lists import view_delete, view_save

urlpatterns: list[URLPattern | URLResolver] = [
    path("views/<slug:list_name>/save/", view_save, name="save_view"),
    path("views/<int:pk>/delete/", view_delete, name="delete_view"),
]
