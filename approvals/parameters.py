"""Figures of the approval rules."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.parameters import Kind, Parameter

GROUP = _("Approvals")
#: What a sales manager may approve where nothing else is on file (R2.2).
USUAL: dict[str, Any] = {
    "max_amount": Decimal(100_000),
    "max_discount": Decimal(10),
    "max_deviation": Decimal(10),
    "min_margin": Decimal(10),
    "max_payment_days": 60,
    "may_exceed_credit": False,
    "may_special": False,
}

MAJOR_AMOUNT = Parameter(
    "approvals.major_amount",
    "R2.4",
    Kind.MONEY,
    500_000,
    _("All departments review an order above"),
    GROUP,
    minimum=0,
)

REMIND_AFTER = Parameter(
    "approvals.remind_after",
    "R2.12",
    Kind.WORKING_HOURS,
    4,
    _("A waiting step reminds after"),
    GROUP,
    minimum=1,
)
ESCALATE_AFTER = Parameter(
    "approvals.escalate_after",
    "R2.12",
    Kind.WORKING_HOURS,
    8,
    _("A waiting step escalates after"),
    GROUP,
    minimum=1,
)
