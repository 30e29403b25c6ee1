"""Production and quality: issue, accept by name, report what was made, pass or send back (R4.2 to R4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.inbox import notify, notify_role
from accounts.models import User
from core import figures
from core.audit import record, record_all
from core.locks import lock, lock_all
from core.rules import Blocked
from core.transitions import bump_version
from inventory import gates
from inventory.models import Inspection, ProductionOrder, Requirement, Stock, Warehouse
from inventory.parameters import PRODUCTION_NUMBERS
from inventory.quantities import plain
from inventory.shelf import Shelf
from inventory.states import MovementKind


@dataclass(frozen=True)
class NewProduction:
    """A command to be given: make this quantity for the requirement by this day, in this way (R4.2)."""

    requirement: Requirement
    quantity: Decimal
    due_on: date
    tolerance: str = ""
    packaging: str = ""
    special_rules: str = ""
    promised_on: date | None = None  # as production promised before the order was released (R2.9)


def issue_production_order(
    requirement: Requirement,
    *,
    quantity: Decimal,
    due_on: date,
    actor: User,
    tolerance: str = "",
    packaging: str = "",
    special_rules: str = "",
) -> ProductionOrder:
    """Command production to make a quantity by a date (R4.2); production's inbox tells of it.

    Raises Blocked when the requirement misses less than that, counting what other orders still bring.
    """
    wanted = NewProduction(requirement, quantity, due_on, tolerance, packaging, special_rules)
    return issue_production_orders([wanted], actor=actor)[0]


@transaction.atomic
def issue_production_orders(wanted: Iterable[NewProduction], *, actor: User) -> list[ProductionOrder]:
    """Give several commands at once, all or none, in as many queries as one takes; in the order given."""
    wanted = list(wanted)
    pks = [each.requirement.pk for each in wanted]
    locked = {row.pk: row for row in lock_all(Requirement, pks, "product", "team", "owner")}
    coming = _still_coming(locked)
    reasons = []
    for each in wanted:
        required = locked[each.requirement.pk]
        refused = gates.quantity_is_in_steps.broken(required.product, each.quantity)
        refused += gates.quantity_is_still_missing.broken(required, each.quantity, coming[required.pk])
        coming[required.pk] += each.quantity
        reasons += refused
    if reasons:
        raise Blocked(reasons)
    if not wanted:
        return []
    orders = ProductionOrder.objects.bulk_create(
        [
            ProductionOrder(
                number=number,
                product=locked[each.requirement.pk].product,
                issued_by=actor,
                **vars(each) | {"requirement": locked[each.requirement.pk]},
            )
            for each, number in zip(wanted, _numbers(wanted, locked), strict=True)
        ]
    )
    _record_issue(orders, actor)
    return orders


@transaction.atomic
def accept_production(
    order: ProductionOrder, *, promised_on: date | None, actor: User, version: int | None = None
) -> ProductionOrder:
    """The production lead accepts by name and promises the day of finish (R2.9, R4.2).

    Raises Blocked when the gate is shut or the day lies in the past, Stale when the page is old.
    """
    order = _locked(order)
    bump_version(order, expected=version)
    _ask(gates.ACCEPT, order, actor, gates.promise_is_not_past.broken(promised_on))
    order.accept(actor=actor, promised_on=promised_on)
    order.save(update_fields=["state", "state_since", "accepted_by", "promised_on"])
    _record("production.accepted", order, actor, promised=promised_on, due=order.due_on)
    _tell_owner("production_accepted", order, promised=str(promised_on), due=str(order.due_on))
    return order


@transaction.atomic
def report_production(
    order: ProductionOrder, *, quantity: Decimal, actor: User, version: int | None = None
) -> ProductionOrder:
    """Production hands a quantity over to quality (R4.3). Raises Blocked when it is more than it owes."""
    order = _locked(order)
    bump_version(order, expected=version)
    reasons = gates.quantity_is_in_steps.broken(order.product, quantity)
    _ask(gates.FINISH, order, actor, reasons or gates.no_more_than_is_owed.broken(order, quantity))
    order.finish(actor=actor, quantity=quantity)
    order.save(update_fields=["state", "state_since", "made", "reported_by"])
    _record("production.reported", order, actor, quantity=plain(quantity), owed=plain(order.still_to_make))
    _tell_role("quality", "production_made", order, quantity=plain(quantity))
    return order


@transaction.atomic
def inspect_production(
    order: ProductionOrder,
    *,
    passed: Decimal,
    rejected: Decimal,
    quantity_ok: bool,
    appearance_ok: bool,
    packaging_ok: bool,
    label_ok: bool,
    reason: str,
    actor: User,
    warehouse: Warehouse | None = None,
    version: int | None = None,
) -> Inspection:
    """Quality passes goods into finished stock and sends the rest back with a reason (R4.4).

    What passes is entered in the ledger, promised to its requirement and counted as finished for it in
    one step; what the requirement no longer misses stays free. Raises Blocked with every reason.
    """
    checks = [quantity_ok, appearance_ok, packaging_ok, label_ok]
    order = _locked(order)
    bump_version(order, expected=version)
    warehouse = warehouse or Warehouse.objects.order_by("code").first()
    reasons = gates.there_is_a_warehouse.broken(warehouse)
    reasons += gates.no_more_than_is_made.broken(order, passed, rejected)
    reasons += gates.passed_goods_meet_the_standard.broken(passed, failed_checks(checks))
    reasons += gates.rejection_has_a_reason.broken(rejected, reason)
    for quantity in (each for each in (passed, rejected) if each > 0):
        reasons += gates.quantity_is_in_steps.broken(order.product, quantity)
    _ask(gates.INSPECT, order, actor, reasons)

    inspection = Inspection.objects.create(
        production_order=order,
        passed=passed,
        rejected=rejected,
        reason=reason,
        inspector=actor,
        **dict(zip(CHECKS, checks, strict=True)),
    )
    order.passed, order.rejected = order.passed + passed, order.rejected + rejected
    order.save(update_fields=["passed", "rejected"])
    _move_on(order, actor)
    if passed:
        _put_on_shelf(order, passed, warehouse, actor)
    _record_inspection(order, inspection)
    return inspection


CHECKS = ("quantity_ok", "appearance_ok", "packaging_ok", "label_ok")


def failed_checks(checks: list[bool]) -> list[Any]:
    """The names of the checks that failed, in the reader's language."""
    held = dict(zip(CHECKS, checks, strict=True))
    shape: Any = Inspection._meta
    return [shape.get_field(name).verbose_name for name in CHECKS if not held[name]]


