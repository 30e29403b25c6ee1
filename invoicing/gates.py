"""Gates of the invoice's transitions, and their rules."""

from django.utils.translation import gettext_lazy as _

from invoicing.states import InvoiceState
from core.rules import Gate

ISSUE = Gate(
    transition="issue",
    number="R6.1",
    permission="invoicing.issue_invoice",
    states=(InvoiceState.REQUESTED,),
    roles=("finance",),
    label=_("Issue"),
)
PAY = Gate(
    transition="pay_off",
    number="R6.7",
    permission="invoicing.record_receipt",
    states=(InvoiceState.ISSUED,),
    roles=("finance",),
    label=_("Paid"),
)
WITHDRAW = Gate(
    transition="withdraw",
    number="R6.1",
    permission="invoicing.confirm_revenue",
    states=(InvoiceState.REQUESTED,),
    roles=("business_support",),
    label=_("Withdraw"),
)
