"""What is agreed with a customer: contracts, prices by quantity and date, its own part numbers (R3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core.audit import record, record_all
from core.files import store_upload
from core.locks import lock
from core.rules import Blocked
from core.showing import figure
from customers import gates
from customers.models import Contract, Customer, PartNumber, PriceAgreement
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


@transaction.atomic
def add_agreements(
    customer: Customer, *, rows: Sequence[Mapping[str, Any]], actor: User
) -> list[PriceAgreement]:
    """Write price agreements, all or none; prices tax included, in the customer's currency (R1.7).

    A row has product, price, valid_from and may have min_quantity, valid_until, contract. Raises Blocked with
    every reason by row.
    """
    customer = lock(Customer, customer.pk)
    made = [
        PriceAgreement(customer=customer, currency=customer.currency, entered_by=actor, **row) for row in rows
    ]
    reasons = gates.actor_may.broken("customers.change_priceagreement", actor)
    reasons += gates.agreements_are_sound.broken(customer, made)
    if reasons:
        raise Blocked(reasons)
    PriceAgreement.objects.bulk_create(made)
    _record_all("agreement.added", customer, actor, made)
    return made


@transaction.atomic
def end_agreement(agreement: PriceAgreement, *, on: date, actor: User) -> PriceAgreement:
    """The price holds until this day and no longer."""
    agreement = lock(PriceAgreement, agreement.pk, "customer", "product")
    return _end(agreement, "agreement.ended", "customers.change_priceagreement", on, actor)


@transaction.atomic
def end_contract(contract: Contract, *, on: date, actor: User) -> Contract:
    """The contract holds until this day and no longer; its price agreements keep their own days."""
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
    _record_all("agreement.removed", agreement.customer, actor, [agreement])
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
    entries = [
        (
            customer.name,
            {"number": new.number, "product": new.product.code, "before": old.product.code if old else None},
        )
        for new, old in changed
    ]
    record_all("part_number.set", thread=customer.thread, actor=actor, entries=entries)
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
    if reasons:
        raise Blocked(reasons)
    old, thing.valid_until = thing.valid_until, on
    thing.save(update_fields=["valid_until"])
    named = getattr(thing, "number", "") or thing.product.code
    facts = {"what": named, "old": {"valid_until": old}, "new": {"valid_until": on}}
    record(verb, thread=thing.customer.thread, actor=actor, subject=thing.customer.name, **facts)
    return thing


def _record_all(verb: str, customer: Customer, actor: User, made: Iterable[PriceAgreement]) -> None:
    side = "old" if verb == "agreement.removed" else "new"
    entries = [
        (
            customer.name,
            {
                "product": each.product.code,
                "quantity": figure(Decimal(each.min_quantity)),
                "since": each.valid_from,
                side: {"price": f"{figure(Decimal(each.price))} {each.currency}"},
            },
        )
        for each in made
    ]
    record_all(verb, thread=customer.thread, actor=actor, entries=entries)
