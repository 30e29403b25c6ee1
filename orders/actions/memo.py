"""What a customer said by phone or on a visit: noted, followed up, turned into an order draft (R1.2)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from core.audit import record
from core.locks import lock
from core.rules import Blocked
from core.transitions import bump_version
from orders.actions.draft import create_draft
from orders.gates import memo as gates
from orders.models import Memo, SalesOrder
from orders.parameters import MEMO_NUMBERS
from orders.queries import reread

NOTED = (
    "customer",
    "channel",
    "caller",
    "company",
    "phone",
    "said_at",
    "said",
    "open_points",
    "wanted_on",
)


@transaction.atomic
def take_memo(
    *, actor: User, order: SalesOrder | None = None, team: Team | None = None, **noted: Any
) -> Memo:
    """Note who called or was met, what they said, what is still open; its number is taken now (R1.2).

    With an order that was begun before its memo, the memo becomes that order's at once. Raises Blocked when
    nobody would follow it up (no team), when the order has its memo already or is not the rep's any more.
    """
    if order is not None:
        order = reread(order.pk)
        noted["customer"] = order.customer
    customer = noted.get("customer")
    memo = Memo(
        taken_by=actor,
        team=customer.team if customer else (team or actor.team),
        **({"said_at": timezone.now()} | _known(noted)),
    )
    reasons = [*gates.TAKE_MEMO.reasons(memo, actor), *gates.memo_has_a_team.broken(memo)]
    reasons += gates.memo_says_what_was_said.broken(memo)
    for each in (gates.order_has_no_memo, gates.order_is_open) if order else ():
        reasons += each.broken(order)
    if reasons:
        raise Blocked(reasons)
    memo.number = MEMO_NUMBERS.next(shop=memo.team.shop)
    memo.save(force_insert=True)
    record("memo.taken", thread=memo.thread, actor=actor, subject=memo.number, caller=memo.caller)
    return _to_order(memo, order, actor) if order else memo


@transaction.atomic
def save_memo(memo: Memo, *, actor: User, version: int | None = None, **noted: Any) -> Memo:
    """Mend an open memo. Raises Blocked if it is closed, Stale if somebody saved meanwhile (I12)."""
    memo = _locked(memo)
    gates.EDIT_MEMO.require(memo, actor)
    changed = {name: value for name, value in _known(noted).items() if getattr(memo, name) != value}
    if not changed:
        return memo
    old = {name: _shown(getattr(memo, name)) for name in changed}
    for name, value in changed.items():
        setattr(memo, name, value)
    if changed.get("customer"):
        memo.team = changed["customer"].team
    missing = gates.memo_says_what_was_said.broken(memo)
    if missing:
        raise Blocked(missing)
    bump_version(memo, expected=version)
    memo.save(update_fields=[*changed, "team"])
    new = {name: _shown(value) for name, value in changed.items()}
    record("memo.saved", thread=memo.thread, actor=actor, subject=memo.number, old=old, new=new)
    return memo


@transaction.atomic
def draft_from_memo(memo: Memo, *, actor: User) -> SalesOrder:
    """Begin the order that the memo is about, in one step: customer, channel, contact, date, words (R1.2).

    Raises Blocked when the memo names no customer, or became an order before.
    """
    memo = _locked(memo)
    gates.DRAFT_MEMO.require(memo, actor)
    assert memo.customer is not None  # the gate said so
    order = create_draft(
        customer=memo.customer,
        actor=actor,
        channel=memo.channel,
        channel_reference=memo.number,
        contact_name=memo.caller,
        contact_phone=memo.phone,
        due_on=memo.wanted_on,
        internal_note="\n\n".join(each for each in (memo.said, memo.open_points) if each),
    )
    _to_order(memo, order, actor)
    return order


@transaction.atomic
def close_memo(memo: Memo, *, reason: str, actor: User) -> Memo:
    """Nothing comes of it; the reason stays. Raises Blocked without one, or when it is closed already."""
    memo = _locked(memo)
    reasons = [*gates.CLOSE_MEMO.reasons(memo, actor), *gates.closing_has_a_reason.broken(reason)]
    if reasons:
        raise Blocked(reasons)
    memo.close(actor=actor, reason=reason.strip())
    bump_version(memo)
    memo.save(update_fields=["state", "state_since", "closed_reason"])
    record("memo.closed", thread=memo.thread, actor=actor, subject=memo.number, reason=memo.closed_reason)
    return memo


def _to_order(memo: Memo, order: SalesOrder, actor: User) -> Memo:
    memo.draft(actor=actor, order=order)
    bump_version(memo)
    memo.save(update_fields=["state", "state_since", "order"])
    facts = {"actor": actor, "memo": memo.number, "order": order.number}
    record("memo.drafted", thread=memo.thread, subject=memo.number, **facts)
    record("order.memo_linked", thread=order.thread, subject=order.number, **facts)
    return memo


def _locked(memo: Memo) -> Memo:
    return lock(Memo, memo.pk, "customer__team", "customer__owner", "team", "taken_by", "order")


def _known(noted: dict[str, Any]) -> dict[str, Any]:
    strange = set(noted) - set(NOTED)
    if strange:
        raise TypeError(f"a memo has no {', '.join(sorted(strange))}")
    return noted


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
