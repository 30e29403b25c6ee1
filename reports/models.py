"""The weekly exception report, frozen as it was compiled (R9.1)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class WeeklyReport(models.Model):
    """One week's exceptions: page and PDF read the same snapshot (I15)."""

    week_start = models.DateField(_("week from"), unique=True)
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    document = models.ForeignKey("core.Document", models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"), default=clock.now)

    class Meta:
        verbose_name = _("weekly exception report")
        verbose_name_plural = _("weekly exception reports")
        ordering = ["-week_start"]
        permissions = [("view_weekly", _("Can read the weekly exception report"))]

    def __str__(self):
        return f"{self.week_start:%G-W%V}"
