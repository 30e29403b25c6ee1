"""How these pages answer: a refusal in words at 409, wrong input at 422, an old page with both versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from core.refusals import at_fields, stale, versions
from core.rules import Blocked, Stale

Page = Callable[..., HttpResponse]


def tried(
    request: HttpRequest,
    form: forms.Form,
    verb: Callable[[], Any],
    page: Page,
    *,
    done: Any,
    target: Any = None,
    team: Any = None,
) -> HttpResponse:
    """Run the verb for a filled form: `done` is said and `target` (else what the verb returns) is shown.

    `page(form, status=…, panel=…)` shows the form again: 422 with what is wrong in it, 409 with the reasons
    of a refusal or with the version that is present now.
    """
    if not form.is_valid():
        return page(form, status=422)
    try:
        result = verb()
    except Blocked as refused:
        at_fields(form, refused)
        panel = refusal_panel(refused.reasons, team=team, actor=request.user)
        return page(form, status=409, panel=panel)
    except Stale as old:
        sentence = _("Somebody changed this meanwhile. Compare, then save again.")
        diff = versions(form, old.current)
        stale(form, sentence, version=str(old.current.version))
        return page(form, status=409, diff=diff)
    messages.success(request, done)
    return redirect(target or result)
