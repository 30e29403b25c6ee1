"""Class, credit, terms and block change when finance and the sales manager both say yes (R3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.inbox import notify_all
from accounts.models import User
from accounts.queries import system_user
from approvals.actions import decide_step, open_case, signed_for, withdraw_case
from approvals.authority import PlannedStep, trigger
from approvals.gates import office_of
from approvals.states import CaseState, StepKind
from core.audit import record
from core.locks import lock
from core.rules import Blocked, Reason
from core.transitions import bump_version
from customers import gates
from customers.actions.credit import lock_credit_account
from customers.actions.prices import prices_in, put_prices
from customers.agreeing import beyond_alone
from customers.models import CreditAccount, Customer, CustomerChange
from customers.models.customer import plain
from customers.states import ChangeKind

MOVED = ("state", "state_since")
BLOCKS: Mapping[str, tuple[bool, Any]] = {
    ChangeKind.BLOCK: (True, gates.customer_is_not_blocked),
    ChangeKind.UNBLOCK: (False, gates.customer_is_blocked),
}


@transaction.atomic
def ask_change(
    customer: Customer,
    *,
    reason: str,
    actor: User,
    kind: str = ChangeKind.TERMS,
    changes: Mapping[str, Any] | None = None,
) -> CustomerChange:
    """Ask for other terms (`changes`: field to new value), a block or its end; two people decide (R3.2).

    Finance and the team's sales manager are asked at once, nothing changes yet. Raises Blocked with every
    reason, among them a change of this kind that still waits.
    """
    account = lock_credit_account(customer.pk)
    customer = lock(Customer, customer.pk, "owner", "team__manager")
    wanted = _known(changes or {}) if kind == ChangeKind.TERMS else {"is_blocked": BLOCKS[kind][0]}
    new = {name: value for name, value in wanted.items() if plain(value) != plain(getattr(customer, name))}
    _may_ask(customer, account, kind, new, reason, actor)
    change = CustomerChange(
        customer=customer,
        number=next_number(customer),
        kind=kind,
        changes={name: {"old": plain(getattr(customer, name)), "new": plain(new[name])} for name in new},
        reason=reason,
        asked_by=actor,
    )
    change.case = _open(change, new, actor)
    change.save(force_insert=True)
    _record(change, "asked", actor, changed=True)
    return change


def next_number(customer: Customer) -> int:
    """The number of the customer's next change; the caller holds the customer's lock."""
    return (customer.changes.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def decide_change(
    change: CustomerChange, *, step_id: int, approve: bool, digest: str, actor: User, reason: str = ""
) -> CustomerChange:
    """Say yes or no to one step of a change; the last yes puts it in force, old and new kept (R3.2, R2.2).

    Raises Blocked with every reason (one person signs once; old values still stand; prices are within the
    signer's authority), Stale when the page shows another content (R2.13).
    """
    account, change = _locked(change)
    step = change.case.steps.filter(pk=step_id).first() if change.case else None
    if step is None or not gates.APPLY_CHANGE.applies(change):
        raise Blocked(gates.APPLY_CHANGE.reasons(change))
    offices = sorted({actor.pk, office_of(step, actor) or actor.pk})
    shut = gates.second_yes_is_another_persons.broken(change, offices) + _beyond_signer(change, step, actor)
    if shut and approve:
        raise Blocked(shut)
    change.case = decide_step(step, actor=actor, approve=approve, reason=reason, digest=digest)
    if change.case.state == CaseState.APPROVED:
        _apply(change, account, actor, signed_for(step))
    elif change.case.state == CaseState.REFUSED:
        change.refuse(actor=system_user())
        change.save(update_fields=MOVED)
        _record(change, "refused", actor, office=signed_for(step), reason=reason)
        _tell(change, "customer_change_refused", reason=reason)
    return change


@transaction.atomic
def withdraw_change(change: CustomerChange, *, actor: User, reason: str = "") -> CustomerChange:
    """Take the question back before it is decided; what was said so far stands in the timeline."""
    _account, change = _locked(change)
    change.withdraw(actor=actor)
    change.save(update_fields=MOVED)
    if change.case is not None:
        withdraw_case(change.case, actor=system_user())
    _record(change, "withdrawn", actor, reason=reason)
    return change


@transaction.atomic
def block_customer(customer: Customer, *, reason: str, actor: User) -> Customer:
    """Block at once: nothing is submitted or shipped for it any more. People ask by `ask_change` (R3.2)."""
    return _block_now(customer, ChangeKind.BLOCK, reason, actor)


@transaction.atomic
def unblock_customer(customer: Customer, *, reason: str, actor: User) -> Customer:
    """Lift the block at once. People ask by `ask_change` (R3.2)."""
    return _block_now(customer, ChangeKind.UNBLOCK, reason, actor)


def _block_now(customer: Customer, kind: str, reason: str, actor: User) -> Customer:
    lock_credit_account(customer.pk)
    customer = lock(Customer, customer.pk)
    blocked, holds = BLOCKS[kind]
    reasons = holds.broken(customer) + gates.change_has_a_reason.broken(reason)
    reasons += gates.block_is_decided_by_two.broken(actor)
    if reasons:
        raise Blocked(reasons)
    bump_version(customer)
    _set_block(customer, blocked, reason)
    customer.save(update_fields=["blocked_at", "block_reason"])
    verb = "customer.blocked" if blocked else "customer.unblocked"
    record(verb, thread=customer.thread, actor=actor, subject=customer.name, reason=reason)
    return customer


def _set_block(customer: Customer, blocked: bool, reason: str) -> None:
    customer.blocked_at = timezone.now() if blocked else None
    customer.block_reason = reason[:200] if blocked else ""


def _known(changes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(changes) - gates.CREDIT_FIELDS
    if unknown:
        raise TypeError(f"{', '.join(sorted(unknown))} does not change by two people")
    return dict(changes)


def _may_ask(
    customer: Customer, account: CreditAccount, kind: str, new: Mapping[str, Any], reason: str, actor: User
) -> None:
    reasons = gates.actor_may.broken("customers.ask_change", actor)
    reasons += gates.change_has_a_reason.broken(reason)
    reasons += gates.no_other_change_waits.broken(customer, kind)
    if kind in BLOCKS:
        reasons += BLOCKS[kind][1].broken(customer)
    else:
        reasons += gates.something_changes.broken(new)
        reasons += gates.values_are_in_range.broken(new) or gates.terms_make_sense.broken(new, customer)
        reasons += gates.account_is_empty_for_another_currency.broken(new, account)
        reasons += gates.nothing_stands_in_the_old_currency.broken(new, customer)
    if reasons:
        raise Blocked(reasons)


def _open(change: CustomerChange, new: Mapping[str, Any], actor: User) -> Any:
    customer = change.customer
    rows = [{"field": name, **values} for name, values in change.changes.items()]
    why = [trigger("R3.2", "customer_change")]
    return open_case(
        kind="customer",
        reference=change.reference,
        thread=customer.thread,
        link=change.get_absolute_url(),
        title=f"{change.reference} · {customer.name}",
        team=customer.team,
        requester=actor,
        amount=Decimal(new.get("credit_limit", 0)),
        currency=new.get("currency", customer.currency),
        snapshot={
            "customer": customer.code,
            "change_kind": change.kind,
            "change_reason": change.reason,
            "changes": rows,
        },
        plan=[PlannedStep(StepKind.FINANCE, 1, why), PlannedStep(StepKind.MANAGER, 1, why)],
        actor=actor,
    )


def _locked(change: CustomerChange) -> tuple[CreditAccount, CustomerChange]:
    """Credit account, customer, change: by the ladder."""
    account = lock_credit_account(change.customer_id)
    customer = lock(Customer, change.customer_id, "owner", "team__manager")
    change = lock(CustomerChange, change.pk, "case", "asked_by")
    change.customer = customer
    return account, change


def _apply(change: CustomerChange, account: CreditAccount, actor: User, office: User | None) -> None:
    change.apply(actor=system_user(), at=timezone.now())
    reasons = gates.account_is_empty_for_another_currency.broken(change.changes, account)
    reasons += gates.nothing_stands_in_the_old_currency.broken(change.changes, change.customer)
    if reasons:
        raise Blocked(reasons)
    customer = change.customer
    if change.kind == ChangeKind.PRICES:
        _put_prices(change)
    else:
        bump_version(customer)
    if change.kind == ChangeKind.TERMS:
        for name, values in change.changes.items():
            setattr(customer, name, _value(name, values["new"]))
        customer.save(update_fields=list(change.changes))
    elif change.kind in BLOCKS:
        _set_block(customer, change.kind == ChangeKind.BLOCK, change.reason)
        customer.save(update_fields=["blocked_at", "block_reason"])
    change.save(update_fields=[*MOVED, "applied_at"])
    verbs = {ChangeKind.BLOCK: "customer.blocked", ChangeKind.UNBLOCK: "customer.unblocked"}
    verb = verbs.get(ChangeKind(change.kind), "")
    _record(change, "applied", actor, verb=verb, office=office, changed=True)
    _tell(change, "customer_changed")


def _beyond_signer(change: CustomerChange, step: Any, actor: User) -> list[Reason]:
    """R2.12: nobody signs in a manager's place for a price beyond their own authority."""
    if change.kind != ChangeKind.PRICES or step.kind != StepKind.MANAGER:
        return []
    beyond = beyond_alone(prices_in(change), actor, team_id=change.customer.team_id)
    return gates.prices_are_within_own_authority.broken(beyond)


def _put_prices(change: CustomerChange) -> None:
    """What was agreed meanwhile may leave no place for them: then they are withdrawn and asked anew."""
    made = prices_in(change)
    reasons = gates.agreements_are_sound.broken(change.customer, made)
    if reasons:
        raise Blocked(reasons)
    put_prices(change, made)


def _value(name: str, text: str) -> Any:
    """A value of the record out of the text that a change keeps."""
    shape: Any = Customer._meta
    field = shape.get_field(name)
    return text == "yes" if field.get_internal_type() == "BooleanField" else field.to_python(text)


def _record(
    change: CustomerChange,
    step: str,
    actor: User,
    *,
    verb: str = "",
    office: User | None = None,
    reason: str | None = None,
    changed: bool = False,
) -> None:
    """Into the customer's thread, with old and new where values are told."""
    sides = ("old", "new") if changed and change.kind == ChangeKind.TERMS else ()
    record(
        verb or f"customer.change_{step}",
        thread=change.customer.thread,
        actor=actor,
        on_behalf_of=office,
        subject=change.customer.name,
        reason=change.reason if reason is None else reason,
        number=change.number,
        **{side: {name: values[side] for name, values in change.changes.items()} for side in sides},
    )


def _tell(change: CustomerChange, kind: str, **facts: str) -> None:
    customer = change.customer
    notify_all(
        [change.asked_by, customer.owner],
        kind,
        key=f"customer:{change.reference}:{change.state}",
        link=change.get_absolute_url(),
        change=change.reference,
        customer=customer.name,
        **facts,
    )
