"""What the timeline and the inbox say of products, stock and production."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from core.audit import secrets, sentences

secrets("product", "inventory.view_cost", "cost")
sentences(
    product__created=_("added the product %(subject)s"),
    product__updated=_("changed the product %(subject)s"),
    product__substituted=_("changed what may stand in for %(subject)s"),
    product__priced=_("set the price in “%(price_list)s” to %(currency)s %(price)s"),
    warehouse__added=_("added the warehouse %(subject)s"),
    warehouse__changed=_("changed the warehouse %(subject)s"),
    category__added=_("added the product category %(subject)s"),
    category__changed=_("changed the product category %(subject)s"),
    price_list__added=_("added the price list %(subject)s"),
    price_list__changed=_("changed the price list %(subject)s"),
    stock__received=_(
        "received %(quantity)s %(unit)s into %(warehouse)s by %(document)s; on hand: %(balance)s"
    ),
    stock__corrected=_(
        "wrote a counter-entry of %(quantity)s %(unit)s in %(warehouse)s by %(document)s; "
        "on hand: %(balance)s"
    ),
    stock__reserved=_("reserved from stock: %(what)s"),
    stock__freed=_("gave reserved stock free: %(what)s"),
    stock__overdue_told=_(
        "%(quantity)s %(unit)s of %(product)s lie finished %(days)s days past the due date %(due)s: "
        "the sales rep is told"
    ),
    stock__abnormal_told=_(
        "%(quantity)s %(unit)s of %(product)s lie finished %(days)s days past the due date %(due)s: "
        "abnormal stock, the sales manager is told"
    ),
    production__issued=_(
        "issued production order %(subject)s: %(quantity)s %(unit)s of %(product)s by %(due)s"
    ),
    production__accepted=_("accepted production order %(subject)s and promised the finish on %(promised)s"),
    production__reported=_("reported %(quantity)s %(unit)s made on %(subject)s; still to make: %(owed)s"),
    production__inspected=_(
        "inspected %(subject)s: %(passed)s %(unit)s passed into finished stock, %(rejected)s sent back"
    ),
)
notices(
    production_issued=_("%(number)s: make %(quantity)s %(unit)s of %(product)s by %(due)s for %(reference)s"),
    production_issued_several=_(
        "%(number)s and %(others)s more: make %(quantity)s %(unit)s of %(product)s by %(due)s "
        "and the rest for %(reference)s"
    ),
    production_accepted=_("Production promises %(product)s for %(reference)s on %(promised)s (due %(due)s)"),
    production_made=_("%(number)s: %(quantity)s %(unit)s of %(product)s wait for inspection"),
    production_passed=_("%(quantity)s %(unit)s of %(product)s for %(reference)s passed quality"),
    production_sent_back=_("%(number)s: quality sent back %(quantity)s %(unit)s of %(product)s: %(reason)s"),
    stock_overdue=_(
        "Overdue finished stock: %(quantity)s %(unit)s of %(product)s for %(reference)s, "
        "%(days)s days past the due date %(due)s"
    ),
    stock_abnormal=_(
        "Abnormal stock: %(quantity)s %(unit)s of %(product)s for %(reference)s, "
        "%(days)s days past the due date %(due)s"
    ),
)
