"""Exchange rates, each counting from its day on. A corrected one keeps what it was in the audit trail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the company's, from a day until the next one on file."""

    currency = models.CharField(_("currency"), max_length=3)
    base = models.CharField(_("company currency"), max_length=3)
    day = models.DateField(_("day"))
    value = models.DecimalField(_("rate"), max_digits=15, decimal_places=8)
    reason = models.CharField(_("reason"), max_length=500)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"), default=clock.now)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "base", "day"], name="rate_of_a_day_once"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="rate_above_zero"),
            models.CheckConstraint(condition=~models.Q(currency=models.F("base")), name="rate_of_another"),
        ]
        indexes = [models.Index(fields=["-day", "-id"], name="rate_newest")]

    def __str__(self):
        return f"1 {self.currency} = {self.value} {self.base} ({self.day})"
