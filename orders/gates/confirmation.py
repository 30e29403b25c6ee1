"""Gates of the order confirmation: out to the customer, and back (R1.8, R1.10)."""

from django.utils.translation import gettext_lazy as _

from core.rules import Gate
from orders.gates.content import SUPPORT
from orders.states import ConfirmationState, OrderState

CONFIRM = Gate(
    transition="confirm",
    number="R1.8",
    permission="orders.confirm_salesorder",
    states=(OrderState.APPROVED, OrderState.RELEASED),
    roles=SUPPORT,
    label=_("Send confirmation"),
)
CONFIRM_BACK = Gate(
    transition="confirm_back",
    number="R1.10",
    permission="orders.answer_confirmation",
    states=(ConfirmationState.SENT, ConfirmationState.DISPUTED),
    roles=("customer", *SUPPORT),
    label=_("Record the customer's confirmation"),
)
DISPUTE = Gate(
    transition="dispute",
    number="R1.10",
    permission="orders.answer_confirmation",
    states=(ConfirmationState.SENT,),
    roles=("customer", *SUPPORT),
    label=_("Record that it is not right"),
)
SUPERSEDE = Gate(
    transition="supersede",
    number="R1.8",
    permission="orders.confirm_salesorder",
    states=(ConfirmationState.SENT, ConfirmationState.CONFIRMED, ConfirmationState.DISPUTED),
    roles=SUPPORT,
    label=_("Replace"),
)
