"""Case and Step: who must decide, on what content, who decided (section 2 of the rulebook).

A case knows no order: the noun that owns it (order, shipment, customer) points down to it, hands over plain
facts, and calls approvals/actions. A step's grants hang on direct-foreign-key tables.
"""

from approvals.models.authority import AuthorityLimit
from approvals.models.case import Case, PastRound
from approvals.models.condition import Condition
from approvals.models.question import Question
from approvals.models.step import Step, StepGroupPermission, StepUserPermission

__all__ = [
    "AuthorityLimit",
    "Case",
    "Condition",
    "PastRound",
    "Question",
    "Step",
    "StepGroupPermission",
    "StepUserPermission",
]
