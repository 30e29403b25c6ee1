"""People, teams, substitution and the inbox (R2.12, R10.2, R10.3)."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock


class Team(models.Model):
    """A sales team: one manager approves its orders; `shop` is its sales office in order numbers (R1.4)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    shop = models.CharField(_("sales office"), max_length=8, default="SO")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="managed_teams",
        verbose_name=_("sales manager"),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["code"]

    def __str__(self):
        return self.name


class User(AbstractUser):
    """A person who signs in. What a role opens is in accounts/roles.py; which objects, the object says."""

    display_name = models.CharField(_("name"), max_length=80, blank=True)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")]
    )
    theme = models.CharField(
        _("theme"),
        max_length=10,
        default="system",
        choices=[("system", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    density = models.CharField(
        _("density"),
        max_length=12,
        default="comfortable",
        choices=[("comfortable", _("Comfortable")), ("compact", _("Compact"))],
    )
    mails_notices = models.BooleanField(_("notices by mail too"), default=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    is_system = models.BooleanField(_("is the system"), default=False, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["is_system"], condition=Q(is_system=True), name="user_one_system")
        ]

    def __str__(self):
        return self.display_name or self.username

    @property
    def roles(self) -> frozenset[str]:
        """The role codes this person holds (one query, kept for the request)."""
        if not hasattr(self, "_roles"):
            self._roles = frozenset(self.groups.values_list("name", flat=True))
        return self._roles


class Delegation(models.Model):
    """R2.12: an absent person's substitute, for a span; no chains, ended at once when revoked (I14)."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="delegations_given",
        verbose_name=_("who is away"),
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="delegations_held",
        verbose_name=_("substitute"),
    )
    starts_at = models.DateTimeField(pgettext_lazy("delegation", "from"))
    ends_at = models.DateTimeField(_("until"))
    kinds = models.JSONField(_("only these decisions"), default=list, blank=True)  # none: all of them
    ceiling = models.DecimalField(
        _("only up to the amount"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=200)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="delegation_has_a_span"),
            models.CheckConstraint(condition=~Q(giver=F("substitute")), name="delegation_to_another"),
        ]
        indexes = [
            models.Index(
                fields=["substitute", "ends_at"], name="delegation_live", condition=Q(revoked_at=None)
            )
        ]

    def __str__(self):
        return f"{self.substitute} / {self.giver}"


class Notice(models.Model):
    """One line in a person's inbox; the key keeps it from being told twice (R10.3)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(max_length=200)
    link = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("when"), default=clock.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_list"),
            models.Index(fields=["person"], name="notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self):
        return f"{self.person}: {self.kind}"
