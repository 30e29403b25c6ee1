"""Pages of approval."""

from django.urls import URLPattern, URLResolver, path

from approvals.views import pages

app_name = "approvals"

urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals/", pages.inbox, name="inbox"),
    path("settings/authority/", pages.authority, name="authority"),
]
