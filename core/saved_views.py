"""The verbs on saved views: keep a list's filters under a name, and take one away."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import clean_query
from core.models import SavedView, Shared

LONGEST_QUERY = 1000
_NOT_KEPT = ("after", "before", "page", "export")


@transaction.atomic
def save_view(
    *, actor: Any, list_name: str, label: str, query: str, shared: str = Shared.PRIVATE
) -> SavedView:
    """Keep the filters of a list; the same label again replaces one's own. May raise ValidationError."""
    if shared == Shared.TEAM and not actor.team_id:
        raise ValidationError(_("You are in no team to share this view with."))
    kept = clean_query(QueryDict(query))
    for name in _NOT_KEPT:
        kept.pop(name, None)
    text = kept.urlencode()
    if len(text) > LONGEST_QUERY:
        raise ValidationError(_("These filters are too many to keep."))
    team = actor.team_id if shared == Shared.TEAM else None
    view, _made = SavedView.objects.update_or_create(
        user=actor,
        list_name=list_name,
        label=label,
        defaults={"query": text, "shared": shared, "team_id": team},
    )
    return view


@transaction.atomic
def delete_view(*, actor: Any, pk: int) -> bool:
    """Take away one's own view; False if there is none by that key (somebody else's counts as none)."""
    deleted, _by_model = SavedView.objects.filter(user=actor, pk=pk).delete()
    return bool(deleted)
