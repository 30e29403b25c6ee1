"""Figures of the order rules that an administrator sets, and the series of order numbers."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from core.numbering import Series
from core.parameters import Kind, Parameter
from orders.states import OrderClass

INTAKE = _("Orders")
CLOCKS = _("Processing clock")

ORDER_NUMBERS = Series("order", "R1.4", "{shop}-{yyyymmdd}-{serial:03}", _("Sales orders"))
ORDER_NUMBERS.by_office(
    lambda: Team.objects.exclude(shop="").order_by("shop").values_list("shop", flat=True).distinct()
)
QUOTATION_NUMBERS = Series(
    "quotation", "R1.14", "Q-{shop}-{yyyymmdd}-{serial:03}", pgettext_lazy("series", "Quotations")
)
DEVIATION_SHOWN = Parameter(
    "orders.deviation_shown",
    "R1.7",
    Kind.PERCENT,
    1,
    _("A price is marked when it differs from the list by more than"),
    INTAKE,
    minimum=0,
)
LINK_DAYS = Parameter(
    "orders.link_days",
    "R1.10",
    Kind.DAYS,
    30,
    _("The link in an order confirmation is good for"),
    INTAKE,
    minimum=1,
    maximum=366,
)
SLIP_DAYS = Parameter(
    "orders.slip_days",
    "R1.11",
    Kind.CHOICE,
    Kind.WORKING_DAYS,
    _("A late confirmation is counted in"),
    INTAKE,
    choices=[(Kind.WORKING_DAYS, _("working days")), (Kind.DAYS, _("days"))],
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
CLOCK_NORMAL = Parameter(
    "orders.clock_normal",
    "R1.5",
    Kind.WORKING_HOURS,
    24,
    _("A normal order is released or refused within"),
    CLOCKS,
    minimum=1,
)
CLOCK_SPECIAL = Parameter(
    "orders.clock_special",
    "R1.5",
    Kind.WORKING_HOURS,
    12,
    _("A special order is released or refused within"),
    CLOCKS,
    minimum=1,
)
CLOCK_URGENT = Parameter(
    "orders.clock_urgent",
    "R1.5",
    Kind.HOURS,
    2,
    _("An urgent order is released or refused within"),
    CLOCKS,
    minimum=1,
)
#: The clock of each class.
CLOCK_OF: dict[str, Parameter] = {
    OrderClass.NORMAL: CLOCK_NORMAL,
    OrderClass.SPECIAL: CLOCK_SPECIAL,
    OrderClass.URGENT: CLOCK_URGENT,
}
CLOCK_WARNS = Parameter(
    "orders.clock_warns",
    "R1.5",
    Kind.PERCENT,
    75,
    _("The processing clock warns when so much of it is used up"),
    CLOCKS,
    minimum=1,
    maximum=100,
)
MEMO_NUMBERS = Series("memo", "R1.2", "CM-{yyyymmdd}-{serial:03}", _("Customer memos"))
QUOTATION_DAYS = Parameter(
    "orders.quotation_days",
    "R1.14",
    Kind.DAYS,
    30,
    _("A quotation is usually valid for"),
    INTAKE,
    minimum=1,
)
QUOTATION_WARNS = Parameter(
    "orders.quotation_warns",
    "R1.14",
    Kind.DAYS,
    3,
    _("The sales rep is told that a quotation expires, days before"),
    INTAKE,
    minimum=0,
)
