"""A customer's record: added, changed, its contacts and addresses (R3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import Team, User
from core.audit import record
from core.locks import lock
from core.pinyin import initials_of
from core.rules import Blocked
from core.transitions import bump_version
from customers import gates
from customers.models import Address, Contact, CreditAccount, Customer
from customers.parameters import CUSTOMER_CODES

FIELDS = frozenset(
    (
        "name",
        "name_en",
        "country",
        "tax_id",
        "invoice_address",
        "invoice_bank",
        "owner",
        "team",
        "channel",
        "email",
        "language",
        "customer_since",
        "preferences",
        "external_key",
        *gates.CREDIT_FIELDS,
    )
)
Rows = Iterable[Mapping[str, Any]]


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

    It begins in class C, prepaid, without credit; only a data take-over (the system) says otherwise, people
    ask for a change (R3.2). Raises Blocked with every reason, IntegrityError when the code is taken.
    """
    code = code or CUSTOMER_CODES.next()
    contacts, addresses = list(contacts), list(addresses)
    customer = Customer(code=code, name=name, owner=owner, team=team, **_known(fields))
    shape: Any = Customer._meta
    usual = {field: shape.get_field(field).get_default() for field in fields}
    reasons = gates.actor_may.broken("customers.add_customer", actor)
    reasons += gates.code_can_stand_in_an_address.broken(code)
    reasons += gates.owner_is_of_the_team.broken(owner, team)
    reasons += gates.tax_identity_is_sound.broken(customer)
    reasons += gates.one_is_usual.broken(contacts) + gates.one_is_usual.broken(addresses)
    reasons += gates.credit_changes_by_two.broken(
        [name for name, value in fields.items() if value != usual[name] and name != "currency"], actor
    )
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
    contacts: Rows | None = None,
    addresses: Rows | None = None,
    **changes: Any,
) -> Customer:
    """Change a customer; contacts and addresses, where given, replace those there are.

    Class, credit and terms change through `ask_change`, the team through `orders.actions.transfer_customer`.
    Raises Blocked with every reason, Stale when the page is old (I12).
    """
    contacts, addresses = (rows if rows is None else list(rows) for rows in (contacts, addresses))
    customer = lock(Customer, customer.pk, "owner", "team")
    bump_version(customer, expected=version)
    wanted = _known(changes)
    new = {name: value for name, value in wanted.items() if getattr(customer, name) != value}
    old = {name: getattr(customer, name) for name in new}
    for name, value in new.items():
        setattr(customer, name, value)
    reasons = gates.actor_may.broken("customers.change_customer", actor)
    reasons += gates.owner_is_of_the_team.broken(customer.owner, customer.team)
    reasons += gates.team_moves_by_transfer.broken(new, actor)
    reasons += gates.credit_changes_by_two.broken(new, actor)
    reasons += gates.one_is_usual.broken(contacts) + gates.one_is_usual.broken(addresses)
    if new.keys() & {"country", "tax_id"}:
        reasons += gates.tax_identity_is_sound.broken(customer)
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
            old=shown_old,
            new=shown_new,
        )
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
    return {name: "" if value is None else str(value) for name, value in fields.items()}
