"""Figures of the approval rules."""

from django.utils.translation import gettext_lazy as _

from core.parameters import Kind, Parameter

GROUP = _("Approvals")

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
