"""Rules of standing in (R2.12)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rules import rule

LONGEST_DAYS = 180


@rule("R2.12", _("The substitution must end after it begins, and in the future."))
def span_lies_ahead(wish):
    if wish.ends_at <= wish.starts_at or wish.ends_at <= timezone.now():
        return {"_field": "ends_at"}


@rule("R2.12", _("A substitution lasts at most %(days)s days."))
def span_is_not_for_ever(wish):
    if (wish.ends_at - wish.starts_at).days > LONGEST_DAYS:
        return {"days": LONGEST_DAYS, "_field": "ends_at"}


@rule("R2.12", _("Name somebody else who decides on approvals; %(substitute)s does not."))
def substitute_may_decide(wish):
    if wish.substitute == wish.giver or not wish.substitute.has_perm("approvals.decide_step"):
        return {"substitute": wish.substitute, "_field": "substitute"}


@rule("R2.12", _("From %(starts)s until %(ends)s %(substitute)s stands in already; end that first."))
def span_is_free(wish):
    other = wish.giver.delegations_given.filter(
        revoked_at=None, starts_at__lt=wish.ends_at, ends_at__gt=wish.starts_at
    ).first()
    if other is not None:
        return {
            "substitute": other.substitute,
            "starts": f"{timezone.localtime(other.starts_at):%Y-%m-%d %H:%M}",
            "ends": f"{timezone.localtime(other.ends_at):%Y-%m-%d %H:%M}",
            "_field": "starts_at",
        }


@rule("R2.12", _("Only who decides on approvals can name a substitute."))
def giver_may_decide(wish):
    if not wish.giver.has_perm("approvals.decide_step"):
        return {}


@rule("R2.12", _("The amount up to which %(substitute)s decides must be above zero."))
def ceiling_is_an_amount(wish):
    if wish.ceiling is not None and wish.ceiling <= 0:
        return {"substitute": wish.substitute, "_field": "ceiling"}


DELEGATION = (
    giver_may_decide,
    span_lies_ahead,
    span_is_not_for_ever,
    substitute_may_decide,
    span_is_free,
    ceiling_is_an_amount,
)


@rule("R2.12", _("This substitution has ended already."))
def delegation_is_not_over(delegation):
    if delegation.revoked_at is not None or delegation.ends_at <= timezone.now():
        return {"_since": delegation.revoked_at or delegation.ends_at}
