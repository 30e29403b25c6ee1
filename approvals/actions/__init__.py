"""The verbs of approval: open a round, decide a step, tie a yes to conditions, ask, hand over, take back."""

from approvals.actions.deciding import decide_step, signed_for, withdraw_decision
from approvals.actions.passing import answer_question, ask_question, hand_over_step
from approvals.actions.rounds import open_case, reopen_case, withdraw_case
from approvals.actions.terms import close_condition

__all__ = [
    "answer_question",
    "ask_question",
    "close_condition",
    "decide_step",
    "hand_over_step",
    "open_case",
    "reopen_case",
    "signed_for",
    "withdraw_case",
    "withdraw_decision",
]
