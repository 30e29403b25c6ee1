"""Rules of the weekly exception report."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import sees_everything
from core.rules import rule


@rule(
    "R9.1",
    _("The report of the whole company is frozen by those who see all of it."),
    opened_by=("business_support", "general_manager"),
)
def actor_sees_the_company(week, actor):
    if not sees_everything(actor):
        return {}
    return None


@rule("R9.1", _("Week %(week)s has not begun yet."))
def week_has_begun(week, actor):
    if week.starts > timezone.now():
        return {"week": week}
    return None
