"""The verbs of a shipment, in the order in which it meets them."""

from logistics.actions.asking import cancel_shipment, request_again, request_shipment
from logistics.actions.leaving import deliver_shipment, dispatch_shipment, pack_shipment, pick_shipment
from logistics.actions.signing import decide_shipment, release_shipment
from logistics.actions.transfer import transfer_customer

__all__ = [
    "cancel_shipment",
    "decide_shipment",
    "deliver_shipment",
    "dispatch_shipment",
    "pack_shipment",
    "pick_shipment",
    "release_shipment",
    "request_again",
    "request_shipment",
    "transfer_customer",
]
