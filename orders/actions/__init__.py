"""The verbs of an order, from the first draft to its release."""

from orders.actions.confirmation import send_confirmation
from orders.actions.draft import (
    create_draft,
    delete_line,
    paste_lines,
    save_header,
    save_line,
    save_lines,
)
from orders.actions.papers import add_comment, attach_document, record_mark
from orders.actions.release import cancel_order, release_order
from orders.actions.review import (
    decide_order,
    return_order,
    standardise_order,
    submit_order,
    withdraw_order,
)

__all__ = [
    "add_comment",
    "attach_document",
    "cancel_order",
    "create_draft",
    "decide_order",
    "delete_line",
    "paste_lines",
    "record_mark",
    "release_order",
    "return_order",
    "save_header",
    "save_line",
    "save_lines",
    "send_confirmation",
    "standardise_order",
    "submit_order",
    "withdraw_order",
]
