"""The verbs of customers and of their credit account."""

from customers.actions.agreements import (
    Agreed,
    add_agreements,
    add_contract,
    end_agreement,
    end_contract,
    remove_agreement,
    remove_contract,
    remove_part_number,
    set_part_numbers,
)
from customers.actions.changes import (
    ask_change,
    block_customer,
    decide_change,
    unblock_customer,
    withdraw_change,
)
from customers.actions.classes import ask_class, dismiss_class, propose_class
from customers.actions.credit import AccountMoved, lock_credit_account, post_exposure
from customers.actions.record import FIELDS, create_customer, update_customer

__all__ = [
    "FIELDS",
    "AccountMoved",
    "Agreed",
    "add_agreements",
    "add_contract",
    "ask_change",
    "ask_class",
    "block_customer",
    "create_customer",
    "decide_change",
    "dismiss_class",
    "end_agreement",
    "end_contract",
    "lock_credit_account",
    "post_exposure",
    "propose_class",
    "remove_agreement",
    "remove_contract",
    "remove_part_number",
    "set_part_numbers",
    "unblock_customer",
    "update_customer",
    "withdraw_change",
]
