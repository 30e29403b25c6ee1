"""Figures of the stock rules that an administrator sets, and the series of their documents."""

from django.utils.translation import gettext_lazy as _

from core.numbering import Series
from core.parameters import Kind, Parameter

STOCK_RULES = _("Stock")

OVERDUE_TELLS_REP = Parameter(
    "inventory.overdue_tells_rep",
    "R4.7",
    Kind.DAYS,
    7,
    _("Finished stock past its due date: the sales rep is told after"),
    STOCK_RULES,
    minimum=1,
)
OVERDUE_IS_ABNORMAL = Parameter(
    "inventory.overdue_is_abnormal",
    "R4.8",
    Kind.DAYS,
    14,
    _("Finished stock past its due date: abnormal, the sales manager is told after"),
    STOCK_RULES,
    minimum=1,
)

PRODUCTION_NUMBERS = Series("production", "R4.2", "MO-{yyyymmdd}-{serial:03}", _("Production orders"))
