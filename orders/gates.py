"""Gates of the sales order's transitions, and their rules."""

from django.utils.translation import gettext_lazy as _

from orders.states import OrderState
from core.rules import Gate

SUBMIT = Gate(
    transition="submit",
    number="R1.1",
    permission="orders.submit_salesorder",
    states=(OrderState.DRAFT, OrderState.REFUSED),
    roles=("sales_rep",),
    label=_("Submit"),
)
STANDARDISE = Gate(
    transition="standardise",
    number="R1.9",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    roles=("business_support",),
    label=_("Standardised"),
)
RETURN = Gate(
    transition="return_to_rep",
    number="R2.11",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    roles=("business_support",),
    label=_("Return to the rep"),
)
APPROVE = Gate(
    transition="approve",
    number="R2.1",
    permission="approvals.decide_step",
    states=(OrderState.IN_REVIEW,),
    roles=("sales_manager", "general_manager"),
    label=_("Approve"),
)
REFUSE = Gate(
    transition="refuse",
    number="R2.11",
    permission="approvals.decide_step",
    states=(OrderState.IN_REVIEW,),
    roles=("sales_manager", "general_manager"),
    label=_("Refuse"),
)
WITHDRAW = Gate(
    transition="withdraw",
    number="R2.11",
    permission="orders.submit_salesorder",
    states=(OrderState.SUBMITTED, OrderState.IN_REVIEW),
    roles=("sales_rep",),
    label=_("Withdraw"),
)
RELEASE = Gate(
    transition="release",
    number="R2.1",
    permission="orders.release_salesorder",
    states=(OrderState.APPROVED,),
    roles=("business_support",),
    label=_("Release"),
)
SETTLE = Gate(
    transition="settle",
    number="R6.10",
    permission="invoicing.record_receipt",
    states=(OrderState.RELEASED,),
    roles=("finance",),
    label=_("Settle"),
)
CANCEL = Gate(
    transition="cancel",
    number="R7.7",
    permission="orders.cancel_salesorder",
    states=(
        OrderState.DRAFT,
        OrderState.SUBMITTED,
        OrderState.IN_REVIEW,
        OrderState.REFUSED,
        OrderState.APPROVED,
    ),
    roles=("sales_rep",),
    label=_("Cancel"),
)
