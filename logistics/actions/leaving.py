"""The warehouse's steps: pick, pack, dispatch; and the delivery (R5.9, R5.11, R5.13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.inbox import notify, notify_role
from core import figures
from core.audit import record
from core.documents import request_document
from core.locks import lock
from core.mail import letter, queue_letter
from core.models import Document, StoredFile
from core.numbering import next_number
from core.rules import Stale
from core.transitions import bump_version
from customers.actions import lock_credit_account, post_exposure
from inventory.actions import take_all_for_dispatch
from inventory.quantities import plain
from logistics.actions.reading import lock_shipment
from logistics.models import Carrier, Shipment
from orders.models import OrderLine, SalesOrder


@transaction.atomic
def pick_shipment(shipment: Shipment, *, actor: Any, version: int | None = None) -> Shipment:
    """The warehouse took the goods from the shelf. Raises Blocked unless it is released."""
    shipment = lock_shipment(shipment.pk)
    bump_version(shipment, expected=version)
    shipment.pick(actor=actor, at=timezone.now())
    shipment.save(update_fields=["state", "state_since", "picked_at"])
    record("shipment.picked", thread=shipment.thread, actor=actor, subject=shipment.number)
    return shipment


@transaction.atomic
def pack_shipment(shipment: Shipment, *, actor: Any, packages: int, version: int | None = None) -> Shipment:
    """Packed and labelled in so many packages. Raises Blocked unless it is picked and they are counted."""
    shipment = lock_shipment(shipment.pk)
    bump_version(shipment, expected=version)
    shipment.packages = packages
    shipment.pack(actor=actor, at=timezone.now(), packages=packages)
    shipment.save(update_fields=["state", "state_since", "packed_at", "packages"])
    record("shipment.packed", thread=shipment.thread, actor=actor, subject=shipment.number, packages=packages)
    return shipment


@transaction.atomic
def dispatch_shipment(
    shipment: Shipment,
    *,
    actor: Any,
    carrier: Carrier,
    waybill: str,
    expected_on: date,
    version: int | None = None,
) -> Shipment:
    """The goods leave: delivery note, stock, exposure, and the dispatch notice to the customer (R5.11).

    From here the shipment counts as shipped (R5.14). The delivery note's number is the series' next, without
    gaps (R5.17). Raises Blocked with every reason.
    """
    account = lock_credit_account(shipment.order.customer_id)
    order = lock(SalesOrder, shipment.order_id, "customer")
    shipment = lock_shipment(shipment.pk)
    bump_version(shipment, expected=version)
    shipment.carrier, shipment.waybill, shipment.expected_on = carrier, waybill, expected_on
    shipment.dispatch(actor=actor, at=timezone.now())
    _take_goods(shipment, actor=actor)
    _count_as_shipped(shipment, order)
    post_exposure(
        account,
        order.number,
        document=shipment.number,
        actor=actor,
        ordered=-shipment.billable,
        released=-shipment.billable,
        shipped=shipment.billable,
    )
    shipment.delivery_note_number = next_number("delivery_note")
    shipment.delivery_note = _delivery_note(shipment)
    shipment.save(
        update_fields=[
            "state",
            "state_since",
            "dispatched_at",
            "carrier",
            "waybill",
            "expected_on",
            "delivery_note_number",
            "delivery_note",
        ]
    )
    record(
        "shipment.dispatched",
        thread=shipment.thread,
        actor=actor,
        subject=shipment.number,
        note=shipment.delivery_note_number,
        carrier=str(carrier),
        waybill=waybill,
        expected=expected_on.isoformat(),
    )
    _tell_dispatched(shipment)
    return shipment


@transaction.atomic
def deliver_shipment(
    shipment: Shipment,
    *,
    actor: Any,
    received_by: str = "",
    receipt: StoredFile | None = None,
    version: int | None = None,
) -> Shipment:
    """The customer has the goods: by the signed receipt on file, or by the customer's own click (R5.13).

    Raises Blocked without either.
    """
    shipment = lock_shipment(shipment.pk)
    bump_version(shipment, expected=version)
    if receipt is not None:
        shipment.receipt_file = receipt
    who = received_by or str(actor)
    shipment.deliver(actor=actor, at=timezone.now(), received_by=who)
    shipment.save(update_fields=["state", "state_since", "delivered_at", "received_by", "receipt_file"])
    record(
        "shipment.delivered",
        thread=shipment.thread,
        actor=actor,
        subject=shipment.number,
        who=who,
        receipt=shipment.receipt_file.name if shipment.receipt_file else None,
    )
    notify(
        shipment.order.owner,
        "shipment_delivered",
        key=f"shipment-delivered:{shipment.pk}",
        link=shipment.get_absolute_url(),
        shipment=shipment.number,
        who=who,
    )
    return shipment


def _take_goods(shipment: Shipment, *, actor: Any) -> None:
    """Stock and requirements give up what leaves, all or none."""
    wanted = [(line.order_line.requirement, line.quantity) for line in shipment.lines.all()]
    take_all_for_dispatch(wanted, document=shipment.number, actor=actor)


def _count_as_shipped(shipment: Shipment, order: SalesOrder) -> None:
    """R5.14: ordered = shipped + open + cancelled, held by the condition of each UPDATE."""
    for line in shipment.lines.all():
        open_before = figures.quantity(F("shipped") + F("cancelled") + line.quantity)
        counted = OrderLine.objects.filter(pk=line.order_line_id, quantity__gte=open_before).update(
            shipped=figures.quantity(F("shipped") + line.quantity)
        )
        if not counted:
            raise Stale(order)
    counted = SalesOrder.objects.filter(
        pk=order.pk, grand_total__gte=figures.money(F("shipped_total") + shipment.billable)
    ).update(shipped_total=figures.money(F("shipped_total") + shipment.billable))
    if not counted:
        raise Stale(order)


def _delivery_note(shipment: Shipment) -> Document:
    """Ask for the paper that travels with the goods, in the customer's language."""
    order, customer = shipment.order, shipment.order.customer
    english = customer.language == "en"
    return request_document(
        "delivery_note",
        number=shipment.delivery_note_number or "",
        thread=shipment.thread,
        language=customer.language,
        context={
            "number": shipment.delivery_note_number,
            "order_number": order.number,
            "customer": {
                "name": customer.name_en if english and customer.name_en else customer.name,
                "address": shipment.ship_to,
                "contact": order.contact_name,
                "phone": order.contact_phone,
            },
            "ship_to": shipment.ship_to,
            "dispatched_at": shipment.dispatched_at,
            "carrier": str(shipment.carrier),
            "waybill": shipment.waybill,
            "expected_on": shipment.expected_on,
            "packages": shipment.packages,
            "lines": [_note_line(line, english) for line in shipment.lines.all()],
        },
    )


