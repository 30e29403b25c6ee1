"""Values of parameters, each from a moment on. Nothing is overwritten: the past explains itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ParameterValue(models.Model):
    """One parameter's value from `effective_from` until the next one. Append-only."""

    key = models.CharField(_("parameter"), max_length=100)
    value = models.JSONField(_("value"))
    effective_from = models.DateTimeField(_("effective from"))
    reason = models.CharField(_("reason"), max_length=500)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("parameter value")
        verbose_name_plural = _("parameter values")
        constraints = [
            models.UniqueConstraint(fields=["key", "effective_from"], name="parameter_key_moment"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="parameter_has_reason"),
        ]
        permissions = [
            ("read_parameter", _("Can read the parameters")),
            ("change_parameter", _("Can change parameters")),
        ]

    def __str__(self):
        return f"{self.key} from {self.effective_from:%Y-%m-%d %H:%M}"
