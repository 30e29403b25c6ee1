"""Lists: a FilterSet driven by the URL, a keyset page, a capped count, columns, exports, saved views.

`list_page` answers a whole list; the queryset must already be `visible_to` the person, so that page, count,
search and exports all hold what that person may see and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.columns import Column
from core.exports import EXPORTS
from core.fields import DateField, QueryParameters, clean_query
from core.keyset import KeysetPage, capped_count, in_order, keyset_page
from core.models import SavedView

__all__ = ["Column", "DaysFilter", "SearchFilter", "list_page"]
CURSORS = ("after", "before", "page", "export")
SIZE = 50
CHUNK = 500


class SearchFilter(django_filters.Filter):
    """`q`: the text in any of several fields: `q = SearchFilter(fields=["number", "customer__name"])`."""

    def __init__(self, *, fields: Sequence[str], **kwargs: Any):
        self.fields = fields
        kwargs.setdefault("label", gettext_lazy("Search"))
        super().__init__(**kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        for word in str(value or "").split()[:6]:
            qs = qs.filter(Q.create([(f"{each}__icontains", word) for each in self.fields], connector=Q.OR))
        return qs


class DaysFilter(django_filters.DateFilter):
    """One end of a span of days: `due_from = DaysFilter("due_on", "gte", label=…)`."""

    field_class = DateField


def list_page(
    request: HttpRequest,
    *,
    name: str,
    queryset: QuerySet,
    columns: Sequence[Column],
    default_order: tuple[str, ...],
    filterset: type[django_filters.FilterSet] | None = None,
    template: str = "listing.html",
    row_url: Callable[[Any], str] | None = None,
    row_blocked: Callable[[Any], bool] | None = None,
    empty: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    size: int = SIZE,
) -> HttpResponse | StreamingHttpResponse:
    """Answer a list's page, or its export for `?export=csv` and `?export=xlsx`.

    The template gets `bar` (includes/filter_bar.html), `pager` (includes/pager.html), `table`
    (includes/list_table.html), `rows` (the objects of this page), `filters` and what `context` adds. Queries:
    count, page, saved views, whatever the number of rows.
    """
    query = clean_query(request.GET)
    filters = filterset(data=query, queryset=queryset, request=request) if filterset else None
    found = filters.qs if filters else queryset
    mine = [each for each in columns if not each.permission or request.user.has_perm(each.permission)]
    sort, order = _order(mine, query, default_order)
    export = EXPORTS.get(query.get("export", ""))
    if export:
        return export(name, *_export_rows(found, order, mine))
    page = keyset_page(found, order=order, query=query, size=size, name=name)
    shown = [each for each in mine if each.in_page]
    chips = _chips(filters, query)
    values = {
        "list_name": name,
        "filters": filters,
        "rows": page.rows,
        "table": _table(shown, page.rows, query, sort, row_url, row_blocked),
        "bar": _bar(request, name, filters, query, chips),
        "pager": _pager(page, query, found),
        "empty": None if chips or query.get("q") else (empty or {"title": _("Nothing here yet")}),
        "clear_url": "?",
    }
    return render(request, template, values | (context or {}))


def _order(
    columns: Sequence[Column], query: QueryDict, default: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The sort that the URL asks for among the sortable columns, never a path of its own."""
    sortable = {each.name: each.sort for each in columns if each.sort}
    keys = [f"{sign}{name}" for name in sortable for sign in ("", "-")]
    sort = QueryParameters(query).choice("sort", keys)
    if not sort:
        return "", default
    field = sortable[sort.lstrip("-")]
    flipped = field[1:] if field.startswith("-") else f"-{field}"
    return sort, (flipped if sort.startswith("-") else field,)


def _export_rows(found: QuerySet, order: tuple[str, ...], columns: Sequence[Column]) -> tuple[list[Any], Any]:
    kept = [each for each in columns if each.in_export and each.kind != "html"]
    rows = in_order(found, order).iterator(chunk_size=CHUNK)
    head = [label for each in kept for label in each.export_heads()]
    return head, ([cell for each in kept for cell in each.export_cells(row)] for row in rows)


def _table(
    columns: Sequence[Column],
    rows: Sequence[Any],
    query: QueryDict,
    sort: str,
    row_url: Callable[[Any], str] | None,
    row_blocked: Callable[[Any], bool] | None,
) -> dict[str, Any]:
    heads = [
        {
            "label": each.label,
            "css": each.css,
            "sort_url": _url(query, sort=f"-{each.name}" if sort == each.name else each.name)
            if each.sort
            else "",
            "order": {each.name: "ascending", f"-{each.name}": "descending"}.get(sort, ""),
        }
        for each in columns
    ]
    body = [
        {
            "url": row_url(row) if row_url else "",
            "blocked": bool(row_blocked and row_blocked(row)),
            "object": row,
        }
        for row in rows
    ]
    return {"heads": heads, "rows": body, "columns": columns}


