"""What is agreed with a customer: contracts, prices by quantity and date, its own part numbers (R3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core.audit import record
from core.files import store_upload
from core.locks import lock
from core.rules import Blocked
from core.showing import figure
from customers import gates
from customers.actions.changes import next_number
from customers.actions.prices import ask_prices
from customers.agreeing import beyond_alone
from customers.models import Contract, Customer, CustomerChange, PartNumber, PriceAgreement
from inventory.models import Product


@transaction.atomic
def add_contract(
    customer: Customer,
    *,
    number: str,
    valid_from: date,
    actor: User,
    valid_until: date | None = None,
    title: str = "",
    note: str = "",
    upload: UploadedFile | None = None,
) -> Contract:
    """Put a contract on file with its span and paper. Raises Blocked, ValidationError for a bad file."""
    customer = lock(Customer, customer.pk)
    reasons = gates.actor_may.broken("customers.change_contract", actor)
    reasons += gates.span_goes_forward.broken(valid_from, valid_until)
    reasons += gates.contract_number_is_new.broken(customer, number)
    if reasons:
        raise Blocked(reasons)
    contract = Contract.objects.create(
        customer=customer,
        number=number,
        title=title,
        valid_from=valid_from,
        valid_until=valid_until,
        note=note,
        file=store_upload(upload, actor=actor) if upload else None,
        entered_by=actor,
    )
    span = {"valid_from": valid_from, "valid_until": valid_until}
    record(
        "contract.added", thread=customer.thread, actor=actor, subject=customer.name, number=number, **span
    )
    return contract


@dataclass(frozen=True)
class Agreed:
    """What became of the prices that were entered: those that hold, and in which change others wait."""

    made: list[PriceAgreement]
    change: CustomerChange | None = None


@transaction.atomic
def add_agreements(
    customer: Customer, *, rows: Sequence[Mapping[str, Any]], actor: User, reason: str = ""
) -> Agreed:
    """Write price agreements, all or none; prices tax included, in the customer's currency (R1.7).

    A row has product, price, valid_from and may have min_quantity, valid_until, contract. What lies further
    below the list than the actor may agree alone waits, with the reason, for a second person's yes (R2.2).
    Raises Blocked with every reason by row.
    """
    customer = lock(Customer, customer.pk, "team__manager")
    entered = [
        PriceAgreement(customer=customer, currency=customer.currency, entered_by=actor, **row) for row in rows
    ]
    reasons = gates.actor_may.broken("customers.change_priceagreement", actor)
    reasons += gates.agreements_are_sound.broken(customer, entered)
    reasons += gates.prices_do_not_wait_already.broken(customer, entered)
    waiting = beyond_alone(entered, actor, team_id=customer.team_id)
    reasons += gates.low_price_has_a_reason.broken(waiting, reason)
    if reasons:
        raise Blocked(reasons)
    low = {id(each.agreement) for each in waiting}
    made = PriceAgreement.objects.bulk_create([each for each in entered if id(each) not in low])
    _record_added(customer, actor, made)
    if not waiting:
        return Agreed(made)
    number = next_number(customer)
    return Agreed(made, ask_prices(customer, waiting, number=number, reason=reason, actor=actor))


@transaction.atomic
def end_agreement(agreement: PriceAgreement, *, on: date, actor: User) -> PriceAgreement:
    """The price holds until this day, today or later, and no longer; an end is never put off."""
    agreement = lock(PriceAgreement, agreement.pk, "customer", "product")
    return _end(agreement, "agreement.ended", "customers.change_priceagreement", on, actor)


@transaction.atomic
def end_contract(contract: Contract, *, on: date, actor: User) -> Contract:
    """The contract holds until this day, today or later, and no longer; its price agreements keep their own
    days.
    """
    contract = lock(Contract, contract.pk, "customer")
    return _end(contract, "contract.ended", "customers.change_contract", on, actor)


@transaction.atomic
def remove_agreement(agreement: PriceAgreement, *, actor: User) -> None:
    """Take away what was never in force before today; what was is ended: old prices stay explained."""
    agreement = lock(PriceAgreement, agreement.pk, "customer", "product")
    reasons = gates.actor_may.broken("customers.change_priceagreement", actor)
    reasons += gates.was_not_in_force_before_today.broken(agreement)
    if reasons:
        raise Blocked(reasons)
    _record_one("agreement.removed", agreement, actor)
    agreement.delete()


@transaction.atomic
def remove_contract(contract: Contract, *, actor: User) -> None:
    """Take away a contract that was never in force before today and that no agreement names."""
    contract = lock(Contract, contract.pk, "customer")
    reasons = gates.actor_may.broken("customers.change_contract", actor)
    reasons += gates.was_not_in_force_before_today.broken(contract)
    reasons += gates.no_agreement_names_it.broken(contract)
    if reasons:
        raise Blocked(reasons)
    customer = contract.customer
    facts = {"number": contract.number, "valid_from": contract.valid_from, "file": str(contract.file or "")}
    record("contract.removed", thread=customer.thread, actor=actor, subject=customer.name, **facts)
    contract.delete()


@transaction.atomic
def set_part_numbers(
    customer: Customer, *, rows: Iterable[tuple[str, Product]], actor: User
) -> list[PartNumber]:
    """Say which of our products the customer's own numbers mean; a known number means it from now on."""
    customer = lock(Customer, customer.pk)
    reasons = gates.actor_may.broken("customers.change_partnumber", actor)
    if reasons:
        raise Blocked(reasons)
    wanted = {number.strip().lower(): (number.strip(), product) for number, product in rows if number.strip()}
    known = {row.key: row for row in customer.part_numbers.filter(key__in=wanted).select_related("product")}
    changed = []
    for key, (number, product) in wanted.items():
        old = known.get(key)
        if old is None or old.product_id != product.pk:
            changed.append((PartNumber(customer=customer, number=number, key=key, product=product), old))
    customer.part_numbers.filter(pk__in=[old.pk for _new, old in changed if old]).delete()
    made = PartNumber.objects.bulk_create([new for new, _old in changed])
    told = [
        {"number": new.number, "product": new.product.code, "before": old.product.code if old else None}
        for new, old in changed
    ]
    if told:
        many: dict[str, Any] = {"count": len(told), "rows": told}
        verb, facts = ("part_number.set", told[0]) if len(told) == 1 else ("part_number.set_many", many)
        record(verb, thread=customer.thread, actor=actor, subject=customer.name, **facts)
    return made


