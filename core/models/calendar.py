"""Days on which the calendar departs from Monday to Friday: holidays and make-up days (调休)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DaySource(models.TextChoices):
    SEEDED = "seeded", _("From the official calendar")
    EDITED = "edited", _("Edited by hand")  # kept when the calendar is seeded again


class CalendarDay(models.Model):
    """One exceptional day. A day without a row works from Monday to Friday."""

    date = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=DaySource.choices, default=DaySource.SEEDED)
    provisional = models.BooleanField(_("provisional"), default=False)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]
        permissions = [("edit_calendar", _("Can edit the working calendar"))]

    def __str__(self):
        return f"{self.date} {self.name}"
