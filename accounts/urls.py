"""People's own pages."""

from django.urls import URLPattern, URLResolver, path

from accounts.views import delegations, home, inbox, me, search

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:pk>/", inbox.open_notice, name="notice"),
    path("remind/", inbox.send_reminder, name="remind"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<int:pk>/revoke/", delegations.revoke, name="revoke_delegation"),
    path("me/", me.me, name="me"),
    path("me/language/", me.language, name="language"),
    path("me/theme/", me.look, name="theme"),
    path("me/density/", me.look, name="density"),
    path("search/", search.search, name="search"),
]
