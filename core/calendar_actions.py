"""Verbs on the working calendar: seed it from the official holidays, change a day by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import holidays
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from holidays.countries.china import ChinaStaticHolidays

from core.audit import record
from core.calendar import is_working_day
from core.models import CalendarDay, DaySource
from core.parameters import reset_cache
from core.rules import Stale, require, rule


@dataclass(frozen=True)
class DayChange:
    """What is asked for: the day, whether it works, its name, why, by whom."""

    day: date
    is_working: bool
    name: str
    reason: str
    actor: Any


@rule("R10.2", _("Only an administrator edits the working calendar."), opened_by=("administrator",))
def actor_keeps_the_calendar(change: DayChange):
    actor = change.actor
    if not (actor.is_active and (actor.is_system or actor.has_perm("core.edit_calendar"))):
        return {}
    return None


@rule("R10.1", _("Give the reason for changing the day."))
def day_change_has_a_reason(change: DayChange):
    return None if change.reason.strip() else {"_field": "reason"}


def is_official(year: int) -> bool:
    """Whether the official holiday notice of the year is known; else its days are provisional."""
    return year <= max(ChinaStaticHolidays.special_public_holidays)


@transaction.atomic
def set_calendar_day(
    *,
    day: date,
    is_working: bool,
    reason: str,
    actor: Any,
    name: str = "",
    was: bool | None = None,
) -> CalendarDay:
    """Make the day a working day or a day off, kept when the calendar is seeded again.

    `was` is what the page showed. Raises Blocked with every reason, Stale when the day is no longer so (I12).
    """
    require(
        actor_keeps_the_calendar,
        day_change_has_a_reason,
        subject=DayChange(day, is_working, name, reason, actor),
    )
    reset_cache()
    before = is_working_day(day)
    if was is not None and was != before:
        raise Stale(day)
    kept = CalendarDay.objects.filter(date=day).first() or CalendarDay(date=day)
    kept.is_working, kept.source, kept.provisional = is_working, DaySource.EDITED, False
    kept.name = name.strip() or reason.strip()[:120]
    kept.save()
    record(
        "calendar.day_changed",
        thread=f"calendar:{day.year}",
        actor=actor,
        subject=day.isoformat(),
        reason=reason.strip(),
        old={"is_working": before},
        new={"is_working": is_working},
        day=day,
    )
    reset_cache()
    return kept


@transaction.atomic
def seed_calendar(*, years: Iterable[int], actor: Any) -> dict[int, int]:
    """Write China's holidays and make-up days of the years; returns how many days each year changed.

    What was edited by hand stays. A year whose official notice is not known yet is marked provisional,
    and is replaced when it is seeded again with the notice known. Seeding twice changes nothing.
    """
    require(actor_keeps_the_calendar, subject=DayChange(date.min, False, "", "", actor))
    changed = {year: _seed_year(year, actor) for year in sorted(set(years))}
    reset_cache()
    return changed


def _seed_year(year: int, actor: Any) -> int:
    wanted = _official_days(year)
    present = {day.date: day for day in CalendarDay.objects.filter(date__year=year)}
    edited = {day for day, kept in present.items() if kept.source == DaySource.EDITED}
    stale = [
        kept.pk for day, kept in present.items() if day not in edited and not _same(kept, wanted.get(day))
    ]
    missing = [
        day for date_, day in wanted.items() if date_ not in edited and not _same(present.get(date_), day)
    ]
    if not stale and not missing:
        return 0
    CalendarDay.objects.filter(pk__in=stale).delete()
    CalendarDay.objects.bulk_create(missing)
    record(
        "calendar.seeded",
        thread=f"calendar:{year}",
        actor=actor,
        subject=str(year),
        year=year,
        days=len(missing),
        provisional=not is_official(year),
    )
    return len(missing) + len(stale)


def _official_days(year: int) -> dict[date, CalendarDay]:
    """The year's holidays (weekend ones too, for their names) and the weekend days worked instead."""
    official = holidays.country_holidays("CN", years=[year - 1, year, year + 1], language="zh_CN")
    provisional = not is_official(year)
    free = {day: name for day, name in official.items() if day.year == year}
    worked = {day for day in official.weekend_workdays if day.year == year}
    days = {
        day: CalendarDay(date=day, is_working=False, name=name[:120], provisional=provisional)
        for day, name in free.items()
    }
    for day in worked:
        days[day] = CalendarDay(date=day, is_working=True, name="调休上班", provisional=provisional)
    return days


def _same(kept: CalendarDay | None, wanted: CalendarDay | None) -> bool:
    if kept is None or wanted is None:
        return kept is wanted
    return (kept.is_working, kept.name, kept.provisional) == (
        wanted.is_working,
        wanted.name,
        wanted.provisional,
    )
