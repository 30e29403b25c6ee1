"""What the timeline and the inbox say of decisions."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from approvals.authority_actions import LIMITS
from core.audit import fields, secrets, sentences

fields(ceiling=_("covers exposure up to"), ceiling_until=_("covers until"))
secrets("step", "customers.view_credit", "ceiling")
secrets("authority", "approvals.view_authoritylimit", *LIMITS)
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
    step__technical_approved=_("confirmed as technical, round %(round)s"),
    step__technical_refused=_("said that it cannot be made, round %(round)s"),
    step__production_approved=_("promised the dates for production, round %(round)s"),
    step__production_refused=_("refused for production, round %(round)s"),
    step__joint_sales_approved=_("approved for sales in the joint review, round %(round)s"),
    step__joint_sales_refused=_("refused for sales in the joint review, round %(round)s"),
    step__joint_production_approved=_("approved for production in the joint review, round %(round)s"),
    step__joint_production_refused=_("refused for production in the joint review, round %(round)s"),
    step__joint_logistics_approved=_("approved for logistics in the joint review, round %(round)s"),
    step__joint_logistics_refused=_("refused for logistics in the joint review, round %(round)s"),
    step__joint_finance_approved=_("approved for finance in the joint review, round %(round)s"),
    step__joint_finance_refused=_("refused for finance in the joint review, round %(round)s"),
    step__joint_technical_approved=_("approved for technical in the joint review, round %(round)s"),
    step__joint_technical_refused=_("refused for technical in the joint review, round %(round)s"),
    step__taken_back=_("took the decision back: %(step)s, round %(round)s"),
    step__handed_over=_("handed the decision over to %(to)s: %(step)s, round %(round)s"),
    step__added=_("asked for one decision more, since authority has changed: %(step)s, round %(round)s"),
    step__given_back=_(
        "took the decision back from %(of)s, who no longer decides: %(step)s, round %(round)s"
    ),
    step__passed_on=_(
        "put the decision before those in place, since nobody else can decide: %(step)s, round %(round)s"
    ),
    case__carried=_("kept %(count)s decisions that the change does not touch, round %(round)s"),
    condition__set=_("said yes on the condition: %(condition)s"),
    condition__closed=_("reported as fulfilled: %(condition)s"),
    question__asked=_("asked %(of)s: %(question)s"),
    question__answered=_("answered “%(question)s”: %(answer)s"),
    step__escalated=_("told those above that the decision on %(subject)s waits since %(since)s"),
    authority__ended=_("ended the authority of %(subject)s after %(until)s"),
    authority__set=_("set the authority of %(subject)s from %(effective_from)s"),
)
notices(
    step_opened=_("%(title)s waits for your decision"),
    step_handed_over=_("%(who)s handed the decision on %(title)s over to you"),
    condition_set=_("%(title)s: a condition is to be fulfilled before release: %(condition)s"),
    question_asked=_("%(who)s asks about %(title)s"),
    question_answered=_("%(who)s answered your question about %(title)s"),
    step_waits=_("%(title)s still waits for your decision, since %(since)s"),
    step_escalated=_("%(title)s waits too long for: %(step)s, since %(since)s"),
)
