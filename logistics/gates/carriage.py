"""Rules of what leaves the house and arrives (R5.11, R5.13)."""

from django.utils.translation import gettext_lazy as _

from core.rules import rule


@rule("R5.11", _("Name the carrier, the waybill number and the expected arrival."), opened_by=("warehouse",))
def carriage_is_complete(shipment):
    if not (shipment.carrier_id and shipment.waybill and shipment.expected_on):
        return {"_field": "carrier"}


@rule("R5.9", _("Say how many packages there are."), opened_by=("warehouse",))
def packages_are_counted(shipment):
    if not shipment.packages:
        return {"_field": "packages"}


@rule(
    "R5.13",
    _("Delivery needs the signed receipt on file, or the customer's own click."),
    opened_by=("warehouse", "business_support", "customer"),
)
def receipt_is_signed(shipment, actor):
    if shipment.receipt_file_id or is_of_customer(shipment, actor):
        return None
    return {"_field": "receipt"}


def is_of_customer(shipment, actor) -> bool:
    """Whether this person signs in for the shipment's customer."""
    return shipment.order.customer.portal_users.filter(pk=actor.pk).exists()
