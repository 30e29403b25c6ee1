"""What the timeline says of the ground floor's verbs."""

from django.utils.translation import gettext_lazy as _

from core.audit import sentences

sentences(
    parameter__changed=_("set %(subject)s from “%(was)s” to “%(becomes)s”, beginning %(begins)s"),
    calendar__day_changed=_("changed the calendar on %(subject)s"),
    calendar__seeded=_("took %(days)s official days of %(year)s into the calendar"),
    rate__set=_("set the rate of %(code)s from %(day)s to %(rate)s %(base)s"),
    outbox__requeued=_("sent the parked message %(subject)s on its way again"),
)
