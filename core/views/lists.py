"""Saved views: keeping a list's filters, and taking a view away."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import SIGNED_IN, access
from core.fields import Choice, Text
from core.models import SavedView, Shared
from core.saved_views import LONGEST_QUERY, delete_view, save_view


class SaveForm(forms.Form):
    name = Text(label=gettext_lazy("Name"), max_length=60)
    scope = Choice(label=gettext_lazy("For whom"), choices=Shared.choices)
    query = Text(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)


@access(SIGNED_IN, methods=("POST",))
def view_save(request: HttpRequest, list_name: str) -> HttpResponse:
    """Keep the filters of a list for oneself, one's team or everyone."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _refused(request, next(iter(form.errors.values()))[0])
    kept = form.cleaned_data
    try:
        view = save_view(
            actor=request.user,
            list_name=list_name,
            label=kept["name"],
            query=kept["query"],
            shared=kept["scope"],
        )
    except ValidationError as refusal:
        return _refused(request, refusal.messages[0])
    messages.success(request, _("The view “%(label)s” is kept.") % {"label": view.label})
    return redirect(f"{_back(request)}?{view.query}")


@access(SIGNED_IN, scope=SavedView.objects.visible_to, methods=("POST",))
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away one's own view."""
    if not delete_view(actor=request.user, pk=pk):
        raise Http404
    messages.success(request, _("The view is gone."))
    return redirect(_back(request))


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "400.html", {"sentence": sentence}, status=400)


def _back(request: HttpRequest) -> str:
    """The list that the form stood on, if it is one of ours; else the first page."""
    path = request.GET.get("next", "").split("?")[0]
    own = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return path if own and path.startswith("/") else "/"
