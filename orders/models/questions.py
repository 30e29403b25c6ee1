"""Questions of business support about an order, and the rep's answers (R1.9)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from orders.models.line import OrderLine
from orders.models.order import SalesOrder
from orders.models.shapes import PERSON


class Question(models.Model):
    """What is not clear in the customer's order; open until it is answered or taken back."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="questions")
    line = models.ForeignKey(
        OrderLine, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("line")
    )
    text = models.TextField(_("question"))
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_by__isnull=False) & ~Q(answer=""),
                name="question_answered_by_someone",
            )
        ]
        indexes = [
            models.Index(
                fields=["order"],
                name="question_open",
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.answered_at is None and self.withdrawn_at is None
