"""One line of an order: product, quantity, price, dates, and how far it has come."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import figures
from orders.models.order import SalesOrder
from orders.models.shapes import MONEY, PRICE, QUANTITY
from orders.states import PriceSource


class OrderLine(models.Model):
    """One product, quantity, price, due date. ordered = shipped + open + cancelled (R5.14, I3)."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(
        "inventory.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    typed = models.CharField(
        _("as typed"), max_length=120, blank=True
    )  # a product nobody found yet: a red row
    unread = models.JSONField(default=dict, blank=True)  # cell → what was typed and cannot be read (R1.3)
    customer_words = models.CharField(_("the customer's words"), max_length=200, blank=True)  # R1.9
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    packaging = models.CharField(_("packaging"), max_length=120, blank=True)
    tolerance = models.CharField(_("tolerance"), max_length=60, blank=True)
    quantity = models.DecimalField(_("quantity"), default=0, **QUANTITY)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    price = models.DecimalField(_("price"), null=True, blank=True, **PRICE)
    list_price = models.DecimalField(_("list price"), null=True, blank=True, **PRICE)
    agreed_price = models.DecimalField(_("agreed price"), null=True, blank=True, **PRICE)
    price_source = models.CharField(
        _("price from"), max_length=12, choices=PriceSource.choices, blank=True
    )  # R1.7
    discount_percent = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0)
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2, default=13)
    due_on = models.DateField(_("due"), null=True, blank=True)
    promised_on = models.DateField(_("promised finish"), null=True, blank=True)
    first_promised_on = models.DateField(_("first promised"), null=True, blank=True)  # before slips
    goods = models.DecimalField(_("goods"), default=0, **MONEY)
    discount = models.DecimalField(_("discount"), default=0, **MONEY)
    tax = models.DecimalField(_("tax"), default=0, **MONEY)
    total = models.DecimalField(_("total"), default=0, **MONEY)
    requirement = models.OneToOneField(
        "inventory.Requirement", models.PROTECT, null=True, blank=True, related_name="order_line"
    )
    shipped = models.DecimalField(_("shipped"), default=0, **QUANTITY)
    cancelled = models.DecimalField(_("cancelled"), default=0, **QUANTITY)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"],
                name="orderline_position",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, shipped__gte=0, cancelled__gte=0)
                & Q(quantity__gte=figures.quantity(F("shipped") + F("cancelled"))),
                name="orderline_shipped_within_ordered",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100)
                & (Q(price=None) | Q(price__gte=0)),
                name="orderline_price_sane",
            ),
            models.CheckConstraint(
                condition=Q(total=figures.money(F("goods") - F("discount"))),
                name="orderline_total_is_the_sum",
            ),
        ]

    def __str__(self):
        return f"{self.order_id}/{self.position}"

    @property
    def open_quantity(self):
        """Ordered, not shipped, not cancelled."""
        return self.quantity - self.shipped - self.cancelled

    @property
    def is_past_due_dates(self) -> bool:
        """Whether its due date warns nobody any more: all of it has left, or none of it will."""
        return self.shipped + self.cancelled >= self.quantity > 0 or self.order.is_past_due_dates
