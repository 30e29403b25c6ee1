"""The verbs of customers and of their credit account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from core.audit import record
from core.locks import lock
from core.pinyin import initials_of
from core.rules import Blocked
from core.transitions import bump_version
from customers import gates
from customers.models import Address, Contact, CreditAccount, CreditEntry, Customer
from customers.parameters import CUSTOMER_CODES

PARTS = ("ordered", "released", "shipped", "invoiced", "received")
FIELDS = frozenset(
    (
        "name",
        "name_en",
        "tax_id",
        "invoice_address",
        "invoice_bank",
        "owner",
        "team",
        "channel",
        "email",
        "language",
        "external_key",
        *gates.CREDIT_FIELDS,
    )
)
Rows = Iterable[Mapping[str, Any]]


class AccountMoved(RuntimeError):
    """Somebody else posted between reading and writing; the transaction is rolled back."""


def lock_credit_account(customer_id: int) -> CreditAccount:
    """The customer's credit account, read under its lock until the commit: the first of the ladder."""
    found = CreditAccount.objects.select_for_update(of=("self",)).select_related("customer")
    account = found.filter(pk=customer_id).first()
    if account is None:
        CreditAccount.objects.bulk_create([CreditAccount(customer_id=customer_id)], ignore_conflicts=True)
        account = found.get(pk=customer_id)
    return account


@transaction.atomic
def post_exposure(
    account: CreditAccount,
    order_number: str,
    *,
    document: str,
    actor: User,
    ordered: Decimal | int = 0,
    released: Decimal | int = 0,
    shipped: Decimal | int = 0,
    invoiced: Decimal | int = 0,
    received: Decimal | int = 0,
    paid: Decimal | int = 0,
    approval: str = "",
) -> CreditEntry:
    """Post changes of the parts to a locked account, in its currency, tax included (R5.7).

    `paid` is money received for the order; `approval` names what covers exposure beyond the limit (I4).
    A part below zero, or more released than ordered, is refused by the table's own constraint.
    """
    changes = dict(zip(PARTS, map(Decimal, (ordered, released, shipped, invoiced, received)), strict=True))
    after = {part: getattr(account, part) + change for part, change in changes.items()}
    moved = CreditAccount.objects.filter(pk=account.pk, last_seq=account.last_seq).update(
        last_seq=account.last_seq + 1, **after
    )
    if not moved:
        raise AccountMoved(f"credit account {account.pk} moved on after entry {account.last_seq}")
    account.last_seq += 1
    for part, amount in after.items():
        setattr(account, part, amount)
    return CreditEntry.objects.create(
        account=account,
        seq=account.last_seq,
        order_number=order_number,
        document=document,
        paid=paid,
        exposure=account.exposure,
        approval=approval,
        actor=actor,
        **changes,
    )


@transaction.atomic
def create_customer(
    *,
    name: str,
    owner: User,
    team: Team,
    actor: User,
    code: str = "",
    contacts: Rows = (),
    addresses: Rows = (),
    **fields: Any,
) -> Customer:
    """Write a new customer with its credit account; without a code it takes the next one (R3.1).

    Class, credit and terms other than the defaults need the right to change credit (R3.2). Raises Blocked
    with every reason, IntegrityError when the code is taken.
    """
    code = code or CUSTOMER_CODES.next()
    customer = Customer(code=code, name=name, owner=owner, team=team, **_known(fields))
    shape: Any = Customer._meta
    usual = {field: shape.get_field(field).get_default() for field in fields}
    reasons = gates.actor_may.broken("customers.add_customer", actor)
    reasons += gates.code_can_stand_in_an_address.broken(code)
    reasons += gates.owner_is_of_the_team.broken(owner, team)
    reasons += gates.actor_may_change_credit.broken([n for n, v in fields.items() if v != usual[n]], actor)
    if reasons:
        raise Blocked(reasons)
    customer.initials = initials_of(name)
    customer.save(force_insert=True)
    CreditAccount.objects.create(customer=customer)
    Contact.objects.bulk_create([Contact(customer=customer, **row) for row in contacts])
    Address.objects.bulk_create([Address(customer=customer, **row) for row in addresses])
    record("customer.created", thread=customer.thread, actor=actor, subject=name, code=code)
    return customer


