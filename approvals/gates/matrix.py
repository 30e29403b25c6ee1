"""Rules of the authority matrix (R2.2, R2.10)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from approvals.limits import binds
from core.rules import rule


@rule("R10.2", _("Your role does not open this step."), opened_by=("general_manager",))
def actor_sets_authority(_wish, actor):
    return None if actor.has_perm("approvals.change_authoritylimit") else {}


@rule("R2.10", _("Nobody sets their own authority, and these limits would bind you too."))
def authority_is_anothers(wish, actor):
    if binds(wish, actor):
        return {"_field": "person" if wish.person_id is not None else "role"}


@rule("R2.2", _("Limits are a person's or a role's, not both."))
def authority_is_a_persons_or_a_roles(wish, _actor):
    if wish.person_id is not None and wish.role:
        return {"_field": "role"}


@rule("R2.2", _("The last day lies before the first."))
def authority_has_a_span(wish, _actor):
    if wish.effective_until is not None and wish.effective_until < wish.effective_from:
        return {"_field": "effective_until"}


@rule("R10.1", _("Limits cannot begin in the past: what was decided then stays."))
def authority_begins_now_or_later(wish, _actor):
    if wish.effective_from < timezone.localdate():
        return {"_field": "effective_from"}


@rule("R10.1", _("Limits end today or later: what was decided until then stays."))
def authority_ends_now_or_later(wish, _actor):
    if wish.effective_until is None or wish.effective_until < timezone.localdate():
        return {"_field": "on"}


@rule("R10.1", _("These limits hold no more; look at what holds now."))
def authority_is_not_over(wish, _actor):
    if wish.replaced_at is not None or (wish.ended_on and wish.ended_on < timezone.localdate()):
        return {}


@rule("R10.1", _("Give the reason for the change."))
def authority_has_a_reason(wish, _actor):
    return None if wish.reason.strip() else {"_field": "reason"}


@rule(
    "R2.13", _("Somebody else set the same limits from %(day)s just now. Look at them before you set yours.")
)
def day_is_free(wish, _actor):
    return {"day": wish.effective_from, "_field": "effective_from"}


AUTHORITY = (
    actor_sets_authority,
    authority_is_anothers,
    authority_is_a_persons_or_a_roles,
    authority_has_a_span,
    authority_begins_now_or_later,
)
AUTHORITY_END = (
    actor_sets_authority,
    authority_is_anothers,
    authority_is_not_over,
    authority_ends_now_or_later,
    authority_has_a_span,
    authority_has_a_reason,
)
