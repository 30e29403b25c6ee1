"""A customer moves to another team and rep, with all that is open for it (R3.1, R2.1)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.inbox import notify_all
from accounts.models import Team, User
from approvals.gates import team_has_a_manager
from approvals.handover import move_cases
from core.audit import record
from core.locks import lock, lock_all
from core.rules import Blocked
from core.transitions import bump_version
from customers import gates
from customers.actions import lock_credit_account
from customers.models import Customer
from customers.states import ChangeState
from inventory.models import Requirement
from logistics.models import Shipment
from logistics.states import ShipmentState
from orders.models import Memo, Quotation, SalesOrder
from orders.states import MemoState, OrderState, QuotationState

#: What is over stays with the team under which it happened.
OVER = (OrderState.SETTLED, OrderState.CANCELLED)


@transaction.atomic
def transfer_customer(
    customer: Customer, *, team: Team, owner: User, reason: str, actor: User, version: int | None = None
) -> Customer:
    """Give the customer to another rep, of another team or the same, with open orders, shipments and cases.

    What waits for the former team's sales manager waits for the new one's; orders that are over stay where
    they were. Raises Blocked with every reason, Stale when the page is old (I12).
    """
    lock_credit_account(customer.pk)
    customer = lock(Customer, customer.pk, "team__manager", "owner")
    _may_transfer(customer, team, owner, reason, actor)
    bump_version(customer, expected=version)
    old = {"team": str(customer.team), "owner": str(customer.owner)}
    former = [customer.owner, customer.team.manager]
    customer.team, customer.owner = team, owner
    customer.save(update_fields=["team", "owner"])
    orders, cases = _move_open(customer, team, owner)
    move_cases(cases, team=team)
    record(
        "customer.transferred",
        thread=customer.thread,
        actor=actor,
        subject=customer.name,
        reason=reason,
        orders=len(orders),
        old=old,
        new={"team": str(team), "owner": str(owner)},
    )
    notify_all(
        [person for person in (*former, owner, team.manager) if person is not None and person != actor],
        "customer_transferred",
        key=f"customer:{customer.code}:transferred:{customer.version}",
        link=customer.get_absolute_url(),
        customer=customer.name,
        owner=str(owner),
        team=str(team),
        orders=len(orders),
    )
    return customer


def _may_transfer(customer: Customer, team: Team, owner: User, reason: str, actor: User) -> None:
    reasons = gates.actor_may.broken("customers.transfer_customer", actor)
    reasons += gates.actor_leads_either_team.broken(customer, team, actor)
    reasons += gates.owner_is_of_the_team.broken(owner, team)
    reasons += gates.transfer_moves_something.broken(customer, team, owner)
    reasons += gates.transfer_has_a_reason.broken(reason)
    reasons += team_has_a_manager.broken(team)
    if reasons:
        raise Blocked(reasons)


def _move_open(customer: Customer, team: Team, owner: User) -> tuple[list[SalesOrder], set[int]]:
    """Orders, then shipments, then requirements, by the lock ladder; answers orders and the cases in play."""
    found = SalesOrder.objects.filter(customer=customer).exclude(state__in=OVER)
    orders = lock_all(SalesOrder, found.values("pk"))
    order_ids = [each.pk for each in orders]
    under_way = Shipment.objects.filter(order__in=order_ids).exclude(state=ShipmentState.CANCELLED)
    shipments = lock_all(Shipment, under_way.values("pk"))
    SalesOrder.objects.filter(pk__in=order_ids).update(team=team, owner=owner)
    Shipment.objects.filter(pk__in=[each.pk for each in shipments]).update(team=team)
    Requirement.objects.filter(order_line__order__in=order_ids).update(team=team, owner=owner)
    _move_offers(customer, team, owner, order_ids)
    changes = customer.changes.filter(state=ChangeState.OPEN).values_list("case_id", flat=True)
    nouns: list[Any] = [*orders, *shipments]
    cases = {each.case_id for each in nouns} | set(changes)
    return orders, cases - {None}


def _move_offers(customer: Customer, team: Team, owner: User, order_ids: list[int]) -> None:
    """What is offered or asked for, and what an open order came from: a quotation with all its versions."""
    in_play = Q(state__in=(QuotationState.DRAFT, QuotationState.SENT)) | Q(orders__in=order_ids)
    numbers = set(Quotation.objects.filter(in_play, customer=customer).values_list("number", flat=True))
    offers = lock_all(Quotation, Quotation.objects.filter(number__in=numbers).values("pk"))
    Quotation.objects.filter(pk__in=[each.pk for each in offers]).update(team=team, owner=owner)
    told = Q(customer=customer, state=MemoState.OPEN) | Q(order__in=order_ids) | Q(quotations__in=offers)
    Memo.objects.filter(pk__in=Memo.objects.filter(told).values("pk")).update(team=team)