@transaction.atomic
def update_customer(
    customer: Customer,
    *,
    version: int,
    actor: User,
    reason: str = "",
    contacts: Rows | None = None,
    addresses: Rows | None = None,
    **changes: Any,
) -> Customer:
    """Change a customer; contacts and addresses, where given, replace those there are.

    Class, credit and terms change by the right people and with a reason (R3.2). Raises Blocked with every
    reason, Stale when the page is old (I12).
    """
    customer = lock(Customer, customer.pk, "owner", "team")
    bump_version(customer, expected=version)
    wanted = _known(changes)
    new = {name: value for name, value in wanted.items() if getattr(customer, name) != value}
    old = {name: getattr(customer, name) for name in new}
    for name, value in new.items():
        setattr(customer, name, value)
    reasons = gates.actor_may.broken("customers.change_customer", actor)
    reasons += gates.owner_is_of_the_team.broken(customer.owner, customer.team)
    reasons += gates.actor_may_change_credit.broken(new, actor)
    reasons += gates.credit_change_has_a_reason.broken(new, reason)
    if reasons:
        raise Blocked(reasons)
    if "name" in new:
        customer.initials = initials_of(customer.name)
    customer.save(update_fields=[*new, "initials"])
    lists = _replace(customer, contacts=contacts, addresses=addresses)
    if new or lists:
        shown_old, shown_new = _texts(old), _texts(new) | lists
        record(
            "customer.updated",
            thread=customer.thread,
            actor=actor,
            subject=customer.name,
            reason=reason,
            old=shown_old,
            new=shown_new,
        )
    return customer


@transaction.atomic
def block_customer(customer: Customer, *, reason: str, actor: User, version: int | None = None) -> Customer:
    """From now on nothing is submitted or shipped for the customer; what there is stays visible, marked."""
    customer = _for_block(customer, reason, actor, gates.customer_is_not_blocked, version)
    customer.blocked_at, customer.block_reason = timezone.now(), reason
    customer.save(update_fields=["blocked_at", "block_reason"])
    record("customer.blocked", thread=customer.thread, actor=actor, subject=customer.name, reason=reason)
    return customer


@transaction.atomic
def unblock_customer(customer: Customer, *, reason: str, actor: User, version: int | None = None) -> Customer:
    """Lift the block, with the reason."""
    customer = _for_block(customer, reason, actor, gates.customer_is_blocked, version)
    customer.blocked_at, customer.block_reason = None, ""
    customer.save(update_fields=["blocked_at", "block_reason"])
    record("customer.unblocked", thread=customer.thread, actor=actor, subject=customer.name, reason=reason)
    return customer


def _for_block(customer: Customer, reason: str, actor: User, holds: Any, version: int | None) -> Customer:
    customer = lock(Customer, customer.pk)
    bump_version(customer, expected=version)
    reasons = holds.broken(customer) + gates.block_has_a_reason.broken(reason)
    reasons += gates.actor_may.broken("customers.block_customer", actor)
    if reasons:
        raise Blocked(reasons)
    return customer


def _replace(customer: Customer, **lists: Rows | None) -> dict[str, str]:
    """Replace contacts or addresses where a new list differs from what there is."""
    changed = {}
    for name, rows in lists.items():
        related = getattr(customer, name)
        made = [related.model(customer=customer, **row) for row in rows or ()]
        if rows is not None and [*map(_row, made)] != [*map(_row, related.order_by("pk"))]:
            related.all().delete()
            related.model.objects.bulk_create(made)
            changed[name] = "; ".join(str(each) for each in made)
    return changed


def _row(row: Contact | Address) -> tuple[Any, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - FIELDS
    if unknown:
        raise TypeError(f"a customer has no {', '.join(sorted(unknown))}")
    return dict(fields)


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}
