"""What the timeline and the inbox say of people's own verbs."""

from django.utils.translation import gettext_lazy as _

from accounts.inbox import notices
from core.audit import sentences

sentences(
    sign_in__succeeded=_("signed in from %(address)s"),
    sign_in__failed=_("failed to sign in from %(address)s"),
    sign_in__ended=_("signed out"),
    delegation__given=_("named %(substitute)s as substitute from %(starts)s until %(ends)s"),
    delegation__revoked=_("ended the substitution by %(substitute)s"),
    person__opened=_("opened the account of %(subject)s"),
    person__changed=_("changed the account of %(subject)s"),
    team__changed=_("changed the team %(subject)s"),
    person__reminded=_("reminded %(people)s of %(about)s"),
)
notices(
    delegation_given=_("%(giver)s named you as substitute from %(starts)s until %(ends)s"),
    delegation_revoked=_("%(giver)s ended your substitution"),
    reminder=_("%(who)s reminds you: %(about)s"),
)
