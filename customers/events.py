"""What the timeline says of customers."""

from django.utils.translation import gettext_lazy as _

from core.audit import sentences

sentences(
    customer__created=_("added the customer %(subject)s as %(code)s"),
    customer__updated=_("changed the customer %(subject)s"),
    customer__portal_set=_("set who signs in for %(subject)s: %(people)s"),
    customer__blocked=_("blocked %(subject)s"),
    customer__unblocked=_("unblocked %(subject)s"),
)
