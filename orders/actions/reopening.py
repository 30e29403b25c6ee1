"""An approved order is opened again, so that what the customer wants otherwise can be written in (R2.11)."""

from __future__ import annotations

from django.db import transaction

from accounts.inbox import notify_all, notify_role
from accounts.models import User
from core.audit import record
from core.rules import Blocked
from customers.actions import lock_credit_account, post_exposure
from orders import gates
from orders.actions.clock import stop_clock
from orders.actions.confirmation import take_down
from orders.actions.review import MOVED, close_case
from orders.models import SalesOrder
from orders.queries import reread


@transaction.atomic
def reopen_order(order: SalesOrder, *, reason: str, actor: User) -> SalesOrder:
    """Back to the rep to be changed, before it is released: it no longer counts as ordered (R2.6).

    The confirmation that is out is replaced, its link opens nothing any more. The case keeps its yeses: what
    the change does not touch counts on when the order is submitted again (R2.11). Raises Blocked.
    """
    account = lock_credit_account(order.customer_id)
    order = reread(order.pk)
    missing = gates.reopening_has_a_reason.broken(reason)
    if missing:
        raise Blocked([*gates.REOPEN.reasons(order, actor), *missing])
    order.reopen(actor=actor)
    order.save(update_fields=[*MOVED, *take_down(order), *stop_clock(order)])
    close_case(order, actor)
    post_exposure(account, order.number, document=order.number, actor=actor, ordered=-order.grand_total)
    record("order.reopened", thread=order.thread, actor=actor, subject=order.number, reason=reason)
    _tell(order, reason, actor)
    return order


def _tell(order: SalesOrder, reason: str, actor: User) -> None:
    facts = {
        "key": f"order:{order.number}:reopened:{order.state_since:%Y%m%d%H%M%S%f}",
        "link": order.get_absolute_url(),
        "order": order.number,
        "customer": order.customer.name,
        "reason": reason,
    }
    people = {each.pk: each for each in (order.owner, order.submitted_by) if each is not None}
    notify_all([each for each in people.values() if each.pk != actor.pk], "order_reopened", **facts)
    notify_role("business_support", "order_reopened", **facts)
