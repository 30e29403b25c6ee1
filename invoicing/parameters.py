"""Time limits of section 6, and its number series."""

from django.utils.translation import gettext_lazy as _

from core.numbering import Series
from core.parameters import Kind, Parameter

GROUP = _("Invoicing")

LIMIT = Parameter(
    "invoicing.limit_months", "R6.3", Kind.MONTHS, 1, _("A shipment is invoiced within"), GROUP, minimum=1
)
GRACE = Parameter(
    "invoicing.grace_days",
    "R6.4",
    Kind.DAYS,
    7,
    _("After the sales rep was asked, problem dispatched goods after"),
    GROUP,
)
REQUESTS = Series("invoice_request", "R6.1", "IR-{yyyymmdd}-{serial:03}", _("Invoice requests"))
SPECIAL = Series("invoice_special", "R6.12", "VS-{yyyy}-{serial:06}", _("VAT special invoices"))
ORDINARY = Series("invoice_ordinary", "R6.12", "VO-{yyyy}-{serial:06}", _("VAT ordinary invoices"))
RECEIPTS = Series("receipt", "R6.7", "RC-{yyyymmdd}-{serial:03}", _("Receipts of money"))
