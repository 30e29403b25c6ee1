"""The weekly exceptions: compiled once as plain cells, for the page and for the PDF alike (R9.1, I15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.money import round_money
from inventory.models import Requirement
from inventory.quantities import plain
from inventory.querysets import is_abnormal
from invoicing.queries import uninvoiced
from invoicing.querysets import is_problem, limit_of
from logistics.models import Shipment
from orders.clock_face import clock_face
from orders.models import SalesOrder

ZERO = Decimal(0)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, in company time."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that holds the day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def named(cls, name: str) -> Week | None:
        """The week of a name such as 2026-W47; None if there is no such week."""
        year, separator, number = name.partition("-W")
        if not (separator and year.isdecimal() and number.isdecimal() and len(name) <= 8):
            return None
        try:
            return cls(date.fromisocalendar(int(year), int(number), 1))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.monday:%G-W%V}"

    @property
    def starts(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.monday, time.min))

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return timezone.make_aware(datetime.combine(self.monday + timedelta(days=7), time.min))

    @property
    def before(self) -> Week:
        return Week(self.monday - timedelta(days=7))

    @property
    def after(self) -> Week:
        return Week(self.monday + timedelta(days=7))


@dataclass(frozen=True)
class Row:
    """One exception: its object and link, what it is worth in which currency, how old, whose."""

    number: str
    link: str
    about: str
    detail: str
    days: int
    owner: str
    amount: Decimal
    currency: str


def weekly_exceptions(week: Week, user: Any, *, now: datetime) -> dict[str, Any]:
    """The report of a week as this person may see it: sections of rows, totals per currency, never mixed.

    What lies or waits is told as it stands now, or stood at the end of the week where its dates say so; a
    shipment beyond payment or limit belongs to the week of its release.
    """
    as_of = min(now, week.ends - timedelta(microseconds=1))
    seen = Shipment.objects.visible_to(user).select_related("order__customer", "order__owner")
    released = seen.filter(released_at__gte=week.starts, released_at__lt=week.ends)
    unpaid = released.filter(order__customer__credit_line=False, beyond_paid__gt=0)
    late = uninvoiced(user, as_of)
    asked, problem = late.exclude(is_problem(as_of)), late.filter(is_problem(as_of))
    sections = [
        _section("stock", "R4.8", _("Overdue finished stock"), _stock(user, as_of)),
        _section("uninvoiced", "R6.3", _("Not invoiced in time"), _late(asked, as_of)),
        _section("problem", "R6.4", _("Problem dispatched goods"), _late(problem, as_of)),
        _section("unpaid", "R5.3", _("Shipments beyond payment"), _beyond(unpaid, "beyond_paid", as_of)),
        _section("over", "R5.4", _("Shipments beyond the limit"), _beyond(released, "beyond_limit", as_of)),
        _section("clock", "R1.5", _("Orders past their clock"), _past_clock(week, user, as_of)),
        _section("confirm", "R1.10", _("Outstanding confirmations"), _outstanding(user, as_of)),
    ]
    return {
        "week": str(week),
        "week_start": week.monday.isoformat(),
        "generated_at": now.isoformat(),
        "sections": sections,
    }


def _section(key: str, number: str, title: str, rows: Iterable[Row]) -> dict[str, Any]:
    """One section as printed cells; the links of its rows stand beside them."""
    found = list(rows)
    sums: dict[str, Decimal] = {}
    for row in found:
        sums[row.currency] = sums.get(row.currency, ZERO) + row.amount
    columns = [_("Number"), _("Product or customer"), _("Detail"), _("Days"), _("Owner"), _("Amount")]
    total = [_("Total"), "", "", "", "", " + ".join(_shown(sums[each], each) for each in sorted(sums))]
    return {
        "key": key,
        "rule": number,
        "title": title,
        "columns": columns,
        "rows": [_cells(row) for row in found],
        "links": [row.link for row in found],
        "totals": total if found else [],
        "sums": {currency: str(sums[currency]) for currency in sorted(sums)},
    }


def _cells(row: Row) -> list[str]:
    amount = _shown(row.amount, row.currency)
    return [row.number, row.about, row.detail, str(row.days), row.owner, amount]


def _shown(amount: Decimal, currency: str) -> str:
    return f"{currency} {amount:,.2f}"


def _stock(user: Any, as_of: datetime) -> Iterable[Row]:
    """R4.7, R4.8, R4.12: finished, past its due date, not dispatched; abnormal stock is marked."""
    today = timezone.localdate(as_of)
    rows = Requirement.objects.visible_to(user).overdue(as_of=today)
    for each in (
        rows.annotate(abnormal=is_abnormal(today)).select_related("product", "owner").order_by("due_on", "pk")
    ):
        quantity = f"{plain(each.finished_on_hand)} {each.product.unit}"
        yield Row(
            number=each.reference,
            link=each.link,
            about=str(each.product),
            detail=" · ".join([quantity, _("abnormal stock")]) if each.abnormal else quantity,
            days=(today - each.due_on).days,
            owner=str(each.owner),
            amount=round_money(each.finished_on_hand * each.unit_value, each.currency),
            currency=each.currency,
        )


def _late(rows: QuerySet[Shipment], as_of: datetime) -> Iterable[Row]:
    """R6.3 to R6.5: what is left to invoice; the age counts from the dispatch."""
    today = timezone.localdate(as_of)
    for each in rows.order_by("dispatched_at", "pk"):
        yield Row(
            number=each.number,
            link=each.get_absolute_url(),
            about=each.order.customer.name,
            detail=_("to be invoiced by %(day)s") % {"day": limit_of(each.dispatched_at).isoformat()},
            days=(today - timezone.localdate(each.dispatched_at)).days,
            owner=str(each.order.owner),
            amount=each.billable - each.invoiced_value,
            currency=each.currency,
        )


def _beyond(rows: QuerySet[Shipment], field: str, as_of: datetime) -> Iterable[Row]:
    """R5.3, R5.4: released in the week, by how much beyond what was paid, or beyond the credit limit."""
    today = timezone.localdate(as_of)
    for each in rows.filter(**{f"{field}__gt": 0}).order_by("released_at", "pk"):
        yield Row(
            number=each.number,
            link=each.get_absolute_url(),
            about=each.order.customer.name,
            detail=each.get_release_case_display(),
            days=(today - timezone.localdate(each.released_at)).days,
            owner=str(each.order.owner),
            amount=getattr(each, field),
            currency=each.currency,
        )


def _past_clock(week: Week, user: Any, as_of: datetime) -> Iterable[Row]:
    """R1.5: past their clock at the moment, and those that were released or refused late within the week."""
    late = SalesOrder.objects.visible_to(user).breached(as_of=as_of).filter(clock_ends_at__lte=as_of)
    running = Q(clock_stopped_at=None) | Q(clock_stopped_at__gte=week.starts)
    for each in _with_people(late.filter(running)).order_by("clock_ends_at", "pk"):
        face = clock_face(each, as_of)
        yield _order_row(each, f"{each.get_klass_display()} · {face.words}", each.clock_ends_at, as_of)


def _outstanding(user: Any, as_of: datetime) -> Iterable[Row]:
    """R1.10, R1.11: sent to the customer and not back; the age counts from the first confirmation."""
    rows = _with_people(SalesOrder.objects.visible_to(user).outstanding_at(as_of))
    standing = Q(slips__taken_back_at=None) | Q(slips__taken_back_at__gt=as_of)
    slips = Max("slips__days", filter=standing & Q(slips__at__lte=as_of), default=0)
    first = rows.annotate(first_sent=Min("confirmations__sent_at"), slipped=slips)
    for each in first.order_by("first_sent", "pk"):
        told = [each.get_state_display()]
        if each.slipped:
            told.append(_("promise slipped by working days: %(days)s") % {"days": each.slipped})
        yield _order_row(each, " · ".join(told), each.first_sent, as_of)


def _with_people(orders: QuerySet[SalesOrder]) -> QuerySet[SalesOrder]:
    return orders.select_related("customer", "owner")


def _order_row(order: SalesOrder, detail: str, since: datetime, as_of: datetime) -> Row:
    return Row(
        number=order.number,
        link=order.get_absolute_url(),
        about=order.customer.name,
        detail=detail,
        days=(timezone.localdate(as_of) - timezone.localdate(since)).days,
        owner=str(order.owner),
        amount=order.grand_total,
        currency=order.currency,
    )
