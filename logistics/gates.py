"""Gates of the shipment's transitions, and their rules."""

from django.utils.translation import gettext_lazy as _

from logistics.states import ShipmentState
from core.rules import Gate

RELEASE = Gate(
    transition="release",
    number="R5.9",
    permission="logistics.release_shipment",
    states=(ShipmentState.REQUESTED,),
    roles=("business_support",),
    label=_("Release"),
)
REFUSE = Gate(
    transition="refuse",
    number="R5.9",
    permission="approvals.decide_step",
    states=(ShipmentState.REQUESTED,),
    roles=("sales_manager",),
    label=_("Refuse"),
)
REQUEST_AGAIN = Gate(
    transition="request_again",
    number="R5.9",
    permission="logistics.request_shipment",
    states=(ShipmentState.REQUESTED, ShipmentState.REFUSED),
    roles=("sales_rep", "business_support"),
    label=_("Request again"),
)
PICK = Gate(
    transition="pick",
    number="R5.9",
    permission="logistics.pick_shipment",
    states=(ShipmentState.RELEASED,),
    roles=("warehouse",),
    label=_("Pick"),
)
PACK = Gate(
    transition="pack",
    number="R5.9",
    permission="logistics.pick_shipment",
    states=(ShipmentState.PICKED,),
    roles=("warehouse",),
    label=_("Pack"),
)
DISPATCH = Gate(
    transition="dispatch",
    number="R5.11",
    permission="logistics.dispatch_shipment",
    states=(ShipmentState.PACKED,),
    roles=("warehouse",),
    label=_("Dispatch"),
)
DELIVER = Gate(
    transition="deliver",
    number="R5.13",
    permission="logistics.deliver_shipment",
    states=(ShipmentState.DISPATCHED,),
    roles=("warehouse", "business_support"),
    label=_("Delivered"),
)
CANCEL = Gate(
    transition="cancel",
    number="R5.9",
    permission="logistics.cancel_shipment",
    states=(
        ShipmentState.REQUESTED,
        ShipmentState.REFUSED,
        ShipmentState.RELEASED,
        ShipmentState.PICKED,
        ShipmentState.PACKED,
    ),
    roles=("business_support",),
    label=_("Cancel"),
)
