"""Language, theme, density, mail: how each person wants to read."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.forms import PreferencesForm
from accounts.models import User
from accounts.roles import ROLES
from core.access import SIGNED_IN, access, public

LOOKS = {"theme": {"system", "light", "dark"}, "density": {"comfortable", "compact"}}
A_YEAR = 365 * 24 * 60 * 60


@public(
    "the language of the door is chosen before anybody is known",
    methods=("POST",),
    repeatable="setting it twice is setting it once",
)
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: kept with the person, and in a cookie for the door."""
    wanted = request.POST.get("language", "")
    answer = _back(request)
    if wanted not in dict(settings.LANGUAGES):
        return answer
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=wanted)
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer


@access(SIGNED_IN, methods=("POST",), repeatable="setting it twice is setting it once")
def look(request: HttpRequest) -> HttpResponse:
    """Choose theme or density."""
    wanted = {name: request.POST.get(name, "") for name in LOOKS}
    chosen = {name: value for name, value in wanted.items() if value in LOOKS[name]}
    if chosen:
        User.objects.filter(pk=request.user.pk).update(**chosen)
    return _back(request)


@access(SIGNED_IN, methods=("GET", "HEAD", "POST"))
def me(request: HttpRequest) -> HttpResponse:
    """The person's own page: who they are here, and how they want to read and be told."""
    form = PreferencesForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        person = form.save()
        with override(person.language):
            messages.success(request, _("Your settings were kept."))
        return redirect("accounts:me")
    context = {
        "form": form,
        "roles": [ROLES[role] for role in ROLES if role in request.user.roles],
    }
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if target and allowed else "/")
