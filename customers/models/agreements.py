"""What was agreed with a customer: contracts, prices by quantity and date, its own part numbers (R3.1)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from customers.models.customer import Customer
from customers.models.shapes import PERSON, PRICE, QUANTITY
from customers.querysets import AgreementQuerySet


class Contract(models.Model):
    """A contract with its span and, where it is on file, its paper."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contracts")
    number = models.CharField(_("contract number"), max_length=60)
    title = models.CharField(_("title"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    file = models.ForeignKey(
        "core.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(default=clock.now, editable=False)
    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="contract_number"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="contract_span"
            ),
        ]

    def __str__(self):
        return self.number


class PriceAgreement(models.Model):
    """The price (tax included) agreed for a product from a quantity on, for a span, in a currency."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="agreements")
    product = models.ForeignKey(
        "inventory.Product", models.PROTECT, related_name="agreements", verbose_name=_("product")
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    min_quantity = models.DecimalField(_("from quantity"), default=0, **QUANTITY)
    price = models.DecimalField(_("price, tax included"), **PRICE)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("contract"),
    )
    #: By which a second person said yes (R2.2); empty where one person agreed it alone.
    change = models.ForeignKey(
        "customers.CustomerChange", models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(default=clock.now, editable=False)
    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("price agreement")
        verbose_name_plural = _("price agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "product", "currency", "min_quantity", "valid_from"],
                name="agreement_once",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, min_quantity__gte=0), name="agreement_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="agreement_span"
            ),
        ]

    def __str__(self):
        return f"{self.product_id} ≥ {self.min_quantity}: {self.price}"


class PartNumber(models.Model):
    """The customer's own number for one of our products; `key` is how it is looked up."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="part_numbers")
    number = models.CharField(_("customer's part number"), max_length=60)
    key = models.CharField(max_length=60, editable=False)  # number.strip().lower()
    product = models.ForeignKey(
        "inventory.Product", models.PROTECT, related_name="part_numbers", verbose_name=_("product")
    )

    class Meta:
        verbose_name = _("customer's part number")
        verbose_name_plural = _("customer's part numbers")
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="partnumber_once")]

    def __str__(self):
        return self.number
