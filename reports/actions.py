"""The weekly exception report is frozen and printed (R9.1)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from accounts.queries import system_user
from core.audit import record
from core.documents import next_version, request_document
from core.rules import require
from reports import gates
from reports.models import WeeklyReport
from reports.queries import Week, weekly_exceptions

KIND = "weekly_exceptions"


@transaction.atomic
def make_weekly_pdf(week: Week, *, actor: Any) -> WeeklyReport:
    """Freeze the week's exceptions as they stand and ask for their PDF, in the actor's language.

    Of the whole company, so only for those who see all of it. Made again for the same week it replaces the
    snapshot; each PDF is kept as its own version. Raises Blocked.
    """
    require(gates.actor_sees_the_company, gates.week_has_begun, subject=week, actor=actor)
    language = actor.language
    with translation.override(language):
        snapshot = weekly_exceptions(week, system_user(), now=timezone.now())
    name = str(week)
    document = request_document(
        KIND,
        number=name,
        thread=f"weekly:{name}",
        context={"number": name, **_printed(snapshot)},
        language=language,
        version=next_version(KIND, number=name, language=language),
    )
    report, _made = WeeklyReport.objects.update_or_create(
        week_start=week.monday,
        defaults={
            "snapshot": snapshot,
            "document": document,
            "made_by": actor,
            "created_at": timezone.now(),
        },
    )
    record("report.frozen", thread=f"weekly:{name}", actor=actor, subject=name, version=document.version)
    return report


def _printed(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What the paper takes of the snapshot: the same cells, without links."""
    keys = ("title", "rule", "columns", "rows", "totals")
    return {
        "week": snapshot["week"],
        "generated_at": snapshot["generated_at"],
        "sections": [{key: section[key] for key in keys} for section in snapshot["sections"]],
    }
