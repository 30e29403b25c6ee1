"""The authority matrix (R2.2): how far a person's, a role's or everybody's word goes. Data, by date."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import ROLES
from approvals.querysets import AuthorityQuerySet
from core import clock


class AuthorityLimit(models.Model):
    """One row of limits: for a person, or a role, or every manager; of one team or any; amounts in company
    currency. With a category it measures amount, discount, deviation and margin of that category's lines.

    Limits are never overwritten: others take their place from a day on, or at once on the same day.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="authority",
        verbose_name=_("manager (empty: every manager)"),
    )
    role = models.CharField(_("role"), max_length=20, blank=True, choices=list(ROLES.items()))
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    category = models.CharField(_("product category"), max_length=20, blank=True)
    max_amount = models.DecimalField(_("order amount up to"), max_digits=16, decimal_places=2)
    max_discount = models.DecimalField(_("discount up to, %"), max_digits=5, decimal_places=2)
    max_deviation = models.DecimalField(_("price deviation up to, %"), max_digits=5, decimal_places=2)
    min_margin = models.DecimalField(_("margin at least, %"), max_digits=5, decimal_places=2)
    max_payment_days = models.PositiveIntegerField(_("payment days up to"))
    may_exceed_credit = models.BooleanField(_("may approve without credit"), default=False)
    may_special = models.BooleanField(_("may approve special orders"), default=False)
    effective_from = models.DateField(_("effective from"), default=timezone.localdate)
    effective_until = models.DateField(_("effective until"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, editable=False)  # by one of the same day
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("set by")
    )
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)
    reason = models.TextField(_("reason"), blank=True)
    objects = AuthorityQuerySet.as_manager()
    ended_on: date | None = None  # its last day before it is given another

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "team", "category", "effective_from"],
                condition=Q(person__isnull=False, team__isnull=False, replaced_at=None),
                name="authority_of_person_in_team_once",
            ),
            models.UniqueConstraint(
                fields=["person", "category", "effective_from"],
                condition=Q(person__isnull=False, team=None, replaced_at=None),
                name="authority_of_person_once",
            ),
            models.UniqueConstraint(
                fields=["role", "team", "category", "effective_from"],
                condition=Q(person=None, team__isnull=False, replaced_at=None),
                name="authority_of_role_in_team_once",
            ),
            models.UniqueConstraint(
                fields=["role", "category", "effective_from"],
                condition=Q(person=None, team=None, replaced_at=None),
                name="authority_of_role_once",
            ),
            models.CheckConstraint(
                condition=Q(max_amount__gte=0, max_discount__gte=0, max_deviation__gte=0),
                name="authority_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(role=""), name="authority_of_a_person_or_a_role"
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gte=F("effective_from")),
                name="authority_has_a_span",
            ),
        ]

    def __str__(self):
        return f"{self.whose} ≤ {self.max_amount}"

    @property
    def whose(self) -> str:
        """Whose limits these are, as the page shows it."""
        if self.person_id is not None:
            return str(self.person)
        return str(ROLES[self.role]) if self.role else str(_("every manager"))
