"""Pages of approval."""

from django.urls import URLPattern, URLResolver, path

from approvals import views

app_name = "approvals"

urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals/", views.inbox, name="inbox"),
    path("settings/authority/", views.authority, name="authority"),
]
