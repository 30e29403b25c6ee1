"""Keyset pages: the next page begins behind the last row, so page 10,000 costs what page 1 costs.

A cursor is signed and holds the order's values at one row. A cursor that is forged, old or of another order
is as if it were not there: the first page shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict

CAP = 1000
_LONGEST = 2000


@dataclass(frozen=True)
class KeysetPage:
    """Rows of one page and the cursors to its neighbours, empty where there is none."""

    rows: list[Any]
    after: str = ""
    before: str = ""
    is_first: bool = True


@dataclass(frozen=True)
class _Place:
    """One field of the order."""

    path: str
    descending: bool
    nullable: bool


def keyset_page(
    queryset: QuerySet, *, order: tuple[str, ...], query: QueryDict, size: int = 50, name: str = ""
) -> KeysetPage:
    """The page that `?after=` or `?before=` asks for. `order` names fields or annotations; pk is added."""
    places = _places(queryset, order)
    signer = _signer(name, places)
    backwards = "before" in query and "after" not in query
    values = _opened(signer, query.get("before" if backwards else "after", ""), len(places))
    if values is not None:
        page = _page(queryset, places, values, size, signer, backwards=backwards)
        if page.rows:
            return page
    return _page(queryset, places, None, size, signer, backwards=False)


def capped_count(queryset: QuerySet, cap: int = CAP) -> str:
    """How many rows, counted up to a cap: "37" or "1,000+"."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return f"{cap:,}+" if found > cap else f"{found:,}"


def in_order(queryset: QuerySet, order: tuple[str, ...]) -> QuerySet:
    """The queryset in the order that its pages have: empty values last, ties by pk."""
    return queryset.order_by(*[_expression(each, backwards=False) for each in _places(queryset, order)])


def value_at(row: Any, path: str) -> Any:
    """The value at a path of attributes (`customer__name` or `customer.name`), methods called; None where it
    breaks off."""
    for part in path.replace("__", ".").split("."):
        if row is None:
            return None
        row = getattr(row, part)
        row = row() if callable(row) else row
    return row


def _page(
    queryset: QuerySet,
    places: list[_Place],
    values: list[Any] | None,
    size: int,
    signer: Any,
    *,
    backwards: bool,
) -> KeysetPage:
    found = queryset.order_by(*[_expression(each, backwards=backwards) for each in places])
    if values is not None:
        found = found.filter(_beyond(places, values, backwards=backwards))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next = more if not backwards else True
    has_previous = more if backwards else values is not None
    return KeysetPage(
        rows=rows,
        after=_sealed(signer, places, rows[-1]) if rows and has_next else "",
        before=_sealed(signer, places, rows[0]) if rows and has_previous else "",
        is_first=not has_previous,
    )


def _places(queryset: QuerySet, order: tuple[str, ...]) -> list[_Place]:
    names = [each for each in order if each.lstrip("-") not in ("pk", "id")]
    ties = [each for each in order if each.lstrip("-") in ("pk", "id")] or [
        "-pk" if order[-1:] and order[-1][0] == "-" else "pk"
    ]
    return [
        _Place(each.lstrip("-"), each.startswith("-"), _is_nullable(queryset, each.lstrip("-")))
        for each in [*names, ties[0]]
    ]


def _is_nullable(queryset: QuerySet, path: str) -> bool:
    """Whether the value may be empty; an annotation may."""
    if path in queryset.query.annotations:
        return True
    model: Any = queryset.model
    for part in path.split("__"):
        if part == "pk":
            return False
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        model = field.related_model
    return False


def _expression(place: _Place, *, backwards: bool) -> Any:
    descending = place.descending != backwards
    if not place.nullable:
        return f"-{place.path}" if descending else place.path
    ends = {"nulls_first": True} if backwards else {"nulls_last": True}
    return F(place.path).desc(**ends) if descending else F(place.path).asc(**ends)


def _beyond(places: list[_Place], values: list[Any], *, backwards: bool) -> Q:
    """The rows behind the values: (a > x) or (a = x and b > y) or …, led by a ≥ x for the index."""
    result, same = Q(pk__in=[]), Q()
    for place, value in zip(places, values, strict=True):
        behind = _behind(place, value, backwards=backwards)
        if behind is not None:
            result |= same & behind
        same &= Q(**{f"{place.path}__isnull": True}) if value is None else Q(**{place.path: value})
    lead = places[0]
    if len(places) > 1 and not lead.nullable:
        result &= Q(**{f"{lead.path}__{'lte' if lead.descending != backwards else 'gte'}": values[0]})
    return result


def _behind(place: _Place, value: Any, *, backwards: bool) -> Q | None:
    empty = Q(**{f"{place.path}__isnull": True})
    if value is None:
        return ~empty if backwards else None
    behind = Q(**{f"{place.path}__{'lt' if place.descending != backwards else 'gt'}": value})
    return behind | empty if place.nullable and not backwards else behind


def _signer(name: str, places: list[_Place]) -> signing.Signer:
    order = ",".join(f"{'-' if each.descending else ''}{each.path}" for each in places)
    return signing.Signer(salt=f"core.keyset:{name}:{order}")


def _sealed(signer: signing.Signer, places: list[_Place], row: Model) -> str:
    return signer.sign_object([_packed(value_at(row, each.path)) for each in places])


def _opened(signer: signing.Signer, cursor: str, width: int) -> list[Any] | None:
    if not cursor or len(cursor) > _LONGEST:
        return None
    try:
        values = [_unpacked(each) for each in signer.unsign_object(cursor)]
    except (signing.BadSignature, ValueError, TypeError, KeyError, ArithmeticError, json.JSONDecodeError):
        return None
    return values if len(values) == width else None


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return value if value is None or isinstance(value, int) else ["s", str(value)]


def _unpacked(packed: Any) -> Any:
    if not isinstance(packed, list):
        return packed
    kind, text = packed
    return _KINDS[kind](text)


_KINDS: dict[str, Callable[[str], Any]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "s": str,
}
