"""What the timeline and the inbox say of decisions."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from core.audit import sentences

sentences(
    step__support_approved=_("approved in business support review, round %(round)s"),
    step__support_refused=_("refused in business support review, round %(round)s"),
    step__finance_approved=_("approved in finance review, round %(round)s"),
    step__finance_refused=_("refused in finance review, round %(round)s"),
    step__manager_approved=_("approved as sales manager, round %(round)s"),
    step__manager_refused=_("refused as sales manager, round %(round)s"),
    step__head_approved=_("confirmed as sales head, round %(round)s"),
    step__head_refused=_("refused as sales head, round %(round)s"),
    step__general_approved=_("approved as general manager, round %(round)s"),
    step__general_refused=_("refused as general manager, round %(round)s"),
    step__escalated=_("told those above that the decision on %(subject)s waits since %(since)s"),
    authority__set=_("set the authority of %(subject)s from %(effective_from)s"),
)
notices(
    step_opened=_("%(title)s waits for your decision"),
    step_waits=_("%(title)s still waits for your decision, since %(since)s"),
    step_escalated=_("%(title)s waits too long for: %(step)s, since %(since)s"),
)
