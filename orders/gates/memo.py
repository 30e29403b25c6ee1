"""Gates of the customer memo (R1.2)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.rules import Facts, Gate, rule
from orders.gates.content import REP, its_rep
from orders.states import EDITABLE, MemoState


@rule("R1.2", _("Memo %(memo)s names no customer yet."), opened_by=REP)
def memo_names_a_customer(memo) -> Facts | None:
    if memo.customer_id is not None:
        return None
    url = f"{memo.get_absolute_url()}#id_customer"
    return {"memo": memo, "_field": "customer", "_next_step": url, "_people": (memo.taken_by_id,)}


@rule("R1.2", _("Choose the team that follows it up."), opened_by=REP)
def memo_has_a_team(memo) -> Facts | None:
    return {"_field": "team"} if memo.team_id is None else None


@rule("R1.2", _("Note who called or was met, and what they said."), opened_by=REP)
def memo_says_what_was_said(memo) -> Facts | None:
    if memo.caller.strip() and memo.said.strip():
        return None
    return {"_field": "said" if memo.caller.strip() else "caller"}


@rule("R1.2", _("Order %(order)s rests on memo %(memo)s already."))
def order_has_no_memo(order) -> Facts | None:
    known = order.memo_of()
    return None if known is None else {"order": order, "memo": known}


@rule("R2.11", _("Order %(order)s is “%(state)s” and not open to editing."))
def order_is_open(order) -> Facts | None:
    if order.state in EDITABLE:
        return None
    return {"order": order, "state": order.get_state_display(), **its_rep(order)}


@rule("R1.2", _("Say why nothing comes of it."))
def closing_has_a_reason(reason) -> Facts | None:
    return None if reason.strip() else {"_field": "reason"}


TAKE_MEMO = Gate(
    transition="take_memo",
    number="R1.2",
    permission="orders.add_memo",
    states=(MemoState.OPEN,),
    roles=REP,
    label=_("Take the memo"),
)
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
