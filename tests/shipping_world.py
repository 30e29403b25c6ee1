"""Shipments, invoices and money for tests, each brought to its state through the actions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.files import store_upload
from core.models import StoredFile
from customers.models import Customer
from invoicing import actions as billing
from invoicing.models import Invoice, Receipt
from logistics import actions
from logistics.models import Carrier, Shipment
from orders.models import SalesOrder
from tests.orders_world import PAPER, customer, product, released_order
from tests.world import World

#: Who signs which step of a shipment.
SIGNERS = {
    "finance": "finance",
    "support": "support2",
    "manager": "manager",
    "head": "head",
    "general": "gm",
}


def credit_customer(world: World, limit: int = 100_000, code: str = "C-CREDIT", **fields: Any) -> Customer:
    """A customer of the rep's team with a credit line, thirty days after the invoice."""
    return customer(
        world,
        code,
        credit_line=True,
        credit_limit=Decimal(limit),
        payment_terms="credit",
        credit_days=30,
        **fields,
    )


def cash_customer(world: World, code: str = "C-CASH", **fields: Any) -> Customer:
    """A customer without a credit line who pays on delivery."""
    return customer(world, code, **{"payment_terms": "on_delivery", **fields})


def order_to_ship(
    world: World,
    *,
    of: Customer | None = None,
    lines: tuple[tuple[str, str], ...] = (("BRG-6204", "10"),),
    stock: int = 100_000,
    price: str = "18.60",
    **header: Any,
) -> SalesOrder:
    """A released order whose goods are all finished, from stock."""
    for code, _quantity in lines:
        product(world, code, stock=stock, price=price)
    return released_order(world, of=of or credit_customer(world), lines=lines, **header)


def requested_shipment(
    world: World,
    *,
    order: SalesOrder | None = None,
    quantities: dict[int, Decimal] | None = None,
    wanted_on: date | None = None,
    **how: Any,
) -> Shipment:
    """Asked for by the rep: all of the order's lines, unless quantities by position say otherwise."""
    order = order or order_to_ship(world, **how)
    lines = {line.position: line for line in order.lines.all()}
    wanted = quantities or {place: line.quantity for place, line in lines.items()}
    return actions.request_shipment(
        order,
        quantities={lines[place].pk: Decimal(quantity) for place, quantity in wanted.items()},
        wanted_on=wanted_on or timezone.localdate(),
        actor=world.rep,
    )


def sign(world: World, shipment: Shipment, kind: str, *, who: str = "", approve: bool = True, **how: Any):
    """The open step of this kind, signed by the person whose it is."""
    shipment = again(shipment)
    step = shipment.case.steps.exclude(state="void").get(round=shipment.case.round, kind=kind)
    return actions.decide_shipment(
        shipment,
        step_id=step.pk,
        approve=approve,
        digest=shipment.case.digest,
        actor=world.people[who or SIGNERS[kind]],
        **how,
    )


def signed_shipment(world: World, **how: Any) -> Shipment:
    """Every sign-off that its case asks for is there."""
    shipment = requested_shipment(world, **how)
    while step := again(shipment).case.steps.filter(state="open").order_by("sequence", "pk").first():
        sign(world, shipment, step.kind)
    return again(shipment)


def released_shipment(world: World, **how: Any) -> Shipment:
    """Released by business support."""
    return actions.release_shipment(signed_shipment(world, **how), actor=world.support)


def packed_shipment(world: World, **how: Any) -> Shipment:
    """Picked and packed by the warehouse."""
    shipment = actions.pick_shipment(released_shipment(world, **how), actor=world.warehouse)
    return actions.pack_shipment(shipment, packages=2, actor=world.warehouse)


def dispatched_shipment(world: World, **how: Any) -> Shipment:
    """On its way with the carrier."""
    return dispatch(world, packed_shipment(world, **how))


def dispatch(world: World, shipment: Shipment) -> Shipment:
    """The packed shipment leaves."""
    return actions.dispatch_shipment(
        shipment,
        carrier=carrier(),
        waybill="SF1234567890",
        expected_on=timezone.localdate() + timedelta(days=2),
        actor=world.warehouse,
    )


def delivered_shipment(world: World, **how: Any) -> Shipment:
    """Received by the customer, the signed receipt on file."""
    shipment = dispatched_shipment(world, **how)
    return actions.deliver_shipment(
        shipment, received_by="王琳", receipt=signed_receipt(world), actor=world.warehouse
    )


def signed_receipt(world: World) -> StoredFile:
    """The carrier's paper with the customer's signature."""
    upload = SimpleUploadedFile("到货回单.pdf", PAPER, content_type="application/pdf")
    return store_upload(upload, actor=world.warehouse)


def carrier() -> Carrier:
    """A carrier in use."""
    return Carrier.objects.get_or_create(code="SF", defaults={"name": "顺丰速运"})[0]


def invoice_request(world: World, shipment: Shipment | None = None, **how: Any) -> Invoice:
    """Revenue of a dispatched shipment confirmed by business support."""
    kind = how.pop("kind", "special")
    amount = how.pop("amount", None)
    shipment = shipment or dispatched_shipment(world, **how)
    return billing.confirm_revenue(shipment, kind=kind, amount=amount, actor=world.support)


def issued_invoice(world: World, shipment: Shipment | None = None, **how: Any) -> Invoice:
    """Issued by finance."""
    return billing.issue_invoice(invoice_request(world, shipment, **how), actor=world.finance)


def receipt(world: World, amount: str | Decimal, of: Customer | None = None, **how: Any) -> Receipt:
    """Money received by bank transfer, not yet named for anything."""
    of = of or credit_customer(world)
    return billing.record_receipt(
        customer=of,
        amount=Decimal(amount),
        received_on=timezone.localdate(),
        method="transfer",
        payer=how.pop("payer", of.name),
        actor=how.pop("actor", world.finance),
        **how,
    )


def deposit(world: World, order: SalesOrder, amount: str | Decimal) -> Receipt:
    """Money received and named for the order."""
    money = receipt(world, amount, of=order.customer)
    billing.allocate_receipt(money, amount=Decimal(amount), order=order, actor=world.finance)
    return money


def again(shipment: Shipment) -> Shipment:
    """The shipment read anew."""
    return Shipment.objects.select_related("order__customer", "case", "team").get(pk=shipment.pk)
