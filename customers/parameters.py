"""The series of customer codes."""

from django.utils.translation import gettext_lazy as _

from core.numbering import Series

CUSTOMER_CODES = Series("customer", "R3.1", "C{serial:05}", _("Customers"))