def _bar(
    request: HttpRequest, name: str, filters: Any, query: QueryDict, chips: list[dict[str, Any]]
) -> dict[str, Any]:
    kept = _without(query, *CURSORS)
    return {
        "action": request.path,
        "q": query.get("q", ""),
        "searches": bool(filters) and "q" in filters.filters,
        "hidden": [(key, each) for key, values in _without(kept, "q").lists() for each in values],
        "groups": _groups(filters, query),
        "chips": chips,
        "clear_url": "?",
        "views": _views(request, name, kept),
        "save_url": f"{reverse('core:save_view', args=[name])}?next={quote(request.path)}",
        "query": kept.urlencode(),
        "exports": [{"label": each.upper(), "url": _url(query, export=each)} for each in EXPORTS],
    }


def _groups(filters: Any, query: QueryDict) -> list[dict[str, Any]]:
    """One group a filter: links for a few choices, a small form for everything else."""
    found = []
    for name, each in filters.filters.items() if filters else ():
        if name == "q" or each.field.widget.is_hidden:
            continue
        group = {"label": filters.form.fields[name].label, "name": name}
        if isinstance(each, django_filters.ChoiceFilter | django_filters.BooleanFilter):
            group["options"] = _options(filters.form.fields[name], name, query)
        else:
            group["fields"] = [filters.form[name]]
        found.append(group)
    return found


def _options(field: Any, name: str, query: QueryDict) -> list[dict[str, Any]]:
    chosen = query.getlist(name)
    offered = getattr(field, "choices", None) or getattr(field.widget, "choices", None)
    return [
        {
            "value": value,
            "label": label,
            "selected": str(value) in chosen,
            "url": _url(query, **{name: None if str(value) in chosen else str(value)}),
        }
        for value, label in offered or ()
        if value not in ("", "unknown", None)
    ]


def _chips(filters: Any, query: QueryDict) -> list[dict[str, Any]]:
    """The filters in force, each with the URL that takes it away."""
    if not filters or not filters.is_bound:
        return []
    filters.form.is_valid()
    return [
        {
            "label": filters.form.fields[name].label,
            "value": _in_words(filters.form.fields[name], value),
            "remove_url": _url(
                _without(query, name, *(f"{name}_{end}" for end in ("min", "max", "after", "before")))
            ),
        }
        for name, value in filters.form.cleaned_data.items()
        if name != "q" and name in filters.filters and value is not None and value != "" and value != []
    ]


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, slice):
        return f"{value.start or ''} – {value.stop or ''}".strip()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(_in_words(field, each) for each in value)
    labels = {
        str(key): label for key, label in getattr(field, "choices", ()) if not isinstance(label, list | tuple)
    }
    return str(labels.get(str(value), value)) if isinstance(value, str) else str(value)


def _views(request: HttpRequest, name: str, kept: QueryDict) -> list[dict[str, Any]]:
    saved = list(
        SavedView.objects.filter(list_name=name).visible_to(request.user).order_by("label", "pk")[:30]
    )
    if not saved:
        return []
    now = kept.urlencode()
    everything = {"label": _("All"), "url": "?", "active": not now, "scope": ""}
    return [everything] + [
        {
            "label": each.label,
            "url": f"?{each.query}",
            "active": bool(each.query) and each.query == now,
            "scope": each.shared,
            "delete_url": (
                f"{reverse('core:delete_view', args=[each.pk])}?next={quote(request.path)}"
                if each.user_id == request.user.pk
                else ""
            ),
        }
        for each in saved
    ]


def _pager(page: KeysetPage, query: QueryDict, found: QuerySet) -> dict[str, Any]:
    return {
        "first": 1 if page.is_first and page.rows else None,
        "last": len(page.rows) if page.is_first else None,
        "total_words": capped_count(found),
        "next_url": _url(query, after=page.after) if page.after else "",
        "previous_url": _url(query, before=page.before) if page.before else "",
    }


def _without(query: QueryDict, *names: str) -> QueryDict:
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept


def _url(query: QueryDict, **changes: str | None) -> str:
    """The list's URL with some parameters replaced (None takes one away) and the page begun anew."""
    kept = _without(query, *CURSORS, *changes)
    for name, value in changes.items():
        if value is not None:
            kept[name] = value
    return f"?{kept.urlencode()}"
