"""Figures of the release gate that an administrator sets, and the number series of section 5."""

from django.utils.translation import gettext_lazy as _

from core.numbering import Series
from core.parameters import Kind, Parameter

GROUP = _("Shipping")

OVER_LIMIT = Parameter(
    "logistics.over_limit_percent",
    "R5.6",
    Kind.PERCENT,
    20,
    _("Beyond the credit limit by more than this goes to the general manager"),
    GROUP,
    maximum=1000,
)
EARLY_DAYS = Parameter(
    "logistics.early_days",
    "R5.6",
    Kind.DAYS,
    30,
    _("Leaving earlier than the due date by more than this goes to the general manager"),
    GROUP,
)
SHIPMENTS = Series("shipment", "R5.9", "SH-{yyyymmdd}-{serial:03}", _("Shipments"))
DELIVERY_NOTES = Series("delivery_note", "R5.17", "DN-{yyyymm}-{serial:04}", _("Delivery notes"))
