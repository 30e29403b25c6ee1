"""Saved views: a list's filters under a name, for oneself, one's team or everyone."""

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock


class Shared(models.TextChoices):
    PRIVATE = "private", _("Only me")
    TEAM = "team", _("My team")
    ALL = "all", _("Everyone")


class SavedViewQuerySet(QuerySet):
    def visible_to(self, user):
        """One's own, one's team's, and everyone's."""
        seen = Q(user=user) | Q(shared=Shared.ALL)
        if user.team_id:
            seen |= Q(shared=Shared.TEAM, team=user.team_id)
        return self.filter(seen)


class SavedView(models.Model):
    """A query string of one list, by the list's name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    list_name = models.CharField(_("list"), max_length=60)
    label = models.CharField(_("label"), max_length=60)
    query = models.CharField(_("filters"), max_length=1000, blank=True)
    shared = models.CharField(_("shared with"), max_length=10, choices=Shared.choices, default=Shared.PRIVATE)
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    created_at = models.DateTimeField(default=clock.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["user", "list_name", "label"], name="savedview_once"),
            models.CheckConstraint(
                condition=~Q(shared="team") | Q(team__isnull=False), name="savedview_team_named"
            ),
        ]
        indexes = [models.Index(fields=["list_name", "label"], name="savedview_list")]

    def __str__(self):
        return self.label
