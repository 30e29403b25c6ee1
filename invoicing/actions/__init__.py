"""The verbs of revenue, invoices and money."""

from invoicing.actions.classes import propose_classes, propose_now
from invoicing.actions.issuing import issue_invoice
from invoicing.actions.money import allocate_receipt, record_receipt
from invoicing.actions.revenue import confirm_revenue, withdraw_request
from invoicing.actions.uninvoiced import tell_uninvoiced

__all__ = [
    "allocate_receipt",
    "confirm_revenue",
    "issue_invoice",
    "propose_classes",
    "propose_now",
    "record_receipt",
    "tell_uninvoiced",
    "withdraw_request",
]
