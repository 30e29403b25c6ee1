"""Gates of the shipment's transitions."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.rules import Gate
from logistics.gates.asking import (
    order_is_commanded,
    quantities_are_finished,
    quantities_are_open,
    quantities_fit_their_unit,
    something_is_asked,
)
from logistics.gates.carriage import carriage_is_complete, packages_are_counted, receipt_is_signed
from logistics.gates.signing import (
    content_is_as_signed,
    customer_is_not_blocked,
    deposit_is_in,
    exposure_is_covered,
    finance_has_checked,
    general_manager_has_decided,
    goods_are_finished,
    head_has_confirmed,
    manager_has_approved_credit,
    manager_has_approved_unpaid,
    manager_has_submitted,
    money_still_pays_for_it,
    order_is_released,
    support_has_approved,
    support_has_rechecked,
)
from logistics.states import PENDING, ShipmentState
from orders.states import OrderState

ASKED = (something_is_asked, quantities_fit_their_unit, quantities_are_open, quantities_are_finished)

REQUEST = Gate(
    transition="request",
    number="R5.1",
    permission="logistics.request_shipment",
    states=(OrderState.RELEASED,),
    rules=(order_is_commanded,),
    roles=("sales_rep", "business_support"),
    label=_("Request a shipment"),
)
RELEASE = Gate(
    transition="release",
    number="R5.9",
    permission="logistics.release_shipment",
    states=(ShipmentState.REQUESTED,),
    rules=(
        order_is_released,
        customer_is_not_blocked,
        deposit_is_in,
        goods_are_finished,
        finance_has_checked,
        support_has_approved,
        money_still_pays_for_it,
        support_has_rechecked,
        manager_has_approved_unpaid,
        manager_has_approved_credit,
        head_has_confirmed,
        manager_has_submitted,
        general_manager_has_decided,
        exposure_is_covered,
        content_is_as_signed,
    ),
    roles=("business_support",),
    label=pgettext_lazy("shipment", "Release"),
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
    rules=(order_is_released,),
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
    rules=(packages_are_counted,),
    roles=("warehouse",),
    label=_("Pack"),
)
DISPATCH = Gate(
    transition="dispatch",
    number="R5.11",
    permission="logistics.dispatch_shipment",
    states=(ShipmentState.PACKED,),
    rules=(carriage_is_complete,),
    roles=("warehouse",),
    label=_("Dispatch"),
)
DELIVER = Gate(
    transition="deliver",
    number="R5.13",
    permission="logistics.deliver_shipment",
    states=(ShipmentState.DISPATCHED,),
    people=(receipt_is_signed,),
    roles=("warehouse", "business_support"),
    label=pgettext_lazy("verb", "Delivered"),
)
CANCEL = Gate(
    transition="cancel",
    number="R5.9",
    permission="logistics.cancel_shipment",
    states=(*PENDING, ShipmentState.REFUSED),
    roles=("business_support",),
    label=_("Cancel"),
)