@transaction.atomic
def remove_part_number(part: PartNumber, *, actor: User) -> None:
    """The customer's number means nothing any more."""
    part = lock(PartNumber, part.pk, "customer", "product")
    reasons = gates.actor_may.broken("customers.change_partnumber", actor)
    if reasons:
        raise Blocked(reasons)
    customer, facts = part.customer, {"number": part.number, "product": part.product.code}
    record("part_number.removed", thread=customer.thread, actor=actor, subject=customer.name, **facts)
    part.delete()


def _end(thing: Any, verb: str, permission: str, on: date, actor: User) -> Any:
    reasons = gates.actor_may.broken(permission, actor)
    reasons += gates.span_goes_forward.broken(thing.valid_from, on)
    reasons += gates.end_changes_no_past.broken(on) + gates.end_only_comes_earlier.broken(thing, on)
    if reasons:
        raise Blocked(reasons)
    old, thing.valid_until = thing.valid_until, on
    thing.save(update_fields=["valid_until"])
    named = getattr(thing, "number", "") or thing.product.code
    facts = {"what": named, "old": {"valid_until": old}, "new": {"valid_until": on}}
    record(verb, thread=thing.customer.thread, actor=actor, subject=thing.customer.name, **facts)
    return thing


def _record_added(customer: Customer, actor: User, made: Sequence[PriceAgreement]) -> None:
    """One event, however many prices were pasted; each price is in its facts."""
    if len(made) == 1:
        _record_one("agreement.added", made[0], actor)
    elif made:
        facts = {"count": len(made), "rows": [_told(each) for each in made]}
        record("agreement.added_many", thread=customer.thread, actor=actor, subject=customer.name, **facts)


def _record_one(verb: str, agreement: PriceAgreement, actor: User) -> None:
    customer, told = agreement.customer, _told(agreement)
    side = "old" if verb == "agreement.removed" else "new"
    facts = {**told, side: {"price": told["price"]}}
    del facts["price"]
    record(verb, thread=customer.thread, actor=actor, subject=customer.name, **facts)


def _told(agreement: PriceAgreement) -> dict[str, Any]:
    return {
        "product": agreement.product.code,
        "quantity": figure(Decimal(agreement.min_quantity)),
        "since": agreement.valid_from,
        "price": f"{figure(Decimal(agreement.price))} {agreement.currency}",
    }
