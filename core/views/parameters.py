"""Parameters: the list by group, and each one's value, history and change."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import access
from core.forms import ParameterForm, typed
from core.models import ParameterValue
from core.parameter_actions import latest_version, set_parameter
from core.parameters import Parameter, by_group, parameter
from core.rules import Blocked, Stale
from core.views.refusals import at_fields, panel, stale

SHOWN = 100


@access("core.read_parameter", "core.change_parameter")
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter with its rule, value, since when, and what comes next."""
    groups = [
        {"label": label, "rows": [_row(standing) for standing in rows]} for label, rows in by_group().items()
    ]
    return render(request, "core/parameters.html", {"groups": groups})


@access("core.read_parameter", "core.change_parameter", methods=("GET", "HEAD", "POST"))
def parameter_page(request: HttpRequest, key: str) -> HttpResponse:
    """One parameter: its value now, the form to change it, its history."""
    try:
        declared = parameter(key)
    except LookupError:
        raise Http404 from None
    if request.method == "POST":
        return _change(request, declared)
    initial = {"value": typed(declared, declared.value()), "version": latest_version(key)}
    return _page(request, declared, ParameterForm(parameter=declared, initial=initial))


def _change(request: HttpRequest, declared: Parameter) -> HttpResponse:
    form = ParameterForm(request.POST, parameter=declared)
    if not form.is_valid():
        return _page(request, declared, form, status=422)
    try:
        set_parameter(key=declared.key, actor=request.user, **form.cleaned_data)
    except Blocked as refusal:
        at_fields(form, refusal)
        return _page(request, declared, form, status=409, refused=panel(refusal, declared.label))
    except Stale:
        sentence = _("Somebody set another value meanwhile; it is in the history. Check it, then save again.")
        stale(form, sentence, version=str(latest_version(declared.key)))
        return _page(request, declared, form, status=409)
    messages.success(request, _("%(label)s was set.") % {"label": declared.label})
    return redirect("core:parameter", key=declared.key)


def _page(request, declared, form, *, status=200, refused=None) -> HttpResponse:
    history = ParameterValue.objects.filter(key=declared.key).select_related("set_by")
    rows = history.order_by("-effective_from")[:SHOWN]
    context = {
        "parameter": declared,
        "row": _row(declared.standing()),
        "form": form,
        "panel": refused,
        "may_change": request.user.has_perm("core.change_parameter"),
        "default": declared.show(declared.default),
        "history": [_past(declared, each) for each in rows],
    }
    return render(request, "core/parameter.html", context, status=status)


def _past(declared: Parameter, kept: ParameterValue) -> dict:
    value = declared.from_json(kept.value)
    example = declared.example(value) if declared.example else ""
    return {"value": declared.show(value), "example": example, "kept": kept}


def _row(standing) -> dict:
    declared = standing.parameter
    return {
        "parameter": declared,
        "value": declared.show(standing.value),
        "example": declared.example(standing.value) if declared.example else "",
        "since": standing.since,
        "next_value": declared.show(standing.next_value) if standing.next_from else "",
        "next_from": standing.next_from,
    }
