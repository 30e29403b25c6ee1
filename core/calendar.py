"""The working calendar: working days and working hours of the company, in its own time zone.

Days come from the calendar table (Monday to Friday where it is silent), hours from the parameter
`working_hours`. Moments are aware datetimes; what is returned is in company time.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.memo import Memo
from core.models import CalendarDay
from core.parameters import Kind, Parameter

Hours = int | Decimal | timedelta
Spans = list[tuple[timedelta, timedelta]]
FARTHEST = 1500  # days without a working one among them: the calendar is wrong, not the question
SPAN = re.compile(r"([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")


def check_working_hours(text: str) -> None:
    """Raise ValidationError unless the text is spans such as 09:00-12:00,13:00-18:00, rising."""
    last = timedelta(-1)
    for part in text.split(","):
        if not SPAN.fullmatch(part.strip()):
            raise ValidationError(_("Write spans such as 09:00-12:00,13:00-18:00."))
        begins, ends = _span(part)
        if not last < begins < ends <= timedelta(hours=24):
            raise ValidationError(_("The spans of the working day must follow one another."))
        last = ends


def _span(part: str) -> tuple[timedelta, timedelta]:
    hour, minute, last_hour, last_minute = (int(figure) for figure in re.findall(r"\d+", part))
    return timedelta(hours=hour, minutes=minute), timedelta(hours=last_hour, minutes=last_minute)


WORKING_HOURS = Parameter(
    "working_hours",
    "R1.5",
    Kind.TEXT,
    "09:00-12:00,13:00-18:00",
    _("Working hours"),
    _("Working time"),
    validate=check_working_hours,
)


def is_working_day(day: date) -> bool:
    """Whether the company works on that day."""
    return _exceptions.get().get(day, day.weekday() < 5)


def add_working_days(day: date, count: int) -> date:
    """The working day that many working days later (earlier, if negative); 0: the next one from here on."""
    step = -1 if count < 0 else 1
    left = abs(count)
    here = day if left else day - timedelta(1)
    left = left or 1
    for _unused in range(FARTHEST + 7 * left):
        here += timedelta(step)
        left -= is_working_day(here)
        if not left:
            return here
    raise ValueError(f"no working day within reach of {day}")


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and with `last`; negative if `last` is earlier."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days)) for days in range(1, (last - first).days + 1))


def next_working_moment(moment: datetime) -> datetime:
    """The moment itself if the company works then, else when it next begins to."""
    here = _wall(moment)
    for begins, _ends in _spans_from(here, _hours(moment)):
        return _aware(max(begins, here))
    raise ValueError(f"no working time within reach of {moment}")


def is_working_moment(moment: datetime) -> bool:
    """Whether the company works at that moment."""
    return next_working_moment(moment) == moment


def add_working_time(moment: datetime, hours: Hours) -> datetime:
    """The moment at which that much working time has passed; ValueError for negative time."""
    left = _duration(hours)
    if left < timedelta(0):
        raise ValueError("working time runs forward")
    if not left:
        return next_working_moment(moment)
    here = _wall(moment)
    for begins, ends in _spans_from(here, _hours(moment)):
        begins = max(begins, here)
        if left <= ends - begins:
            return _aware(begins + left)
        left -= ends - begins
    raise ValueError(f"no working time within reach of {moment}")


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """How much working time passes from one moment to the other; negative if `end` is earlier."""
    if end < start:
        return -working_time_between(end, start)
    first, last = _wall(start), _wall(end)
    passed = timedelta(0)
    for begins, ends in _spans_from(first, _hours(start), until=last):
        passed += max(min(ends, last) - max(begins, first), timedelta(0))
    return passed


def add_months(day: date, count: int) -> date:
    """The same day of a later month, its last day if it has none (rulebook: Decisions)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def deadline(start: datetime, amount: int | Decimal, kind: Kind | str) -> datetime:
    """When a span of that kind of time is over.

    Hours run in working time or by the wall; working days end with the working hours of the last of
    them; days and months end at the same time of day. ValueError for a kind that is no duration.
    """
    kind = Kind(kind)
    if kind is Kind.WORKING_HOURS:
        return add_working_time(start, amount)
    if kind is Kind.HOURS:
        return timezone.localtime(start + _duration(amount))
    here = _wall(start)
    last = deadline_day(here.date(), int(amount), kind)
    if kind is Kind.WORKING_DAYS:
        return _aware(datetime.combine(last, time()) + _hours(start)[-1][1])
    return _aware(datetime.combine(last, here.time()))


def deadline_day(start: date, amount: int, kind: Kind | str) -> date:
    """The day on which a span of working days, days or months is over; ValueError for hours."""
    kind = Kind(kind)
    if kind is Kind.WORKING_DAYS:
        return add_working_days(start, amount)
    if kind is Kind.DAYS:
        return start + timedelta(amount)
    if kind is Kind.MONTHS:
        return add_months(start, amount)
    raise ValueError(f"{kind} does not end on a day")


def due(parameter: Parameter, start: datetime) -> datetime:
    """When the parameter's span is over, by the value that was in force at its start."""
    return deadline(start, parameter.value(start), parameter.kind)


def _load() -> dict[date, bool]:
    return dict(CalendarDay.objects.values_list("date", "is_working"))


_exceptions: Memo[dict[date, bool]] = Memo("calendar_days", _load)


def _hours(moment: datetime) -> Spans:
    return [_span(part) for part in WORKING_HOURS.value(moment).split(",")]


def _spans_from(
    here: datetime, hours: Spans, until: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Working spans on the wall clock that end after `here`, in order, up to `until`."""
    day, idle = here.date(), 0
    while idle < FARTHEST and (until is None or day <= until.date()):
        idle = 0 if is_working_day(day) else idle + 1
        if not idle:
            midnight = datetime.combine(day, time())
            yield from (
                (midnight + begins, midnight + ends) for begins, ends in hours if midnight + ends > here
            )
        day += timedelta(1)


def _duration(hours: Hours) -> timedelta:
    if isinstance(hours, timedelta):
        return hours
    return timedelta(microseconds=int(Decimal(hours) * 3_600_000_000))


def _wall(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def _aware(wall: datetime) -> datetime:
    return timezone.make_aware(wall)
