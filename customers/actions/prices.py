"""Prices that one person does not agree alone: they wait for a second yes, then they hold (R1.7, R2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from approvals.actions import open_case
from approvals.authority import PlannedStep, trigger
from approvals.states import StepKind
from approvals.weighing import beside
from core.audit import record
from core.showing import figure
from customers.agreeing import Beyond, beyond_alone, furthest
from customers.models import Contract, Customer, CustomerChange, PriceAgreement
from customers.states import ChangeKind
from inventory.models import Product


def ask_prices(
    customer: Customer, waiting: Sequence[Beyond], *, number: int, reason: str, actor: User
) -> CustomerChange:
    """Ask for the yes without which these prices are none: of the team's sales manager as far as that
    authority goes, else of the general manager; never of who entered them (R2.10).

    The caller holds the lock of the customer and has asked its rules.
    """
    change = CustomerChange(
        customer=customer,
        number=number,
        kind=ChangeKind.PRICES,
        prices=[_kept(each) for each in waiting],
        reason=reason,
        asked_by=actor,
    )
    change.case = open_case(
        kind="customer",
        reference=change.reference,
        thread=customer.thread,
        link=change.get_absolute_url(),
        title=f"{change.reference} · {customer.name}",
        team=customer.team,
        requester=actor,
        amount=Decimal(0),
        currency=customer.currency,
        snapshot={
            "customer": customer.code,
            "change_kind": change.kind,
            "change_reason": reason,
            "prices": change.prices,
        },
        plan=[_step(customer, waiting, actor)],
        actor=actor,
    )
    change.save(force_insert=True)
    record(
        "customer.change_asked",
        thread=customer.thread,
        actor=actor,
        subject=customer.name,
        reason=reason,
        number=number,
    )
    return change


def put_prices(change: CustomerChange, made: Sequence[PriceAgreement]) -> None:
    """The prices of a change that got its yes hold from now on; who entered them stays their author."""
    for each in made:
        each.change = change
    PriceAgreement.objects.bulk_create(made)


def prices_in(change: CustomerChange) -> list[PriceAgreement]:
    """The prices that a change is about, as the agreements they would be, with product and contract."""
    wanted = {row["product_id"] for row in change.prices}
    products = Product.objects.select_related("category").in_bulk(wanted)
    papers = Contract.objects.in_bulk([row["contract_id"] for row in change.prices if row["contract_id"]])
    return [
        PriceAgreement(
            customer=change.customer,
            product=products[row["product_id"]],
            currency=row["currency"],
            min_quantity=Decimal(row["min_quantity"]),
            price=Decimal(row["price"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            contract=papers.get(row["contract_id"]),
            entered_by=change.asked_by,
        )
        for row in change.prices
    ]


def _step(customer: Customer, waiting: Sequence[Beyond], actor: User) -> PlannedStep:
    manager = customer.team.manager
    why = [_why(furthest(waiting), "price_agreed_low", "price_agreed_unlisted")]
    if manager is None or manager.pk == actor.pk:
        return PlannedStep(StepKind.GENERAL, 1, why)
    beyond = beyond_alone([each.agreement for each in waiting], manager, team_id=customer.team_id)
    if not beyond:
        return PlannedStep(StepKind.MANAGER, 1, why)
    why.append(_why(furthest(beyond), "price_beyond_manager", "price_agreed_unlisted"))
    return PlannedStep(StepKind.GENERAL, 1, why)


def _why(found: Beyond, low: str, unlisted: str) -> dict[str, Any]:
    product = str(found.agreement.product)
    if found.below is None:
        return trigger("R2.2", unlisted, product=product)
    below = beside(found.below, found.limit)
    return trigger("R2.2", low, product=product, value=below, limit=found.limit)


def _kept(found: Beyond) -> dict[str, Any]:
    """A price as the change keeps it: text, so that its digest is the same wherever it is read."""
    each = found.agreement
    return {
        "product": each.product.code,
        "min_quantity": figure(Decimal(each.min_quantity)),
        "price": figure(Decimal(each.price)),
        "list_price": "" if found.listed is None else figure(found.listed),
        "deviation": "" if found.below is None else figure(beside(found.below, found.limit)),
        "currency": each.currency,
        "valid_from": each.valid_from.isoformat(),
        "valid_until": each.valid_until.isoformat() if each.valid_until else "",
        "contract": each.contract.number if each.contract else "",
        "contract_id": each.contract_id,
        "product_id": each.product_id,
    }
