"""What the timeline and the inbox say of orders."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from approvals.snapshot import names, values
from core.audit import sentences
from customers.models import PaymentTerms
from customers.queries import customer_names
from inventory.queries import product_names

sentences(
    order__drafted=_("began the order for %(customer)s"),
    order__header_saved=_("changed the order’s header"),
    order__lines_saved=_("changed %(count)s lines; total %(total)s %(currency)s"),
    order__document_attached=_("attached %(file)s"),
    order__mark_recorded=_("recorded the confirmation mark on %(file)s: %(mark)s, %(by)s, %(on)s"),
    order__submitted=_("submitted the order, %(total)s %(currency)s"),
    order__standardised=_("made it the internal standard order"),
    order__returned=_("returned the order to the rep"),
    order__withdrawn=_("took the order back"),
    order__approved=_("gave the last approval: %(total)s %(currency)s"),
    order__refused=_("refused, and the order went back"),
    order__confirmation_sent=_("sent confirmation %(version)s to %(to)s"),
    order__released=_("released the order: %(stock)s lines from stock, %(made)s to production"),
    order__cancelled=_("cancelled the order"),
)
notices(
    order_submitted=_("Order %(order)s of %(customer)s is to be standardised."),
    order_returned=_("Order %(order)s of %(customer)s came back to be mended: %(reason)s"),
    order_approved=_("Order %(order)s of %(customer)s is approved."),
    order_released=_("Order %(order)s of %(customer)s is released."),
    order_cancelled=_("Order %(order)s of %(customer)s was cancelled: %(reason)s"),
    order_to_release=_("Order %(order)s of %(customer)s is approved and waits for its release."),
)
values(payment_terms=dict(PaymentTerms.choices))
names(customer=customer_names, product=product_names)
