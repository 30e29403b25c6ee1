"""States of a case and of its steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    OPEN = "open", _("Under review")
    APPROVED = "approved", _("Approved")  # every step of the round said yes
    REFUSED = "refused", _("Refused")  # one step said no; a new round may follow
    WITHDRAWN = "withdrawn", _("Withdrawn")


class StepState(models.TextChoices):
    WAITING = "waiting", _("Waiting for an earlier step")
    OPEN = "open", _("To be decided")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    VOID = "void", _("Void")  # the content changed, or another step refused


class StepKind(models.TextChoices):
    """What is decided, by which role (see ROLE_OF)."""

    SUPPORT = "support", _("Business support review")
    FINANCE = "finance", _("Finance review")
    MANAGER = "manager", _("Sales manager's approval")
    HEAD = "head", _("Sales head's confirmation")
    GENERAL = "general", _("General manager's approval")


ROLE_OF = {
    StepKind.SUPPORT: "business_support",
    StepKind.FINANCE: "finance",
    StepKind.MANAGER: "sales_manager",
    StepKind.HEAD: "sales_head",
    StepKind.GENERAL: "general_manager",
}
#: How a step's state is drawn.
BADGE = {
    StepState.WAITING: "draft",
    StepState.OPEN: "pending",
    StepState.APPROVED: "approved",
    StepState.REFUSED: "blocked",
    StepState.VOID: "cancelled",
}
#: Levels of authority: two levels need two people (I13).
LEVEL_OF = {StepKind.MANAGER: 1, StepKind.GENERAL: 2}
DECIDED = (StepState.APPROVED, StepState.REFUSED)