def _note_line(line: Any, english: bool) -> dict[str, Any]:
    ordered, product = line.order_line, line.order_line.product
    return {
        "position": ordered.position,
        "code": product.code,
        "name": product.name_en if english and product.name_en else product.name,
        "specification": ordered.specification or product.specification,
        "quantity": str(line.quantity),
        "unit": ordered.unit,
    }


def _tell_dispatched(shipment: Shipment) -> None:
    """R5.11: the dispatch notice to the customer, and word to the rep and to who confirms the revenue."""
    customer = shipment.order.customer
    if customer.email:
        owner = shipment.order.owner
        with translation.override(customer.language):
            words = letter(
                subject=_("Your order %(order)s is on its way") % {"order": shipment.order.number},
                text=_dispatch_notice(shipment),
                to_name=shipment.order.contact_name,
                person=str(owner),
                reply_to=owner.email,
                language=customer.language,
            )
        queue_letter(
            key=f"dispatch-notice:{shipment.pk}",
            to=customer.email,
            letter=words,
            documents=[shipment.delivery_note],
        )
    facts = {"shipment": shipment.number, "order": shipment.order.number}
    key, link = f"shipment-dispatched:{shipment.pk}", shipment.get_absolute_url()
    notify(shipment.order.owner, "shipment_dispatched", key=key, link=link, **facts)
    notify_role("business_support", "shipment_to_invoice", key=key, link=link, **facts)


def _dispatch_notice(shipment: Shipment) -> str:
    lines = [
        f"{line.order_line.product.name} × {plain(line.quantity)} {line.order_line.unit}"
        for line in shipment.lines.all()
    ]
    facts = {
        "order": shipment.order.number,
        "note": shipment.delivery_note_number,
        "when": f"{timezone.localtime(shipment.dispatched_at):%Y-%m-%d %H:%M}",
        "carrier": shipment.carrier,
        "waybill": shipment.waybill,
        "expected": shipment.expected_on,
        "lines": "\n".join(lines),
    }
    text = _(
        "The goods of your order %(order)s have left.\n\n"
        "Dispatched: %(when)s\nCarrier: %(carrier)s\nWaybill number: %(waybill)s\n"
        "Expected arrival: %(expected)s\nDelivery note: %(note)s\n\n%(lines)s\n\n"
        "Please count and inspect them on arrival and return the signed delivery note."
    )
    return text % facts
