"""The verbs of an order, from the first draft to its release."""

from orders.actions.confirmation import answer_confirmation, send_confirmation
from orders.actions.draft import (
    create_draft,
    delete_line,
    paste_lines,
    save_header,
    save_line,
    save_lines,
)
from orders.actions.duplicates import rule_out_duplicates
from orders.actions.feasibility import Stated, confirm_technical, fail_sample, pass_sample
from orders.actions.lines import Rows
from orders.actions.memo import close_memo, draft_from_memo, save_memo, take_memo
from orders.actions.offers import take_offer
from orders.actions.papers import add_comment, attach_document, record_mark, remove_document
from orders.actions.promising import Promised, ask_promise, confirm_promises, promise_dates
from orders.actions.quotation import (
    create_quotation,
    lose_quotation,
    revise_quotation,
    save_quotation,
    send_quotation,
    send_quotation_again,
)
from orders.actions.quotation_expiry import tell_expiring
from orders.actions.quotation_order import order_quotation
from orders.actions.release import cancel_order, release_order
from orders.actions.reopening import reopen_order
from orders.actions.review import (
    decide_order,
    return_order,
    standardise_order,
    submit_order,
    weigh_credit_again,
    withdraw_order,
)
from orders.actions.slips import slip_promises
from orders.actions.standardising import (
    answer_question,
    ask_question,
    object_to_standard,
    standardise_lines,
    withdraw_question,
)

__all__ = [
    "Promised",
    "Rows",
    "Stated",
    "add_comment",
    "answer_confirmation",
    "answer_question",
    "ask_promise",
    "ask_question",
    "attach_document",
    "cancel_order",
    "close_memo",
    "confirm_promises",
    "confirm_technical",
    "create_draft",
    "create_quotation",
    "decide_order",
    "delete_line",
    "draft_from_memo",
    "fail_sample",
    "lose_quotation",
    "object_to_standard",
    "order_quotation",
    "pass_sample",
    "paste_lines",
    "promise_dates",
    "record_mark",
    "release_order",
    "remove_document",
    "reopen_order",
    "return_order",
    "revise_quotation",
    "rule_out_duplicates",
    "save_header",
    "save_line",
    "save_lines",
    "save_memo",
    "save_quotation",
    "send_confirmation",
    "send_quotation",
    "send_quotation_again",
    "slip_promises",
    "standardise_lines",
    "standardise_order",
    "submit_order",
    "take_memo",
    "take_offer",
    "tell_expiring",
    "weigh_credit_again",
    "withdraw_order",
    "withdraw_question",
]
