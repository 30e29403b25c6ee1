"""The outbox: side effects are rows written in the business transaction, delivered after it (I16)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock


class OutboxState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    PARKED = "parked", _("Parked")  # failed too often: a person looks at it


class OutboxMessage(models.Model):
    """One side effect to carry out: a mail, a PDF, a webhook. Unique by its key."""

    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("payload"), default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(
        _("state"), max_length=10, choices=OutboxState.choices, default=OutboxState.WAITING
    )
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    due_at = models.DateTimeField(_("due at"), default=clock.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        indexes = [
            models.Index(fields=["due_at", "id"], name="outbox_due", condition=Q(state="waiting")),
            models.Index(fields=["-id"], name="outbox_parked", condition=Q(state="parked")),
        ]
        permissions = [
            ("read_outbox", _("Can read the outbox")),
            ("requeue_message", _("Can requeue messages")),
        ]

    def __str__(self):
        return self.key
