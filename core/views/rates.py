"""Exchange rates: what is in force today, what was on file, one to add, many to paste (R2.2)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import access
from core.company import CURRENCY
from core.forms import RateForm, RatesForm
from core.keyset import keyset_page
from core.models import ExchangeRate
from core.rate_actions import DayRate, set_rates
from core.rates import rates_in_force
from core.rules import Blocked
from core.views.refusals import at_fields, panel

PAGE = 50
MOST = 500
WRONG_SHOWN = 20
_PARTS = re.compile(r"\t|\s*[;；,，]\s*| +")


@access("core.view_exchangerate", "core.change_exchangerate", methods=("GET", "HEAD", "POST"))
def rates(request: HttpRequest) -> HttpResponse:
    """The rates in force and on file; finance or an administrator adds one."""
    if request.method != "POST":
        return _page(request)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    typed = form.cleaned_data
    row = DayRate(typed["currency"], typed["day"], typed["value"])
    return _set(request, [row], form, "form")


@access("core.change_exchangerate", methods=("POST",))
def rates_paste(request: HttpRequest) -> HttpResponse:
    """Many rates out of a sheet, all or none."""
    form = RatesForm(request.POST, auto_id="paste_%s")
    rows, wrong = _read(form.cleaned_data["pasted"]) if form.is_valid() else ([], [])
    for each in wrong[:WRONG_SHOWN]:
        form.add_error("pasted", each)
    if form.errors:
        return _page(request, status=422, paste=form)
    return _set(request, rows, form, "paste")


def _set(request: HttpRequest, rows: list[DayRate], form: forms.Form, name: str) -> HttpResponse:
    typed = form.cleaned_data
    try:
        kept = set_rates(rows=rows, reason=typed["reason"], correct=typed["correct"], actor=request.user)
    except Blocked as refusal:
        at_fields(form, refusal)
        return _page(request, status=409, refused=panel(refusal, _("Set the rate")), **{name: form})
    messages.success(request, _("%(count)s rates were set.") % {"count": len(kept)})
    return redirect("core:rates")


def _read(text: str) -> tuple[list[DayRate], list[str]]:
    """Rows of currency, day, rate; what is wrong, row by row."""
    rows = [
        (place, _PARTS.split(row.strip())) for place, row in enumerate(text.splitlines(), 1) if row.strip()
    ]
    if len(rows) > MOST:
        return [], [_("At most %(most)s rows at a time.") % {"most": MOST}]
    fields = RateForm().fields
    made, wrong = [], []
    for place, cells in rows:
        try:
            if len(cells) != 3:
                raise ValidationError(_("%(least)s columns are needed.") % {"least": 3})
            code, day, value = (
                fields[name].clean(cell)
                for name, cell in zip(
                    ("currency", "day", "value"), (cells[0].upper(), *cells[1:]), strict=True
                )
            )
            made.append(DayRate(code, day, value))
        except ValidationError as error:
            wrong.append(_("Row %(row)s: %(what)s") % {"row": place, "what": " ".join(error.messages)})
    return made, wrong


def _page(
    request: HttpRequest,
    *,
    status: int = 200,
    refused: Any = None,
    form: forms.Form | None = None,
    paste: forms.Form | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    on_file = ExchangeRate.objects.select_related("set_by")
    page = keyset_page(on_file, order=("-day", "-id"), query=request.GET, size=PAGE, name="rates")
    context = {
        "today": today,
        "ours": CURRENCY.value(),
        "in_force": rates_in_force(today),
        "rows": page.rows,
        "pager": {
            "previous_url": f"?before={page.before}" if page.before else "",
            "next_url": f"?after={page.after}" if page.after else "",
        },
        "form": form or RateForm(),
        "paste": paste or RatesForm(auto_id="paste_%s"),
        "may_set": request.user.has_perm("core.change_exchangerate"),
        "panel": refused,
    }
    return render(request, "core/rates.html", context, status=status)
