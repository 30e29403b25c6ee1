"""States of a case, of its steps and of what a yes was tied to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseState(models.TextChoices):
    OPEN = "open", _("Under review")
    APPROVED = "approved", _("Approved")  # every step of the round said yes
    REFUSED = "refused", _("Refused")  # one step said no; a new round may follow
    WITHDRAWN = "withdrawn", _("Withdrawn")


class StepState(models.TextChoices):
    WAITING = "waiting", _("Waiting for an earlier step")
    OPEN = "open", _("To be decided")
    APPROVED = "approved", _("Approved")  # counts while its round is the case's
    REFUSED = "refused", _("Refused")
    VOID = "void", _("Void")  # not decided when its round ended


class StepKind(models.TextChoices):
    """What is decided, by which role (see ROLE_OF)."""

    SUPPORT = "support", _("Business support review")
    FINANCE = "finance", _("Finance review")
    TECHNICAL = "technical", _("Technical confirmation")
    PRODUCTION = "production", _("Production's promise")
    JOINT_SALES = "joint_sales", _("Joint review: sales")
    JOINT_PRODUCTION = "joint_production", _("Joint review: production")
    JOINT_LOGISTICS = "joint_logistics", _("Joint review: logistics")
    JOINT_FINANCE = "joint_finance", _("Joint review: finance")
    JOINT_TECHNICAL = "joint_technical", _("Joint review: technical")
    MANAGER = "manager", _("Sales manager's approval")
    HEAD = "head", _("Sales head's confirmation")
    GENERAL = "general", _("General manager's approval")


class ConditionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("condition", "To be fulfilled")
    DONE = "done", pgettext_lazy("condition", "Fulfilled")
    DROPPED = "dropped", pgettext_lazy("condition", "Dropped")  # the yes that it belonged to was taken back


ROLE_OF = {
    StepKind.SUPPORT: "business_support",
    StepKind.FINANCE: "finance",
    StepKind.TECHNICAL: "technical",
    StepKind.PRODUCTION: "production",
    StepKind.JOINT_SALES: "sales_head",
    StepKind.JOINT_PRODUCTION: "production",
    StepKind.JOINT_LOGISTICS: "warehouse",
    StepKind.JOINT_FINANCE: "finance",
    StepKind.JOINT_TECHNICAL: "technical",
    StepKind.MANAGER: "sales_manager",
    StepKind.HEAD: "sales_head",
    StepKind.GENERAL: "general_manager",
}
#: The departments that look at a major or special order side by side (R2.4).
JOINT = (
    StepKind.JOINT_SALES,
    StepKind.JOINT_PRODUCTION,
    StepKind.JOINT_LOGISTICS,
    StepKind.JOINT_FINANCE,
    StepKind.JOINT_TECHNICAL,
)
#: How a step's state is drawn.
BADGE = {
    StepState.WAITING: "draft",
    StepState.OPEN: "pending",
    StepState.APPROVED: "approved",
    StepState.REFUSED: "blocked",
    StepState.VOID: "cancelled",
}
#: How a condition's state is drawn.
CONDITION_BADGE = {
    ConditionState.OPEN: "pending",
    ConditionState.DONE: "done",
    ConditionState.DROPPED: "cancelled",
}
#: Decided by what is signed on a page of its own, which stands beside the noun's (R2.8, R2.9).
SIGNED_AT: dict[str, str] = {StepKind.TECHNICAL: "technical/", StepKind.PRODUCTION: "promise/"}
#: Levels of authority: two levels need two people (I13).
LEVEL_OF = {StepKind.MANAGER: 1, StepKind.GENERAL: 2}
#: Who decides in whose place when everybody of the role entered or asked for it (R2.10).
IN_PLACE: dict[str, tuple[str, ...]] = {"sales_manager": ("sales_head", "general_manager")}
#: Who decides where everybody of a role entered or asked for it, and no other place is named (R2.10).
LAST_PLACE = ("general_manager",)
DECIDED = (StepState.APPROVED, StepState.REFUSED)

#: What a noun may hand over separately, so that a change reopens exactly the touched steps (R2.11, I5).
ASPECTS = frozenset({"customer", "terms", "prices", "quantities", "dates", "products"})
_MAKING = frozenset({"products", "quantities", "dates"})
_MONEY = frozenset({"customer", "terms", "prices", "quantities"})
#: Which aspects a step's yes covers. An aspect that is not among ASPECTS is covered by every step.
COVERS: dict[str, frozenset[str]] = {
    StepKind.SUPPORT: frozenset({"customer", "products", "quantities", "dates"}),
    StepKind.FINANCE: _MONEY,
    StepKind.TECHNICAL: frozenset({"products", "quantities"}),
    StepKind.PRODUCTION: _MAKING,
    StepKind.JOINT_SALES: ASPECTS,
    StepKind.JOINT_PRODUCTION: _MAKING,
    StepKind.JOINT_LOGISTICS: _MAKING | {"customer"},
    StepKind.JOINT_FINANCE: _MONEY,
    StepKind.JOINT_TECHNICAL: frozenset({"products", "quantities"}),
    StepKind.MANAGER: ASPECTS,
    StepKind.HEAD: ASPECTS,
    StepKind.GENERAL: ASPECTS,
}


def covers(kind: str, aspect: str) -> bool:
    """Whether a yes of that kind covers this aspect of the content."""
    return aspect in COVERS[kind] or aspect not in ASPECTS
