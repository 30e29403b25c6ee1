"""Gates of the transitions in orders, and the rules that verbs ask by name."""

from orders.gates.confirmation import CONFIRM, CONFIRM_BACK, DISPUTE, SUPERSEDE
from orders.gates.feasibility import FAIL_SAMPLE, PASS_SAMPLE
from orders.gates.intake import (
    CHECK_IMPORT,
    DISCARD_IMPORT,
    FAIL_IMPORT,
    FINISH_IMPORT,
    NAME_COLUMNS,
    REPORT_IMPORT,
    TAKE_IMPORT,
)
from orders.gates.memo import CLOSE_MEMO, DRAFT_MEMO, EDIT_MEMO
from orders.gates.order import (
    APPROVE,
    CANCEL,
    EDIT,
    REFUSE,
    RELEASE,
    RETURN,
    SETTLE,
    STANDARDISE,
    SUBMIT,
    WITHDRAW,
)
from orders.gates.quotation import (
    EDIT_QUOTATION,
    LOSE_QUOTATION,
    ORDER_QUOTATION,
    REVISE_QUOTATION,
    SEND_QUOTATION,
)
from orders.gates.review import CHECKLIST, checklist_is_complete, every_step_said_yes, not_theirs

__all__ = [
    "APPROVE",
    "CANCEL",
    "CHECKLIST",
    "CHECK_IMPORT",
    "CLOSE_MEMO",
    "CONFIRM",
    "CONFIRM_BACK",
    "DISCARD_IMPORT",
    "DISPUTE",
    "DRAFT_MEMO",
    "EDIT",
    "EDIT_MEMO",
    "EDIT_QUOTATION",
    "FAIL_IMPORT",
    "FAIL_SAMPLE",
    "FINISH_IMPORT",
    "LOSE_QUOTATION",
    "NAME_COLUMNS",
    "ORDER_QUOTATION",
    "PASS_SAMPLE",
    "REFUSE",
    "RELEASE",
    "REPORT_IMPORT",
    "RETURN",
    "REVISE_QUOTATION",
    "SEND_QUOTATION",
    "SETTLE",
    "STANDARDISE",
    "SUBMIT",
    "SUPERSEDE",
    "TAKE_IMPORT",
    "WITHDRAW",
    "checklist_is_complete",
    "every_step_said_yes",
    "not_theirs",
]
