"""What was escalated, at which level: the row is the claim (R4.11, I7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Escalation(models.Model):
    """One level of one rule's ladder, fired once for a subject and cycle."""

    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.CharField(_("subject"), max_length=60)
    rule = models.CharField(_("rule"), max_length=10)
    level = models.PositiveSmallIntegerField(_("level"))
    cycle = models.PositiveIntegerField(_("cycle"), default=1)
    fired_at = models.DateTimeField(_("fired at"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "rule", "level", "cycle"], name="escalation_once"
            )
        ]

    def __str__(self):
        return f"{self.subject_type} {self.subject_id} {self.rule} level {self.level}"
