"""The verb on exchange rates: put them on file for a day (R2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.audit import record_all
from core.company import CURRENCY
from core.models import ExchangeRate
from core.rates import forget_rates
from core.rules import require, rule
from core.showing import figure

THREAD = "rates"


@dataclass(frozen=True)
class DayRate:
    """A currency's rate from a day on, in company currency for one unit."""

    currency: str
    day: date
    value: Decimal


@dataclass(frozen=True)
class Wish:
    """What is asked for: the rates, why, by whom, whether what is on file for their days may be corrected."""

    rows: Sequence[DayRate]
    reason: str
    correct: bool
    actor: Any
    on_file: dict[tuple[str, date], Decimal]


@rule("R10.2", _("Only finance or an administrator sets rates."), opened_by=("finance", "administrator"))
def actor_keeps_the_rates(wish: Wish):
    actor = wish.actor
    return None if actor.is_active and actor.has_perm("core.change_exchangerate") else {}


@rule("R10.1", _("Say where the rate comes from, or why it is corrected."))
def rates_have_a_reason(wish: Wish):
    return None if wish.reason.strip() else {"_field": "reason"}


@rule("R2.2", _("%(currency)s is the company's currency and needs no rate."))
def rates_are_of_other_currencies(wish: Wish):
    ours = CURRENCY.value()
    return (
        {"currency": ours, "_field": "currency"} if any(each.currency == ours for each in wish.rows) else None
    )


@rule("R2.2", _("The rate of %(currency)s for %(day)s must be above zero."))
def rates_are_above_zero(wish: Wish):
    return [_about(each, field="value") for each in wish.rows if each.value <= 0] or None


@rule("R2.2", _("%(currency)s of %(day)s is named twice, with different rates."))
def each_day_is_named_once(wish: Wish):
    told: dict[tuple[str, date], Decimal] = {}
    for each in wish.rows:
        if told.setdefault((each.currency, each.day), each.value) != each.value:
            return _about(each)
    return None


@rule(
    "R10.1", _("%(currency)s of %(day)s is on file as %(rate)s. Tick “Correct what is on file” to change it.")
)
def what_is_on_file_is_kept(wish: Wish):
    if wish.correct:
        return None
    other = [
        each for each in wish.rows if wish.on_file.get((each.currency, each.day), each.value) != each.value
    ]
    return [
        {**_about(each, field="correct"), "rate": figure(wish.on_file[each.currency, each.day])}
        for each in other[:10]
    ] or None


RULES = (
    actor_keeps_the_rates,
    rates_have_a_reason,
    rates_are_of_other_currencies,
    rates_are_above_zero,
    each_day_is_named_once,
    what_is_on_file_is_kept,
)


@transaction.atomic
def set_rates(
    *, rows: Sequence[DayRate], reason: str, actor: Any, correct: bool = False
) -> list[ExchangeRate]:
    """Put rates on file, all or none; answers those that are new or changed.

    A rate that stands on file alike is left alone, a different one of the same day only corrected if that was
    asked for. Amounts of earlier rounds keep the rate they were weighed by. Raises Blocked with every reason.
    """
    present = _present(rows)
    on_file = {key: row.value for key, row in present.items()}
    require(*RULES, subject=Wish(rows, reason, correct, actor, on_file))

    wanted = {(each.currency, each.day): each.value for each in rows}
    changed = {key: value for key, value in wanted.items() if on_file.get(key) != value}
    for (currency, day), value in changed.items():
        row = present.setdefault(
            (currency, day), ExchangeRate(currency=currency, base=CURRENCY.value(), day=day)
        )
        row.value, row.reason, row.set_by, row.set_at = value, reason.strip(), actor, clock.now()
    kept = [present[key] for key in changed]
    if not _save(kept):
        return set_rates(
            rows=rows, reason=reason, actor=actor, correct=correct
        )  # asked anew, on what is there
    entries = [(f"{row.currency} {row.day}", _told(row, on_file)) for row in kept]
    record_all("rate.set", thread=THREAD, actor=actor, reason=reason.strip(), entries=entries)
    forget_rates()
    return kept


def _present(rows: Sequence[DayRate]) -> dict[tuple[str, date], ExchangeRate]:
    """What is on file for these currencies and days, under its lock."""
    days, codes = {each.day for each in rows}, {each.currency for each in rows}
    known = ExchangeRate.objects.select_for_update().filter(
        base=CURRENCY.value(), currency__in=codes, day__in=days
    )
    return {(row.currency, row.day): row for row in known.order_by("pk")}


def _save(rows: list[ExchangeRate]) -> bool:
    """Write them; False where somebody else put one of the new ones on file meanwhile."""
    ExchangeRate.objects.bulk_update([row for row in rows if row.pk], ["value", "reason", "set_by", "set_at"])
    try:
        with transaction.atomic():
            ExchangeRate.objects.bulk_create(row for row in rows if not row.pk)
    except IntegrityError:
        return False
    return True


def _told(row: ExchangeRate, on_file: dict[tuple[str, date], Decimal]) -> dict[str, Any]:
    old = on_file.get((row.currency, row.day))
    return {
        "code": row.currency,
        "base": row.base,
        "day": row.day,
        "rate": row.value,
        "old": {} if old is None else {"rate": old},
        "new": {"rate": row.value},
    }


def _about(each: DayRate, field: str = "day") -> dict[str, Any]:
    return {"currency": each.currency, "day": each.day, "_field": field}
