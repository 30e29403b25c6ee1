"""The approved order becomes a command to warehouse and production, or is cancelled (R4.1, R6.8, R7.7)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.inbox import notify
from accounts.models import User
from core.audit import record
from core.rules import Blocked, Reason
from customers.actions import lock_credit_account, post_exposure
from inventory.actions import (
    NewProduction,
    NewRequirement,
    create_requirements,
    issue_production_orders,
    reserve_all,
)
from orders import gates
from orders.actions.clock import stop_clock
from orders.actions.quotation_order import give_back_quotation
from orders.actions.review import MOVED, close_case
from orders.content import plain
from orders.feasible import Served, split_of
from orders.models import OrderLine, SalesOrder
from orders.queries import reread
from orders.states import OrderState

FOUR_PLACES = Decimal("0.0001")
ZERO = Decimal(0)


@transaction.atomic
def release_order(
    order: SalesOrder, *, actor: User, split: Mapping[int, Decimal] | None = None
) -> SalesOrder:
    """Serve every line from free stock, from production, or both; reserve what is promised at once (R4.1).

    `split` gives the quantity from stock by line id where a person changed the proposal. Raises Blocked with
    every reason: not approved, changed since, deposit not in (R6.8), customer blocked, stock not there, or
    production has not promised in writing what it is to make of it (R2.9).
    """
    lock_credit_account(order.customer_id)
    order = reread(order.pk)
    served = order.split = _serve(order, split or {}, actor)
    order.release(actor=actor, at=timezone.now())
    order.promise_asked_at = None
    order.save(update_fields=[*MOVED, "released_at", "promise_asked_at", *stop_clock(order)])
    _write_requirements(order, served, actor)
    reserve_all([(each.line.requirement, each.from_stock) for each in served if each.from_stock], actor=actor)
    commands = [
        NewProduction(
            each.line.requirement,
            each.to_make,
            each.line.due_on,
            tolerance=each.line.tolerance,
            packaging=each.line.packaging[:80],
            promised_on=each.line.promised_on,  # as production promised in writing: the gate has looked
        )
        for each in served
        if each.to_make
    ]
    issue_production_orders(commands, actor=actor)
    record(
        "order.released",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        stock=sum(bool(each.from_stock) for each in served),
        made=sum(bool(each.to_make) for each in served),
        split={
            str(each.line.position): f"{plain(each.from_stock)} + {plain(each.to_make)}" for each in served
        },
    )
    _tell(order, "order_released")
    return order


@transaction.atomic
def cancel_order(order: SalesOrder, *, reason: str, actor: User) -> SalesOrder:
    """Cancel before release, free of cost; what was approved no longer counts as exposure (R7.7).

    A quotation that it was begun by, and that nobody approved, is offered again (R1.14).
    """
    account = lock_credit_account(order.customer_id)
    order = reread(order.pk)
    was_approved = order.state == OrderState.APPROVED
    order.cancel(actor=actor)
    order.save(update_fields=[*MOVED, *stop_clock(order)])
    close_case(order, actor)
    give_back_quotation(order, actor=actor)
    if was_approved:
        post_exposure(account, order.number, document=order.number, actor=actor, ordered=-order.grand_total)
    record("order.cancelled", thread=order.thread, actor=actor, subject=order.number, reason=reason)
    _tell(order, "order_cancelled", reason=reason)
    return order


def _serve(order: SalesOrder, split: Mapping[int, Decimal], actor: User) -> list[Served]:
    served = [Served(each.line, split.get(each.line.pk, each.from_stock)) for each in split_of(order)]
    reasons = [_not_a_split(each) for each in served if not ZERO <= each.from_stock <= each.line.quantity]
    if reasons:
        raise Blocked([*gates.RELEASE.reasons(order, actor), *reasons])
    return served


def _write_requirements(order: SalesOrder, served: list[Served], actor: User) -> None:
    wanted = [
        NewRequirement(
            product=each.line.product,
            quantity=each.line.quantity,
            due_on=each.line.due_on,
            owner=order.owner,
            team=order.team,
            thread=order.thread,
            reference=f"{order.number}/{each.line.position}",
            link=order.get_absolute_url(),
            unit_value=(each.line.total / each.line.quantity).quantize(FOUR_PLACES),
            currency=order.currency,
        )
        for each in served
    ]
    for each, requirement in zip(served, create_requirements(wanted, actor=actor), strict=True):
        each.line.requirement = requirement
    OrderLine.objects.bulk_update([each.line for each in served], ["requirement"])


def _not_a_split(served: Served) -> Reason:
    return Reason(
        rule="R4.1",
        key="split_is_possible",
        text=_("Line %(position)s: from stock between 0 and %(quantity)s, not %(stock)s."),
        facts={
            "position": served.line.position,
            "quantity": plain(served.line.quantity),
            "stock": plain(served.from_stock),
        },
        opened_by=("business_support",),
        field_name=f"split-{served.line.pk}",
    )


def _tell(order: SalesOrder, kind: str, **facts: str) -> None:
    notify(
        order.owner,
        kind,
        key=f"order:{order.number}:{kind}",
        link=order.get_absolute_url(),
        order=order.number,
        customer=order.customer.name,
        **facts,
    )
