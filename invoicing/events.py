"""What the timeline and the inbox say of revenue, invoices and money."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from core.audit import sentences

sentences(
    invoice__requested=_("confirmed revenue of %(amount)s for %(shipment)s, invoice request %(subject)s"),
    invoice__withdrawn=_("withdrew the invoice request %(subject)s"),
    invoice__issued=_("issued invoice %(number)s of %(amount)s, due %(due)s"),
    invoice__paid=_("paid invoice %(number)s in full"),
    receipt__recorded=_("recorded receipt %(subject)s: %(amount)s from %(payer)s"),
    receipt__allocated=_("allocated %(amount)s of receipt %(receipt)s to %(target)s"),
    order__settled=_("settled the order: shipped, invoiced and paid"),
    shipment__invoice_asked=_(
        "asked why %(subject)s is not invoiced: %(left)s left, %(days)s days since dispatch"
    ),
    shipment__invoice_problem=_("made %(subject)s problem dispatched goods: %(left)s not invoiced"),
)
notices(
    invoice_requested=_("Invoice %(request)s of order %(order)s is to be issued."),
    invoice_issued=_("Invoice %(invoice)s of order %(order)s was issued."),
    shipment_uninvoiced=_(
        "Shipment %(shipment)s of order %(order)s left %(days)s days ago; %(left)s are not invoiced. Why?"
    ),
    shipment_problem=_(
        "Problem dispatched goods: %(shipment)s of order %(order)s, %(left)s not invoiced in %(days)s days."
    ),
)
