"""A shipment is asked for, asked for again, cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from approvals.actions import open_case, withdraw_case
from approvals.authority import PlannedStep, trigger
from approvals.states import CaseState, StepKind
from core.audit import record
from core.locks import lock
from core.numbering import next_number
from core.rules import Blocked
from core.transitions import bump_version
from customers.actions import lock_credit_account, post_exposure
from logistics import gates
from logistics.actions.reading import lock_shipment
from logistics.figures import classify, weigh
from logistics.models import Shipment, ShipmentLine
from logistics.queries import Asked, asked_of, freight_left, goods_value_of
from logistics.states import ON_THE_FLOOR, ReleaseCase
from orders.models import SalesOrder


@transaction.atomic
def request_shipment(
    order: SalesOrder, *, quantities: Mapping[int, Decimal], wanted_on: date, actor: Any
) -> Shipment:
    """Ask for part of an order to leave, and open its case (R5.1, R5.9, R5.14).

    Quantities by order line, in the line's unit; at most what is open and finished, less what other pending
    shipments claim. Its goods value is at order prices, tax included. Raises Blocked with every reason.
    """
    lock_credit_account(order.customer_id)
    order = lock(SalesOrder, order.pk, "customer", "team", "owner")
    asked = asked_of(order, quantities)
    _require(gates.REQUEST.reasons(order, actor), order, asked)

    shipment = Shipment.objects.create(
        number=next_number("shipment"),
        order=order,
        team=order.team,
        requested_by=actor,
        wanted_on=wanted_on,
        ship_to=order.ship_to,
        currency=order.currency,
    )
    _fill(shipment, asked)
    shipment = _open_round(lock_shipment(shipment.pk), actor=actor)
    record(
        "shipment.requested",
        thread=order.thread,
        actor=actor,
        subject=shipment.number,
        value=f"{shipment.billable:,.2f} {shipment.currency}",
        case=shipment.release_case,
    )
    return shipment


@transaction.atomic
def request_again(
    shipment: Shipment,
    *,
    actor: Any,
    quantities: Mapping[int, Decimal] | None = None,
    wanted_on: date | None = None,
    version: int | None = None,
) -> Shipment:
    """Ask once more, mended or as it was: figures anew, a new round of sign-offs (R2.11).

    What was signed before stands in the timeline and no longer counts. Raises Blocked with every reason.
    """
    lock_credit_account(shipment.order.customer_id)
    order = lock(SalesOrder, shipment.order_id, "customer", "team", "owner")
    shipment = lock_shipment(shipment.pk)
    bump_version(shipment, expected=version)
    same = {line.order_line_id: line.quantity for line in shipment.lines.all()}
    asked = asked_of(order, same if quantities is None else quantities, except_for=shipment.pk)
    _require(gates.REQUEST_AGAIN.reasons(shipment, actor), order, asked)

    shipment.request_again(actor=actor)
    shipment.requested_by = actor
    shipment.wanted_on = wanted_on or shipment.wanted_on
    shipment.save(update_fields=["state", "state_since", "requested_by", "wanted_on"])
    shipment.lines.all().delete()
    _fill(shipment, asked)
    shipment = _open_round(lock_shipment(shipment.pk), actor=actor)
    record(
        "shipment.requested_again",
        thread=order.thread,
        actor=actor,
        subject=shipment.number,
        value=f"{shipment.billable:,.2f} {shipment.currency}",
        case=shipment.release_case,
    )
    return shipment


@transaction.atomic
def cancel_shipment(
    shipment: Shipment, *, actor: Any, reason: str = "", version: int | None = None
) -> Shipment:
    """It will not leave: quantities, stock and credit are free again. Raises Blocked once they are gone."""
    account = lock_credit_account(shipment.order.customer_id)
    shipment = lock_shipment(shipment.pk)
    bump_version(shipment, expected=version)
    was_released = shipment.state in ON_THE_FLOOR
    shipment.cancel(actor=actor)
    shipment.save(update_fields=["state", "state_since"])
    if shipment.case.state == CaseState.OPEN:
        withdraw_case(shipment.case, actor=actor)
    if was_released:
        post_exposure(
            account,
            shipment.order.number,
            document=shipment.number,
            actor=actor,
            released=-shipment.billable,
        )
    record("shipment.cancelled", thread=shipment.thread, actor=actor, subject=shipment.number, reason=reason)
    return shipment


def _require(found: list, order: SalesOrder, asked: list[Asked]) -> None:
    """Raise Blocked with the gate's reasons and the quantities' own."""
    reasons = found + [reason for each in gates.ASKED for reason in each.broken(order, asked)]
    if reasons:
        raise Blocked(reasons)


def _fill(shipment: Shipment, asked: list[Asked]) -> None:
    """The lines with their values, and the freight that goes with them."""
    lines = [
        ShipmentLine(
            shipment=shipment,
            order_line=each.line,
            quantity=each.quantity,
            goods_value=goods_value_of(each, currency=shipment.currency, except_for=shipment.pk),
        )
        for each in asked
    ]
    ShipmentLine.objects.bulk_create(lines)
    shipment.goods_value = sum((line.goods_value for line in lines), Decimal(0))
    shipment.freight = freight_left(shipment.order, except_for=shipment.pk)
    shipment.save(update_fields=["goods_value", "freight"])


def _open_round(shipment: Shipment, *, actor: Any) -> Shipment:
    """Classify by section 5 and open the sign-offs that the case asks for."""
    figures = weigh(shipment)
    case, triggers = classify(shipment, figures)
    shipment.release_case = case
    shipment.beyond_paid = figures.beyond_paid
    shipment.beyond_limit = figures.beyond_limit
    shipment.case = open_case(
        kind="shipment",
        reference=shipment.number,
        thread=shipment.thread,
        link=shipment.get_absolute_url(),
        title=f"{shipment.number} · {shipment.order.customer}",
        team=shipment.team,
        requester=actor,
        amount=shipment.billable,
        currency=shipment.currency,
        snapshot=shipment.content,
        plan=_plan(case, triggers),
        findings=triggers,
        actor=actor,
    )
    shipment.save(update_fields=["release_case", "beyond_paid", "beyond_limit", "case"])
    return shipment


def _plan(case: ReleaseCase, triggers: list[dict]) -> list[PlannedStep]:
    """R5.2–R5.6, R5.9: finance, support, then sales manager and sales head, then the general manager."""
    recheck = trigger("R5.9", "shipment_recheck")
    plan = [
        PlannedStep(StepKind.FINANCE, 1, [trigger("R5.9", "shipment_check")]),
        PlannedStep(StepKind.SUPPORT, 2, triggers if case == ReleaseCase.CASH else [recheck]),
        PlannedStep(StepKind.HEAD, 3, [trigger("R5.5", "shipment_confirm")]),
    ]
    if case != ReleaseCase.CASH:
        plan.append(PlannedStep(StepKind.MANAGER, 3, triggers))
    if case == ReleaseCase.OTHER:
        plan.append(PlannedStep(StepKind.GENERAL, 4, triggers))
    return plan
