"""The audit chain: append-only events, hashed one after another within a thread (R10.1)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Thread(models.Model):
    """The head of one chain: an order, a customer, a parameter. Locked while an event is appended."""

    name = models.CharField(_("thread"), max_length=120, unique=True)
    last_seq = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = _("audit thread")
        verbose_name_plural = _("audit threads")

    def __str__(self):
        return self.name


class Event(models.Model):
    """Who did what, for whom, when, from where, old, new, why. Never edited, never removed."""

    thread = models.CharField(_("thread"), max_length=120)
    seq = models.PositiveIntegerField(_("number in its thread"))
    verb = models.CharField(_("verb"), max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("for whom")
    )
    at = models.DateTimeField(_("when"))
    source = models.CharField(_("page or job"), max_length=200, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    facts = models.JSONField(_("facts"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        constraints = [models.UniqueConstraint(fields=["thread", "seq"], name="event_thread_seq")]
        indexes = [
            models.Index(fields=["verb", "-id"], name="event_verb"),
            models.Index(fields=["actor", "-id"], name="event_actor"),
        ]
        permissions = [("read_audit", _("Can read the audit page"))]

    def __str__(self):
        return f"{self.thread}#{self.seq} {self.verb}"
