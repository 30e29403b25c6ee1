"""What the timeline and the inbox say of shipments."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from core.audit import secrets, sentences

secrets("shipment", "customers.view_credit", "exposure")
sentences(
    shipment__requested=_("asked for shipment %(subject)s, value %(value)s (%(case)s)"),
    shipment__requested_again=_("asked again for shipment %(subject)s, value %(value)s (%(case)s)"),
    shipment__refused=_("refused shipment %(subject)s"),
    shipment__released=_("released shipment %(subject)s, value %(value)s"),
    shipment__picked=_("picked shipment %(subject)s"),
    shipment__packed=_("packed shipment %(subject)s, packages: %(packages)s"),
    shipment__dispatched=_(
        "dispatched %(subject)s, delivery note %(note)s, by %(carrier)s, waybill %(waybill)s, "
        "expected %(expected)s"
    ),
    shipment__delivered=_("recorded the delivery of %(subject)s, received by %(who)s"),
    shipment__cancelled=_("cancelled shipment %(subject)s"),
)
notices(
    shipment_signed=_("Shipment %(shipment)s is signed by everybody and can be released."),
    shipment_refused=_("Shipment %(shipment)s was refused by %(who)s: %(reason)s"),
    shipment_released=_("Shipment %(shipment)s of order %(order)s was released."),
    shipment_to_pick=_("Shipment %(shipment)s is to be picked."),
    shipment_dispatched=_("Shipment %(shipment)s of order %(order)s has left."),
    shipment_to_invoice=_("Shipment %(shipment)s has left: confirm its revenue."),
    shipment_delivered=_("Shipment %(shipment)s was received by %(who)s."),
)
