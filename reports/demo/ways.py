"""How far each of the demo's orders walks, and by which steps."""

from __future__ import annotations

from collections.abc import Callable

from approvals.states import StepKind
from inventory.models import Product
from logistics.models import Shipment
from reports.demo.answers import confirm, dispute, question
from reports.demo.orders import Walk

#: How far an order walks, how many of them, how many days ago they began, its lines' due date from then.
PLANS: list[tuple[str, int, int, int]] = [
    ("draft", 12, 2, 30),
    ("submitted", 8, 1, 30),
    ("questioned", 2, 1, 30),
    ("reviewed by one", 8, 2, 35),
    ("before technical", 3, 1, 40),
    ("sample on trial", 1, 6, 45),
    ("before production", 3, 2, 40),
    ("before the manager", 8, 3, 35),
    ("before the general manager", 5, 4, 40),
    ("refused", 5, 5, 30),
    ("approved", 8, 6, 30),
    ("called not right", 2, 4, 30),
    ("released", 10, 9, 25),
    ("in production", 8, 12, 25),
    ("finished", 8, 20, 25),
    ("lying", 6, 48, 20),
    ("shipment requested", 6, 22, 25),
    ("shipment released", 5, 24, 28),
    ("picked", 2, 25, 28),
    ("packed", 2, 25, 28),
    ("dispatched", 5, 26, 25),
    ("invoice asked for", 3, 28, 25),
    ("not invoiced", 4, 75, 25),
    ("invoiced", 5, 40, 25),
    ("settled", 9, 60, 25),
    ("cancelled", 3, 8, 30),
]


def walk(way: str, trip: Walk, products: list[Product]) -> None:
    """Let one order walk as far as its plan says."""
    stock = [each for each in products if each.supply == "stock"]
    made = [each for each in products if each.supply == "make"]
    wanted = products if way in _MADE else made if way in _MADE_ONLY else stock
    trip.draft(wanted, large=way == "before the general manager")
    for step in _WAYS[way]:
        step(trip)


def _ship(trip: Walk) -> Shipment:
    shipment = trip.request()
    trip.sign(shipment)
    return shipment


def _dispatch(trip: Walk) -> Shipment:
    shipment = _ship(trip)
    trip.leave(shipment)
    return shipment


def _invoice(trip: Walk) -> Shipment:
    shipment = _dispatch(trip)
    trip.arrive(shipment)
    trip.invoice(shipment)
    return shipment


def _ask(trip: Walk) -> None:
    shipment = _dispatch(trip)
    trip.arrive(shipment)
    trip.ask_for_invoice(shipment)


def _deliver(trip: Walk) -> None:
    trip.arrive(_dispatch(trip))


def _reviews(*kinds: StepKind) -> list[Callable[[Walk], None]]:
    return [lambda trip, kind=kind: trip.decide(kind) for kind in kinds]


def _refuse(trip: Walk) -> None:
    trip.decide(StepKind.MANAGER, approve=False, reason="交期与客户合同不一致，请核对后重新提交")


_SUBMITTED = [Walk.paper, Walk.submit]
_REVIEW = [*_SUBMITTED, Walk.standardise]
_TO_MANAGER = [*_REVIEW, Walk.confirm_making, *_reviews(StepKind.SUPPORT, StepKind.FINANCE)]
_APPROVED = [*_REVIEW, Walk.approve]
_RELEASED = [*_APPROVED, confirm, Walk.release]
_FINISHED = [*_RELEASED, Walk.make]
_MADE = {"released", "in production", "finished", "approved", "submitted"}
_MADE_ONLY = {"before technical", "sample on trial", "before production"}
_WAYS: dict[str, list[Callable[[Walk], object]]] = {
    "draft": [],
    "submitted": _SUBMITTED,
    "questioned": [*_SUBMITTED, question],
    "reviewed by one": [*_REVIEW, *_reviews(StepKind.SUPPORT)],
    "before technical": [*_REVIEW, *_reviews(StepKind.SUPPORT)],
    "sample on trial": [*_REVIEW, lambda trip: trip.state_lines(changed=True)],
    "before production": [*_REVIEW, Walk.state_lines],
    "before the manager": _TO_MANAGER,
    "before the general manager": [*_TO_MANAGER, *_reviews(StepKind.MANAGER)],
    "refused": [*_TO_MANAGER, _refuse],
    "approved": _APPROVED,
    "called not right": [*_APPROVED, dispute],
    "released": _RELEASED,
    "in production": [*_RELEASED, lambda trip: trip.make(halfway=True)],
    "finished": _FINISHED,
    "lying": _FINISHED,
    "shipment requested": [*_FINISHED, Walk.request],
    "shipment released": [*_FINISHED, _ship],
    "picked": [*_FINISHED, lambda trip: trip.pick(_ship(trip))],
    "packed": [*_FINISHED, lambda trip: trip.pack(_ship(trip))],
    "dispatched": [*_FINISHED, _dispatch],
    "invoice asked for": [*_FINISHED, _ask],
    "not invoiced": [*_FINISHED, _deliver],
    "invoiced": [*_FINISHED, _invoice],
    "settled": [*_FINISHED, lambda trip: trip.settle(_invoice(trip))],
    "cancelled": [*_SUBMITTED, Walk.cancel],
}
