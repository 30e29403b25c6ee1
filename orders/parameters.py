"""Figures of the order rules that an administrator sets, and the series of order numbers."""

from django.utils.translation import gettext_lazy as _

from core.numbering import Series
from core.parameters import Kind, Parameter

INTAKE = _("Orders")

ORDER_NUMBERS = Series("order", "R1.4", "{shop}-{yyyymmdd}-{serial:03}", _("Sales orders"))
DEVIATION_SHOWN = Parameter(
    "orders.deviation_shown",
    "R1.7",
    Kind.PERCENT,
    1,
    _("A price is marked when it differs from the list by more than"),
    INTAKE,
    minimum=0,
)
DUPLICATE_DAYS = Parameter(
    "orders.duplicate_days",
    "R1.12",
    Kind.DAYS,
    7,
    _("An order is a likely duplicate of one of the same customer within"),
    INTAKE,
    minimum=1,
)
