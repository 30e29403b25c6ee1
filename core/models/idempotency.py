"""Each form is submitted once: its key, what was sent with it, and the first result (I11)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class FormSubmission(models.Model):
    """A form's key, taken in the transaction of its effect; a repeat is answered with the first result."""

    key = models.UUIDField(_("key"), unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    path = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("form submission")
        verbose_name_plural = _("form submissions")
        indexes = [models.Index(fields=["created_at"], name="formsubmission_age")]

    def __str__(self):
        return str(self.key)
