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
    order__imported=_("imported the order from %(file)s: %(count)s lines, %(total)s %(currency)s"),
    import__uploaded=_("brought the file %(file)s"),
    import__taken=_("took in %(orders)s orders with %(lines)s lines from %(file)s"),
    import__discarded=_("discarded the file"),
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
    order__document_removed=_("took %(file)s off the order"),
    order__duplicates_ruled_out=_("looked at %(orders)s: not a duplicate"),
    order__clock_breached=_("The clock of the order ran out at %(until)s; it was submitted at %(since)s"),
    order__memo_linked=_("The order rests on memo %(memo)s"),
    memo__taken=_("took the memo of %(caller)s"),
    memo__saved=_("changed the memo"),
    memo__drafted=_("made it order %(order)s"),
    memo__closed=_("closed the memo"),
    order__released=_("released the order: %(stock)s lines from stock, %(made)s to production"),
    order__cancelled=_("cancelled the order"),
)
notices(
    import_taken=_("%(orders)s orders were taken in from %(file)s."),
    order_submitted=_("Order %(order)s of %(customer)s is to be standardised."),
    order_returned=_("Order %(order)s of %(customer)s came back to be mended: %(reason)s"),
    order_approved=_("Order %(order)s of %(customer)s is approved."),
    order_released=_("Order %(order)s of %(customer)s is released."),
    order_cancelled=_("Order %(order)s of %(customer)s was cancelled: %(reason)s"),
    clock_warns=_("Order %(order)s of %(customer)s is to be released or refused by %(until)s."),
    clock_breached=_("Order %(order)s of %(customer)s is past its clock since %(until)s."),
    order_received=_("We have received your order %(order)s. Thank you."),
    order_to_release=_("Order %(order)s of %(customer)s is approved and waits for its release."),
)
values(payment_terms=dict(PaymentTerms.choices))
names(customer=customer_names, product=product_names)
