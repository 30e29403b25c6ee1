"""The last number taken in each series and scope."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """`scope` is the pattern with everything but the serial filled in; `last` the serial taken last."""

    name = models.CharField(_("series"), max_length=60)
    scope = models.CharField(_("scope"), max_length=120)
    last = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["name", "scope"], name="series_name_scope")]

    def __str__(self):
        return f"{self.name} {self.scope}"
