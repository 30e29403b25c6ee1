"""A question: what the decider wants to know of who asked, before saying yes or no."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.models.step import Step
from approvals.querysets import QuestionQuerySet
from core import clock


class Question(models.Model):
    """Asked on a step, answered once; the step's clock goes on."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="questions")
    text = models.TextField(_("question"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)
    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="step_question_answered_by_someone",
            )
        ]
        indexes = [
            models.Index(fields=["asked_of"], name="step_question_open", condition=Q(answered_at=None))
        ]

    def __str__(self):
        return self.text[:60]

    def get_absolute_url(self):
        return self.step.case.link
