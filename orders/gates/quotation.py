"""Rules and gates of the quotation (R1.14)."""

from django.utils.translation import gettext_lazy as _

from core.rules import Gate
from orders.gates.content import REP
from orders.states import QuotationState

EDIT_QUOTATION = Gate(
    transition="edit_quotation",
    number="R1.14",
    permission="orders.change_quotation",
    states=(QuotationState.DRAFT,),
    roles=REP,
    label=_("Edit"),
)
SEND_QUOTATION = Gate(
    transition="send_quotation",
    number="R1.14",
    permission="orders.send_quotation",
    states=(QuotationState.DRAFT,),
    roles=REP,
    label=_("Send the quotation"),
)
REVISE_QUOTATION = Gate(
    transition="revise_quotation",
    number="R1.14",
    permission="orders.change_quotation",
    states=(QuotationState.SENT,),
    roles=REP,
    label=_("New version"),
)
ORDER_QUOTATION = Gate(
    transition="order_quotation",
    number="R1.14",
    permission="orders.add_salesorder",
    states=(QuotationState.SENT,),
    roles=REP,
    label=_("Make it an order"),
)
LOSE_QUOTATION = Gate(
    transition="lose_quotation",
    number="R1.14",
    permission="orders.change_quotation",
    states=(QuotationState.DRAFT, QuotationState.SENT),
    roles=REP,
    label=_("Mark as lost"),
)
