"""The credit account (R5.7): one row a customer, the lock, the five parts of exposure, an append-only ledger.

Each entry names its order. Each stage posts in its own transaction.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from customers.models.customer import Customer
from customers.models.shapes import MONEY, PERSON


class CreditAccount(models.Model):
    """The five parts of exposure, kept under one lock per customer (R5.7, I4)."""

    customer = models.OneToOneField(Customer, models.PROTECT, primary_key=True, related_name="credit")
    ordered = models.DecimalField(_("ordered, not shipped"), default=0, **MONEY)
    released = models.DecimalField(_("of it released for shipment"), default=0, **MONEY)
    shipped = models.DecimalField(_("shipped, not invoiced"), default=0, **MONEY)
    invoiced = models.DecimalField(_("invoiced, not paid"), default=0, **MONEY)
    received = models.DecimalField(_("received, not applied"), default=0, **MONEY)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(released__gte=0, shipped__gte=0, invoiced__gte=0, received__gte=0)
                & Q(ordered__gte=F("released")),
                name="credit_parts_not_negative",
            )
        ]

    def __str__(self):
        return str(self.customer_id)

    @property
    def exposure(self):
        """R5.7: what counts at a shipment's release: released + shipped + invoiced − received."""
        return self.released + self.shipped + self.invoiced - self.received

    @property
    def total_exposure(self):
        """R2.6: what counts at an order's approval: all open parts less what was received."""
        return self.ordered + self.shipped + self.invoiced - self.received


class CreditEntry(models.Model):
    """One posting to the account: changes of the parts, for which order, by which document. Append-only.

    `paid` is money received for the order, whether applied to an invoice yet or not; a gate reads its sum.
    """

    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    order_number = models.CharField(_("order"), max_length=40, blank=True)
    document = models.CharField(_("document"), max_length=60)
    ordered = models.DecimalField(default=0, **MONEY)
    released = models.DecimalField(default=0, **MONEY)
    shipped = models.DecimalField(default=0, **MONEY)
    invoiced = models.DecimalField(default=0, **MONEY)
    received = models.DecimalField(default=0, **MONEY)
    paid = models.DecimalField(default=0, **MONEY)
    exposure = models.DecimalField(_("exposure after"), **MONEY)
    approval = models.CharField(_("covered by approval"), max_length=60, blank=True)
    actor = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("credit entry")
        verbose_name_plural = _("credit entries")
        constraints = [models.UniqueConstraint(fields=["account", "seq"], name="creditentry_seq")]
        indexes = [models.Index(fields=["order_number"], name="creditentry_order")]

    def __str__(self):
        return f"{self.account_id}#{self.seq}"
