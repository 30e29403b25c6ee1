"""Rules of the authority matrix (R2.2, R2.10)."""

from __future__ import annotations

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


AUTHORITY = (
    actor_sets_authority,
    authority_is_anothers,
    authority_is_a_persons_or_a_roles,
    authority_has_a_span,
)
