"""What the timeline and the inbox say of orders."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from approvals.snapshot import labels, names, values
from core.audit import sentences
from customers.models import PaymentTerms
from customers.queries import customer_names
from inventory.queries import product_names

sentences(
    order__drafted=_("began the order for %(customer)s"),
    order__imported=_("imported the order from %(file)s: %(count)s lines, %(total)s %(currency)s"),
    import__uploaded=_("brought the file %(file)s"),
    import__columns_named=_("said what the columns mean"),
    import__check_asked=_("had the file checked"),
    import__checked=_("Checked: %(lines)s lines, %(orders)s new orders, %(problems)s bad cells"),
    import__corrected=_("mended %(cells)s cells; rows left out: %(left)s; taken back: %(back)s"),
    import__taking_asked=_("had the file taken in"),
    import__failed=_("The work on the file ended: %(why)s"),
    import__taken=_("took in %(orders)s orders with %(lines)s lines from %(file)s"),
    import__discarded=_("discarded the file"),
    order__header_saved=_("changed the order’s header"),
    order__lines_saved=_("changed %(count)s lines; total %(total)s %(currency)s"),
    order__acknowledged=_("thanked the customer for the order, to %(to)s"),
    order__document_attached=_("attached %(file)s"),
    order__mark_recorded=_("recorded the confirmation mark on %(file)s: %(mark)s, %(by)s, %(on)s"),
    order__submitted=_("submitted the order, %(total)s %(currency)s"),
    order__standardised=_("made it the internal standard order"),
    order__returned=_("returned the order to the rep"),
    order__withdrawn=_("took the order back"),
    order__approved=_("gave the last approval: %(total)s %(currency)s"),
    order__reopened=_("opened the approved order again for changes"),
    order__credit_asked=_("found the exposure beyond what is covered by now: asked for “%(step)s”"),
    order__refused=_("refused, and the order went back"),
    order__confirmation_sent=_("sent confirmation %(version)s to %(to)s"),
    order__confirmation_handed_over=_("handed confirmation %(version)s over on paper"),
    order__confirmation_stuck=_("the mail with the confirmation to %(to)s could not be delivered"),
    order__promise_regained=_("the answer is of %(on)s: the promised dates move back by %(count)s days"),
    order__document_removed=_("took %(file)s off the order"),
    order__duplicates_ruled_out=_("looked at %(orders)s: not a duplicate"),
    order__clock_breached=_("The clock of the order ran out at %(until)s; it was submitted at %(since)s"),
    order__memo_linked=_("The order rests on memo %(memo)s"),
    memo__taken=_("took the memo of %(caller)s"),
    memo__saved=_("changed the memo"),
    memo__drafted=_("made it order %(order)s"),
    memo__closed=_("closed the memo"),
    order__technical_signed=_("signed for technical: line %(lines)s"),
    order__dates_promised=_("promised the day of finish in writing: line %(lines)s"),
    order__promise_asked=_("asked production for the dates of what is to be made"),
    sample__opened=_("opened a sample, since the process changes: line %(lines)s"),
    sample__passed=_("passed the sample of line %(line)s"),
    sample__failed=_("failed the sample of line %(line)s"),
    order__confirmation_back=_("the customer confirmed version %(version)s: %(by)s, %(mark)s, %(on)s"),
    order__confirmation_disputed=_("the customer says that version %(version)s is not right: %(by)s"),
    order__promise_slipped=_("no confirmation by %(on)s: the promised dates move by one day"),
    order__standard_edited=_("put %(count)s lines into our terms; total %(total)s %(currency)s"),
    order__standard_objected=_("objected to what business support made of the order"),
    order__question_asked=_("asked: %(question)s"),
    order__question_answered=_("answered “%(question)s”: %(answer)s"),
    order__question_withdrawn=_("took the question back: %(question)s"),
    order__resumed=_("what was standardised is unchanged; the review goes on"),
    order__released=_("released the order: %(stock)s lines from stock, %(made)s to production"),
    order__cancelled=_("cancelled the order"),
    order__drafted_from_quotation=_("took over quotation %(quotation)s, %(total)s %(currency)s"),
    quotation__drafted=_("began the quotation for %(customer)s"),
    quotation__saved=_("changed the quotation; total %(total)s %(currency)s"),
    quotation__sent=_("sent the quotation to %(to)s, %(total)s %(currency)s, valid until %(until)s"),
    quotation__sent_again=_("sent the quotation again, to %(to)s"),
    quotation__given_back=_(
        "order %(order)s was cancelled before its approval: its prices are offered again"
    ),
    quotation__revised=_("began %(now)s after %(before)s"),
    quotation__ordered=_("made order %(order)s of it"),
    quotation__lost=_("marked it as lost"),
    quotation__expiring_told=_("told %(person)s that it expires on %(until)s"),
    quotation__expired_told=_("told %(person)s that it expired on %(until)s"),
    memo__quotation_ordered=_("quotation %(quotation)s became order %(order)s"),
)
notices(
    quotation_expiring=_("Quotation %(quotation)s to %(customer)s is valid until %(until)s only."),
    quotation_expired=_(
        "Quotation %(quotation)s to %(customer)s expired on %(until)s; no answer is recorded."
    ),
    sample_opened=_("Order %(order)s of %(customer)s: %(lines)s lines need a sample first."),
    sample_passed=_("Order %(order)s of %(customer)s: the sample of line %(line)s passed."),
    order_promised_late=_(
        "Order %(order)s of %(customer)s: production promises %(lines)s lines up to %(days)s days late."
    ),
    promise_asked=_("Order %(order)s of %(customer)s waits for production's dates before its release."),
    dates_promised=_("Order %(order)s of %(customer)s: production promised its dates in writing."),
    import_checked=_("%(file)s was checked: %(orders)s new orders, %(problems)s bad cells."),
    import_failed=_("%(file)s was not read to its end: %(why)s"),
    import_taken=_("%(orders)s orders were taken in from %(file)s."),
    order_submitted=_("Order %(order)s of %(customer)s is to be standardised."),
    order_standard_differs=_(
        "Business support changed order %(order)s of %(customer)s in standardising it: %(count)s differences."
    ),
    order_standard_objected=_("The rep objects to the standard order %(order)s of %(customer)s: %(reason)s"),
    order_question_asked=_("Order %(order)s of %(customer)s: business support asks: %(question)s"),
    order_question_answered=_("Order %(order)s of %(customer)s: “%(question)s” is answered: %(answer)s"),
    confirmation_back=_("%(customer)s confirmed order %(order)s: %(by)s."),
    confirmation_disputed=_("%(customer)s says that order %(order)s is not right (%(by)s): %(words)s"),
    confirmation_stuck=_(
        "Order %(order)s of %(customer)s: the confirmation to %(to)s cannot be delivered; check the address."
    ),
    promise_slipped=_(
        "Order %(order)s of %(customer)s is not confirmed; its promised dates moved by %(days)s days so far."
    ),
    order_returned=_("Order %(order)s of %(customer)s came back to be mended: %(reason)s"),
    order_reopened=_("Approved order %(order)s of %(customer)s is open for changes again: %(reason)s"),
    order_approved=_("Order %(order)s of %(customer)s is approved."),
    order_released=_("Order %(order)s of %(customer)s is released."),
    order_cancelled=_("Order %(order)s of %(customer)s was cancelled: %(reason)s"),
    clock_warns=_("Order %(order)s of %(customer)s is to be released or refused by %(until)s."),
    clock_breached=_("Order %(order)s of %(customer)s is past its clock since %(until)s."),
    order_received=_("We have received your order %(order)s. Thank you."),
    order_to_release=_("Order %(order)s of %(customer)s is approved and waits for its release."),
)
labels(customer_words=_("The customer’s words"), packaging=_("Packaging"), tolerance=_("Tolerance"))
values(payment_terms=dict(PaymentTerms.choices), agreed_payment_terms=dict(PaymentTerms.choices))
names(customer=customer_names, product=product_names)
