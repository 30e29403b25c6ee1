"""States of a shipment (R5.9)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ShipmentState(models.TextChoices):
    REQUESTED = "requested", _("Shipment requested")  # finance check, recheck and sign-offs run in its case
    REFUSED = "refused", _("Refused")
    RELEASED = "released", pgettext_lazy("shipment", "Released")  # it may leave; committed in the account
    PICKED = "picked", _("Picked")
    PACKED = "packed", _("Packed")
    DISPATCHED = "dispatched", _("In transit")  # from here it counts as shipped
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


#: Claims open quantity and finished stock, though nothing has left yet.
PENDING = (ShipmentState.REQUESTED, ShipmentState.RELEASED, ShipmentState.PICKED, ShipmentState.PACKED)
GONE = (ShipmentState.DISPATCHED, ShipmentState.DELIVERED)
#: Released and not gone: in the credit account as released for shipment.
ON_THE_FLOOR = (ShipmentState.RELEASED, ShipmentState.PICKED, ShipmentState.PACKED)
#: Claims nothing: neither quantity nor stock, money, freight.
FREED = (ShipmentState.REFUSED, ShipmentState.CANCELLED)
BADGE = {
    ShipmentState.REQUESTED: "pending",
    ShipmentState.REFUSED: "blocked",
    ShipmentState.RELEASED: "approved",
    ShipmentState.PICKED: "production",
    ShipmentState.PACKED: "ready",
    ShipmentState.DISPATCHED: "shipped",
    ShipmentState.DELIVERED: "done",
    ShipmentState.CANCELLED: "cancelled",
}


class ReleaseCase(models.TextChoices):
    """Which rule of section 5 decides who must sign."""

    CASH = "R5.2", _("Paid by contract")
    UNPAID = "R5.3", _("No credit line, beyond what is paid")
    CREDIT = "R5.4", _("Credit line")
    OTHER = "R5.6", _("Anything else")
