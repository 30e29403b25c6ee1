"""What of shipments waits for a person."""

from django.utils.translation import gettext_lazy as _

from accounts.duties import duty
from logistics.models import Shipment
from logistics.queries import with_goods_to_ship
from logistics.states import ShipmentState
from orders.models import SalesOrder

duty(
    "logistics.release",
    _("Shipments to release"),
    "logistics.release_shipment",
    lambda user: Shipment.objects.visible_to(user).to_release(),
    "/shipments/?signed=true",
    urgency=15,
    icon="unlock",
    since="state_since",
)
duty(
    "logistics.pick",
    _("Shipments to pick, pack, dispatch"),
    "logistics.pick_shipment",
    lambda user: Shipment.objects.visible_to(user).on_the_floor(),
    "/warehouse/",
    urgency=20,
    icon="truck",
    since="state_since",
)
duty(
    "logistics.request",
    _("Orders with goods to ship"),
    "logistics.request_shipment",
    lambda user: with_goods_to_ship(SalesOrder.objects.visible_to(user).filter(owner=user)),
    "/orders/?goods=true",
    urgency=24,
    icon="truck",
    since="released_at",
)
duty(
    "logistics.mend",
    _("Refused shipments to mend"),
    "logistics.request_shipment",
    lambda user: Shipment.objects.visible_to(user).filter(state=ShipmentState.REFUSED, requested_by=user),
    "/shipments/?state=refused",
    urgency=25,
    icon="undo",
    since="state_since",
)
duty(
    "logistics.deliver",
    _("Signed receipts to collect"),
    "logistics.deliver_shipment",
    lambda user: Shipment.objects.visible_to(user).in_transit(),
    "/shipments/?state=dispatched",
    urgency=60,
    icon="clip",
    since="dispatched_at",
)
