"""The working calendar: a year at a look, a day to change, the official days to take in."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import access
from core.calendar import WORKING_HOURS, is_working_day
from core.calendar_actions import is_official, seed_calendar, set_calendar_day
from core.forms import CalendarDayForm
from core.models import CalendarDay
from core.rules import Blocked, Stale
from core.views.refusals import at_fields, panel, stale

FIRST_YEAR, LAST_YEAR = 2000, 2100
YES_NO = {True: "yes", False: "no"}


@access("core.edit_calendar")
def calendar(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The year as twelve months, working days and days off told apart."""
    return _year_page(request, _known(year or timezone.localdate().year))


@access("core.edit_calendar", methods=("POST",))
def calendar_seed(request: HttpRequest, year: int) -> HttpResponse:
    """Take the year's official holidays and make-up days in."""
    try:
        changed = seed_calendar(years=[_known(year)], actor=request.user)[year]
    except Blocked as refusal:
        return _year_page(request, year, status=409, refused=panel(refusal, _("Take in official days")))
    messages.success(request, _("%(count)s days of %(year)s changed.") % {"count": changed, "year": year})
    return redirect("core:calendar_year", year=year)


@access("core.edit_calendar", methods=("GET", "HEAD", "POST"))
def calendar_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """One day: what it is now, and the form to change it."""
    try:
        when = date(_known(year), month, day)
    except ValueError:
        raise Http404 from None
    if request.method == "POST":
        return _change(request, when)
    works = is_working_day(when)
    return _day_page(request, when, CalendarDayForm(initial=_initial(when, works)))


def _change(request: HttpRequest, when: date) -> HttpResponse:
    form = CalendarDayForm(request.POST)
    if not form.is_valid():
        return _day_page(request, when, form, status=422)
    typed = form.cleaned_data
    try:
        set_calendar_day(
            day=when,
            is_working=typed["is_working"] == "yes",
            was=typed["was"] == "yes",
            name=typed["name"],
            reason=typed["reason"],
            actor=request.user,
        )
    except Blocked as refusal:
        at_fields(form, refusal)
        return _day_page(request, when, form, status=409, refused=panel(refusal, _("Change the day")))
    except Stale:
        sentence = _("Somebody changed this day meanwhile. Look at it again before you save.")
        stale(form, sentence, was=YES_NO[is_working_day(when)])
        return _day_page(request, when, form, status=409)
    messages.success(request, _("%(day)s was changed.") % {"day": when})
    return redirect("core:calendar_year", year=when.year)


def _initial(when: date, works: bool) -> dict:
    kept = CalendarDay.objects.filter(date=when).first()
    return {"is_working": YES_NO[not works], "was": YES_NO[works], "name": kept.name if kept else ""}


def _day_page(request, when, form, *, status=200, refused=None) -> HttpResponse:
    kept = CalendarDay.objects.filter(date=when).first()
    context = {"when": when, "kept": kept, "works": is_working_day(when), "form": form, "panel": refused}
    return render(request, "core/calendar_day.html", context, status=status)


def _year_page(request, year, *, status=200, refused=None) -> HttpResponse:
    rows = {each.date: each for each in CalendarDay.objects.filter(date__year=year)}
    context = {
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "months": [_month(year, month, rows) for month in range(1, 13)],
        "exceptions": sorted(rows.values(), key=lambda each: each.date),
        "provisional": not is_official(year) or any(each.provisional for each in rows.values()),
        "unseeded": not rows,
        "hours": WORKING_HOURS.value(),
        "panel": refused,
    }
    return render(request, "core/calendar.html", context, status=status)


def _month(year: int, month: int, rows: dict[date, CalendarDay]) -> dict:
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    days = [first + timedelta(count) for count in range((after - first).days)]
    weeks: list[list[dict | None]] = [[None] * first.weekday()]
    for day in days:
        if len(weeks[-1]) == 7:
            weeks.append([])
        weeks[-1].append({"date": day, "works": is_working_day(day), "kept": rows.get(day)})
    weeks[-1] += [None] * (7 - len(weeks[-1]))
    return {"first": first, "weeks": weeks}


def _known(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year
