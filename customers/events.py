"""What the timeline says of customers."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.inbox import notices
from approvals.snapshot import labels, values
from approvals.triggers import triggers
from core.audit import secrets, sentences
from customers.gates import CHANGE_NAMES
from customers.models import PaymentTerms
from customers.states import ChangeKind

sentences(
    customer__created=_("added the customer %(subject)s as %(code)s"),
    customer__updated=_("changed the customer %(subject)s"),
    customer__portal_set=_("set who signs in for %(subject)s: %(people)s"),
    customer__blocked=_("blocked %(subject)s"),
    customer__unblocked=_("unblocked %(subject)s"),
    customer__change_asked=_("asked for change %(number)s of %(subject)s"),
    customer__change_applied=_("put change %(number)s of %(subject)s in force"),
    customer__change_refused=_("refused change %(number)s of %(subject)s"),
    customer__change_withdrawn=_("took change %(number)s of %(subject)s back"),
    customer__transferred=_("moved %(subject)s with %(orders)s open orders to another rep"),
    class__proposed=_("the standard proposes class %(proposed)s for %(subject)s instead of %(present)s"),
    class__dismissed=_("left %(subject)s in class %(present)s, against the standard's %(proposed)s"),
    contract__added=_("put contract %(number)s on file, from %(valid_from)s to %(valid_until)s"),
    contract__ended=_("set the end of contract %(what)s"),
    contract__removed=_("took contract %(number)s off the file"),
    agreement__added=_("agreed a price for %(product)s from %(quantity)s on, from %(since)s"),
    agreement__added_many=_("agreed %(count)s prices"),
    agreement__ended=_("set the end of the price agreed for %(what)s"),
    agreement__removed=_("took away the price agreed for %(product)s from %(quantity)s on, from %(since)s"),
    part_number__set=_("noted that the customer's number %(number)s means %(product)s"),
    part_number__set_many=_("noted what %(count)s of the customer's numbers mean"),
    part_number__removed=_("took away the customer's number %(number)s for %(product)s"),
)
secrets("customer", "customers.view_credit", "credit_line", "credit_limit")
secrets("customer", "customers.view_priceagreement", "price")
secrets("agreement", "customers.view_priceagreement", "price", "rows")
notices(
    customer_transferred=_("%(customer)s is now %(owner)s's, team %(team)s, with %(orders)s open orders."),
    customer_changed=_("Change %(change)s of %(customer)s is in force."),
    customer_change_refused=_("Change %(change)s of %(customer)s was refused: %(reason)s"),
)
triggers(
    customer_change=_("Class, credit, terms and block change when finance and the sales manager say yes."),
    price_agreed_low=_(
        "The agreed price of %(product)s is %(value)s %% below the list; who entered it agrees up to "
        "%(limit)s %% alone."
    ),
    price_agreed_unlisted=_("The list has no price for %(product)s to hold the agreed one against."),
    price_beyond_manager=_(
        "The agreed price of %(product)s is %(value)s %% below the list, beyond the sales manager's limit of "
        "%(limit)s %%."
    ),
)
labels(
    change_kind=_("Kind of change"),
    change_reason=_("Reason"),
    changes=_("Changes"),
    field=_("Field"),
    old=_("Now"),
    new=pgettext_lazy("change", "Asked for"),
    prices=_("Agreed prices"),
    min_quantity=_("From quantity"),
    valid_from=_("Valid from"),
    valid_until=_("Valid until"),
    contract=_("Contract"),
)
_WORDS = {"yes": _("yes"), "no": _("no"), **dict(PaymentTerms.choices)}
values(field=CHANGE_NAMES, change_kind=dict(ChangeKind.choices), old=_WORDS, new=_WORDS)
