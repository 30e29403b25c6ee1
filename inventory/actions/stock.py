"""Stock: what comes in, what is promised, what leaves. Every level is the ledger's sum (R4.5)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from core.audit import record
from core.rules import Blocked
from inventory.gates import (
    actor_may,
    counter_entry_has_a_reason,
    quantity_is_in_steps,
    quantity_is_still_missing,
)
from inventory.models import Product, Requirement, Stock, Warehouse
from inventory.quantities import plain
from inventory.shelf import Shelf
from inventory.states import MovementKind

Wanted = Iterable[tuple[Requirement, Decimal]]


def reserve(requirement: Requirement, *, quantity: Decimal, actor: User) -> Requirement:
    """Promise free stock to a requirement the moment it is said (R4.1).

    The goods count as finished for it. Raises Blocked when less is free or less is still missing.
    """
    return reserve_all([(requirement, quantity)], actor=actor)[0]


@transaction.atomic
def reserve_all(wanted: Wanted, *, actor: User) -> list[Requirement]:
    """Promise free stock to several requirements, all or none; the earlier in the list is served first."""
    wanted = list(wanted)
    shelf = Shelf([each for each, _quantity in wanted])
    reasons = []
    for requirement, quantity in _locked(shelf, wanted):
        refused = quantity_is_in_steps.broken(requirement.product, quantity)
        refused += quantity_is_still_missing.broken(requirement, quantity)
        reasons += refused or shelf.promise(requirement, quantity)
    if reasons:
        raise Blocked(reasons)
    shelf.write()
    _record("stock.reserved", shelf, wanted, actor)
    return [shelf.requirements[each.pk] for each, _quantity in wanted]


@transaction.atomic
def free_reservation(requirement: Requirement, *, quantity: Decimal, actor: User) -> Requirement:
    """Give promised stock free again. Raises Blocked when less is finished for the requirement."""
    shelf = Shelf([requirement])
    requirement = shelf.requirements[requirement.pk]
    reasons = quantity_is_in_steps.broken(requirement.product, quantity)
    reasons += shelf.release(requirement, quantity)
    if reasons:
        raise Blocked(reasons)
    shelf.write()
    _record("stock.freed", shelf, [(requirement, quantity)], actor)
    return requirement


def take_for_dispatch(
    requirement: Requirement, *, quantity: Decimal, document: str, actor: User
) -> Requirement:
    """Take finished goods off the shelf for a dispatch: ledger entry, reservation, shipped in one step."""
    return take_all_for_dispatch([(requirement, quantity)], document=document, actor=actor)[0]


@transaction.atomic
def take_all_for_dispatch(wanted: Wanted, *, document: str, actor: User) -> list[Requirement]:
    """Take the goods of a whole dispatch, all or none; the caller records the dispatch.

    `document` is the dispatch's number. Raises Blocked with every requirement for which less is finished.
    """
    wanted = list(wanted)
    shelf = Shelf([each for each, _quantity in wanted])
    reasons = []
    for requirement, quantity in _locked(shelf, wanted):
        refused = quantity_is_in_steps.broken(requirement.product, quantity)
        entry = {"kind": MovementKind.DISPATCH, "document": document, "actor": actor}
        reasons += refused or shelf.take(requirement, quantity, **entry)
    if reasons:
        raise Blocked(reasons)
    shelf.write()
    return [shelf.requirements[each.pk] for each, _quantity in wanted]


@transaction.atomic
def receive_stock(
    *,
    product: Product,
    warehouse: Warehouse,
    quantity: Decimal,
    document: str,
    reason: str = "",
    actor: User,
    kind: str = MovementKind.RECEIPT,
) -> Stock:
    """Bring goods in, or write a counter-entry, which alone may be negative and says why (R4.5).

    Raises Blocked when the actor may not, the unit cannot have the quantity, or promised goods would be
    missing.
    """
    reasons = actor_may.broken("inventory.add_stockmovement", actor)
    reasons += quantity_is_in_steps.broken(product, _size(kind, quantity))
    reasons += counter_entry_has_a_reason.broken(kind, reason)
    if reasons:
        raise Blocked(reasons)
    Stock.objects.bulk_create([Stock(product=product, warehouse=warehouse)], ignore_conflicts=True)
    shelf = Shelf(products=[product.pk])
    stock = shelf.stock(product.pk, warehouse.pk)
    refused = shelf.enter(stock, quantity, kind=kind, document=document, reason=reason, actor=actor)
    if refused:
        raise Blocked(refused)
    shelf.write()
    record(
        "stock.corrected" if kind == MovementKind.CORRECTION else "stock.received",
        thread=product.thread,
        actor=actor,
        subject=str(product),
        reason=reason,
        quantity=plain(quantity),
        unit=product.unit,
        warehouse=warehouse.name,
        document=document,
        balance=plain(stock.on_hand),
    )
    return stock


def _size(kind: str, quantity: Decimal) -> Decimal:
    return abs(quantity) if kind == MovementKind.CORRECTION else quantity


def _locked(shelf: Shelf, wanted: Wanted) -> list[tuple[Requirement, Decimal]]:
    return [(shelf.requirements[each.pk], quantity) for each, quantity in wanted]


def _record(verb: str, shelf: Shelf, wanted: Wanted, actor: User) -> None:
    """One event a thread, whatever the number of its lines."""
    by_thread: dict[str, list[str]] = {}
    for requirement, quantity in _locked(shelf, wanted):
        what = f"{requirement.product.code} × {plain(quantity)} {requirement.product.unit}"
        by_thread.setdefault(requirement.thread, []).append(what)
    for thread, parts in sorted(by_thread.items()):
        record(verb, thread=thread, actor=actor, subject=thread, what=", ".join(parts))
