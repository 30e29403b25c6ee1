"""Shipments: requested, released behind their gate, picked, packed, dispatched, delivered (section 5)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import figures
from core.numbering import fits
from core.transitions import Stateful, gated
from inventory.quantities import plain
from logistics import gates
from logistics.querysets import ShipmentLineQuerySet, ShipmentQuerySet
from logistics.states import BADGE, GONE, ReleaseCase, ShipmentState

MONEY = {"max_digits": 16, "decimal_places": 2}
QUANTITY = {"max_digits": 14, "decimal_places": 3}
PERSON = settings.AUTH_USER_MODEL


class Carrier(models.Model):
    """Who carries the goods."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Shipment(Stateful):
    """Part of one order on its way to the customer; passes its gate before it may leave."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    order = models.ForeignKey(
        "orders.SalesOrder", models.PROTECT, related_name="shipments", verbose_name=_("order")
    )
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    requested_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("requested by"))
    wanted_on = models.DateField(_("to leave on"))
    ship_to = models.CharField(_("ship to"), max_length=300)
    goods_value = models.DecimalField(_("goods value"), default=0, **MONEY)
    freight = models.DecimalField(_("freight billed with it"), default=0, **MONEY)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    case = models.OneToOneField("approvals.Case", models.PROTECT, null=True, related_name="shipment")
    release_case = models.CharField(
        _("released under"), max_length=5, choices=ReleaseCase.choices, blank=True
    )
    beyond_paid = models.DecimalField(_("beyond payment"), default=0, **MONEY)
    beyond_limit = models.DecimalField(_("beyond the limit"), default=0, **MONEY)
    state = FSMField(
        _("state"), default=ShipmentState.REQUESTED, choices=ShipmentState.choices, protected=True
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    picked_at = models.DateTimeField(_("picked at"), null=True, blank=True)
    packed_at = models.DateTimeField(_("packed at"), null=True, blank=True)
    packages = models.PositiveIntegerField(_("packages"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("dispatched at"), null=True, blank=True)
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, blank=True, verbose_name=_("carrier"))
    waybill = models.CharField(_("waybill number"), max_length=60, blank=True)
    expected_on = models.DateField(_("expected arrival"), null=True, blank=True)
    delivery_note_number = models.CharField(
        _("delivery note"), max_length=40, null=True, blank=True, unique=True
    )
    delivery_note = models.ForeignKey(
        "core.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    received_by = models.CharField(_("received by"), max_length=80, blank=True)
    receipt_file = models.ForeignKey(
        "core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_value = models.DecimalField(_("revenue confirmed"), default=0, **MONEY)
    invoiced_value = models.DecimalField(_("invoiced"), default=0, **MONEY)
    uninvoiced_level = models.PositiveSmallIntegerField(default=0)  # highest level told (R6.3, R6.4)
    weighed: Any = None  # the figures a release is judged by, while it is judged
    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.CheckConstraint(
                condition=Q(goods_value__gte=0, freight__gte=0, confirmed_value__gte=0, invoiced_value__gte=0)
                & Q(invoiced_value__lte=F("confirmed_value"))
                & Q(confirmed_value__lte=figures.money(F("goods_value") + F("freight"))),
                name="shipment_invoiced_within_value",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["dispatched", "delivered"])
                | Q(dispatched_at__isnull=False, carrier__isnull=False, released_at__isnull=False),
                name="shipment_dispatch_is_complete",
            ),
            fits("number", "shipment_number_fits"),
            fits("delivery_note_number", "shipment_note_number_fits"),
        ]
        indexes = [
            models.Index(fields=["state", "state_since", "id"], name="shipment_queue"),
            models.Index(fields=["-id"], name="shipment_newest"),
            models.Index(
                fields=["dispatched_at", "id"],
                name="shipment_uninvoiced",
                condition=Q(dispatched_at__isnull=False)
                & Q(invoiced_value__lt=figures.money(F("goods_value") + F("freight"))),
            ),
        ]
        permissions = [
            ("request_shipment", _("Can request shipments")),
            ("release_shipment", _("Can release shipments")),
            ("pick_shipment", _("Can pick and pack shipments")),
            ("dispatch_shipment", _("Can dispatch shipments")),
            ("deliver_shipment", _("Can record deliveries")),
            ("cancel_shipment", _("Can cancel shipments")),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("logistics:shipment", args=[self.number])

    @property
    def thread(self) -> str:
        """The audit thread of its order."""
        return self.order.thread

    @property
    def tone(self) -> str:
        """Its badge's tone."""
        return BADGE[self.state]

    @property
    def billable(self):
        """Goods value and the freight billed with it, tax included."""
        return self.goods_value + self.freight

    @property
    def unconfirmed(self):
        """What of its value no revenue was confirmed for yet (R6.2)."""
        return self.billable - self.confirmed_value

    @property
    def has_left(self) -> bool:
        """Whether it counts as shipped."""
        return self.state in GONE

    @property
    def content(self) -> dict:
        """What the sign-offs are about; its digest is what they sign."""
        return {
            "shipment": self.number,
            "order": self.order.number,
            "customer": self.order.customer.code,
            "ship_to": self.ship_to,
            "wanted_on": self.wanted_on.isoformat(),
            "currency": self.currency,
            "goods_value": f"{self.goods_value:.2f}",
            "freight": f"{self.freight:.2f}",
            "lines": [
                {
                    "position": line.order_line.position,
                    "code": line.order_line.product.code,
                    "product": line.order_line.product.name,
                    "quantity": plain(line.quantity),
                    "unit": line.order_line.unit,
                    "value": f"{line.goods_value:.2f}",
                }
                for line in self.lines.all()
            ],
        }

    @gated(state, target=ShipmentState.RELEASED, gate=gates.RELEASE)
    def release(self, *, actor, at):
        """It may leave."""
        self.released_at = at

    @gated(state, target=ShipmentState.REFUSED, gate=gates.REFUSE)
    def refuse(self, *, actor):
        """A sign-off said no."""

    @gated(state, target=ShipmentState.REQUESTED, gate=gates.REQUEST_AGAIN)
    def request_again(self, *, actor):
        """Mended and asked for again: a new round of sign-offs."""

    @gated(state, target=ShipmentState.PICKED, gate=gates.PICK)
    def pick(self, *, actor, at):
        """The warehouse took the goods from the shelf."""
        self.picked_at = at

    @gated(state, target=ShipmentState.PACKED, gate=gates.PACK)
    def pack(self, *, actor, at, packages):
        """Packed and labelled."""
        self.packed_at = at
        self.packages = packages

    @gated(state, target=ShipmentState.DISPATCHED, gate=gates.DISPATCH)
    def dispatch(self, *, actor, at):
        """The goods leave; from here the shipment counts as shipped."""
        self.dispatched_at = at

    @gated(state, target=ShipmentState.DELIVERED, gate=gates.DELIVER)
    def deliver(self, *, actor, at, received_by):
        """The customer has them, by signed receipt or click (R5.13)."""
        self.delivered_at = at
        self.received_by = received_by

    @gated(state, target=ShipmentState.CANCELLED, gate=gates.CANCEL)
    def cancel(self, *, actor):
        """It will not leave; its quantities are free again."""


class ShipmentLine(models.Model):
    """A quantity of one order line in a shipment, with its goods value (tax included, at order prices)."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="shipment_lines")
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    goods_value = models.DecimalField(_("goods value"), **MONEY)
    objects = ShipmentLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        ordering = ["shipment_id", "order_line__position"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipmentline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, goods_value__gte=0), name="shipmentline_positive"
            ),
        ]

    def __str__(self):
        return f"{self.shipment_id}: {self.quantity}"
