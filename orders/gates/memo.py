"""Gates of the customer memo (R1.2)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.rules import Gate, rule
from orders.gates.content import REP
from orders.states import MemoState


@rule("R1.2", _("Memo %(memo)s names no customer yet."), opened_by=REP)
def memo_names_a_customer(memo):
    return {"memo": memo, "_field": "customer"} if memo.customer_id is None else None


EDIT_MEMO = Gate(
    transition="edit_memo",
    number="R1.2",
    permission="orders.change_memo",
    states=(MemoState.OPEN,),
    roles=REP,
    label=_("Edit"),
)
DRAFT_MEMO = Gate(
    transition="draft_memo",
    number="R1.2",
    permission="orders.add_salesorder",
    states=(MemoState.OPEN,),
    rules=(memo_names_a_customer,),
    roles=REP,
    label=_("Begin the order"),
)
CLOSE_MEMO = Gate(
    transition="close_memo",
    number="R1.2",
    permission="orders.change_memo",
    states=(MemoState.OPEN,),
    roles=REP,
    label=pgettext_lazy("memo", "Close"),
)
