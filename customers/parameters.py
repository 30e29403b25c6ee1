"""The series of customer codes, what is agreed alone (R2.2), and the standard of the classes (R3.3)."""

from django.utils.translation import gettext_lazy as _

from core.numbering import Series
from core.parameters import Kind, Parameter

CUSTOMER_CODES = Series("customer", "R3.1", "C{serial:05}", _("Customers"), longest=20)

AGREED_ALONE = Parameter(
    "customers.agreed_alone",
    "R2.2",
    Kind.PERCENT,
    1,
    _("A price below the list is agreed by one person up to"),
    _("Customers"),
    minimum=0,
)

_CLASSES = _("Customer classes")
A_VOLUME = Parameter(
    "class.a_volume", "R3.3", Kind.MONEY, "1000000", _("Class A: shipped in 12 months, at least"), _CLASSES
)
B_VOLUME = Parameter(
    "class.b_volume", "R3.3", Kind.MONEY, "200000", _("Class B: shipped in 12 months, at least"), _CLASSES
)
A_DELAY = Parameter(
    "class.a_delay", "R3.3", Kind.DAYS, 5, _("Class A: paid late on average, at most"), _CLASSES
)
B_DELAY = Parameter(
    "class.b_delay", "R3.3", Kind.DAYS, 20, _("Class B: paid late on average, at most"), _CLASSES
)
A_YEARS = Parameter(
    "class.a_years",
    "R3.3",
    Kind.DECIMAL,
    "2",
    _("Class A: customer for, at least"),
    _CLASSES,
    unit=_("years"),
)
B_YEARS = Parameter(
    "class.b_years",
    "R3.3",
    Kind.DECIMAL,
    "0",
    _("Class B: customer for, at least"),
    _CLASSES,
    unit=_("years"),
)