def _still_coming(requirements: Iterable[int]) -> dict[int, Decimal]:
    """What live production orders still bring, by requirement."""
    owed = ProductionOrder.objects.live().filter(requirement__in=list(requirements)).order_by()
    sums = owed.values("requirement_id").annotate(
        left=Sum(figures.quantity(F("quantity") - F("passed"))),
    )
    return dict.fromkeys(requirements, Decimal(0)) | dict(sums.values_list("requirement_id", "left"))


def _numbers(wanted: list[NewProduction], locked: dict[int, Requirement]) -> list[str]:
    """The numbers of the commands, each of its own sales office, in the order given."""
    shops = [locked[each.requirement.pk].team.shop for each in wanted]
    taken = {
        shop: iter(PRODUCTION_NUMBERS.next_several(shops.count(shop), shop=shop, on=timezone.localdate()))
        for shop in sorted(set(shops))
    }
    return [next(taken[shop]) for shop in shops]


def _record_issue(orders: list[ProductionOrder], actor: User) -> None:
    """One event an order, one notice a thread."""
    by_thread: dict[str, list[ProductionOrder]] = {}
    for order in orders:
        by_thread.setdefault(order.requirement.thread, []).append(order)
    for thread, issued in sorted(by_thread.items()):
        entries = [
            (order.number, _told(order) | {"quantity": plain(order.quantity), "due": order.due_on})
            for order in issued
        ]
        record_all("production.issued", thread=thread, actor=actor, entries=entries)
        first, rest = issued[0], len(issued) - 1
        told = {"quantity": plain(first.quantity), "due": str(first.due_on), "others": rest}
        _tell_role("production", "production_issued_several" if rest else "production_issued", first, **told)


def _locked(order: ProductionOrder) -> ProductionOrder:
    return lock(ProductionOrder, order.pk, "product", "requirement__team", "requirement__owner")


def _ask(gate: Any, order: ProductionOrder, actor: User, reasons: list) -> None:
    reasons = gate.reasons(order, actor) + reasons
    if reasons:
        raise Blocked(reasons)


def _move_on(order: ProductionOrder, actor: User) -> None:
    """Everything passed closes the order; a rest that nobody has made goes back to production."""
    if order.passed >= order.quantity:
        order.close(actor=actor)
    elif not order.uninspected:
        order.send_back(actor=actor)
    order.save(update_fields=["state", "state_since"])


def _put_on_shelf(order: ProductionOrder, passed: Decimal, warehouse: Any, actor: User) -> None:
    Stock.objects.bulk_create([Stock(product=order.product, warehouse=warehouse)], ignore_conflicts=True)
    shelf = Shelf([order.requirement])
    requirement = shelf.requirements[order.requirement_id]
    stock = shelf.stock(order.product_id, warehouse.pk)
    shelf.enter(
        stock,
        passed,
        kind=MovementKind.PRODUCTION,
        document=order.number,
        requirement=requirement,
        actor=actor,
    )
    needed = min(passed, requirement.missing)
    if needed > 0:
        shelf.promise(requirement, needed, on=stock)
    shelf.write()


def _record_inspection(order: ProductionOrder, inspection: Inspection) -> None:
    facts = {"passed": plain(inspection.passed), "rejected": plain(inspection.rejected)}
    _record("production.inspected", order, inspection.inspector, reason=inspection.reason, **facts)
    if inspection.passed:
        _tell_owner("production_passed", order, quantity=facts["passed"])
    if inspection.rejected:
        back = {"quantity": facts["rejected"], "reason": inspection.reason}
        _tell_role("production", "production_sent_back", order, **back)


def _record(verb: str, order: ProductionOrder, actor: User, **facts: Any) -> None:
    record(verb, thread=order.requirement.thread, actor=actor, subject=order.number, **facts | _told(order))


def _told(order: ProductionOrder) -> dict[str, str]:
    return {"product": str(order.product), "unit": order.product.unit}


def _facts(order: ProductionOrder) -> dict[str, str]:
    return {
        "number": order.number,
        "product": str(order.product),
        "unit": order.product.unit,
        "reference": order.requirement.reference,
    }


def _tell_owner(kind: str, order: ProductionOrder, **facts: str) -> None:
    key = f"{kind}:{order.number}:{order.version}"
    link = order.get_absolute_url()
    notify(order.requirement.owner, kind, key=key, link=link, **_facts(order), **facts)


def _tell_role(role: str, kind: str, order: ProductionOrder, **facts: Any) -> None:
    key = f"{kind}:{order.number}:{order.version}"
    notify_role(role, kind, key=key, link=order.get_absolute_url(), **_facts(order), **facts)
