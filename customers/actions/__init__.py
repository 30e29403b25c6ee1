"""The verbs of customers and of their credit account."""

from customers.actions.changes import (
    ask_change,
    block_customer,
    decide_change,
    unblock_customer,
    withdraw_change,
)
from customers.actions.credit import AccountMoved, lock_credit_account, post_exposure
from customers.actions.record import FIELDS, create_customer, update_customer

__all__ = [
    "FIELDS",
    "AccountMoved",
    "ask_change",
    "block_customer",
    "create_customer",
    "decide_change",
    "lock_credit_account",
    "post_exposure",
    "unblock_customer",
    "update_customer",
    "withdraw_change",
]
