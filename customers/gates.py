"""Rules of the customer's verbs. A customer has no states: each verb asks its rules by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.rules import rule
from core.showing import listed

ADDRESSABLE = re.compile(r"[\w.\-]{1,20}")
TAKEN_BY_PAGES = frozenset(("lookup", "new"))
CREDIT_NAMES = {
    "klass": pgettext_lazy("customer", "class"),
    "credit_line": _("has a credit line"),
    "credit_limit": _("credit limit"),
    "currency": _("currency"),
    "payment_terms": _("payment terms"),
    "deposit_percent": _("deposit, %"),
    "credit_days": _("credit days"),
}
CREDIT_FIELDS = frozenset(CREDIT_NAMES)


@rule("R10.2", _("Your role does not open this step."))
def actor_may(permission: str, actor):
    if not (getattr(actor, "is_active", False) and (actor.is_system or actor.has_perm(permission))):
        return {}


@rule(
    "R3.2",
    _("Class, credit and payment terms are changed by finance and the sales manager: %(fields)s."),
    opened_by=("finance", "sales_manager"),
)
def actor_may_change_credit(fields: Iterable[str], actor):
    changed = CREDIT_FIELDS & set(fields)
    if changed and actor_may.broken("customers.change_credit", actor):
        named = [name for name in CREDIT_NAMES if name in changed]
        return {"fields": listed(CREDIT_NAMES[name] for name in named), "_field": named[0]}


@rule("R3.2", _("A change of class, credit or payment terms says why."))
def credit_change_has_a_reason(fields: Iterable[str], reason: str):
    if CREDIT_FIELDS & set(fields) and not reason.strip():
        return {"_field": "reason"}


@rule("R3.2", _("Blocking and unblocking a customer says why."))
def block_has_a_reason(reason: str):
    if not reason.strip():
        return {"_field": "reason"}


@rule("R3.1", _("%(customer)s is blocked already: %(why)s"), opened_by=("finance", "general_manager"))
def customer_is_not_blocked(customer):
    if customer.is_blocked:
        return {"customer": customer, "why": customer.block_reason, "_since": customer.blocked_at}


@rule("R3.1", _("%(customer)s is not blocked."))
def customer_is_blocked(customer):
    if not customer.is_blocked:
        return {"customer": customer}


@rule("R3.1", _("A customer code is made of letters, figures, points and dashes: “%(code)s” is not."))
def code_can_stand_in_an_address(code: str):
    if not ADDRESSABLE.fullmatch(code) or code in TAKEN_BY_PAGES:
        return {"code": code, "_field": "code"}


@rule("R3.1", _("The sales rep %(owner)s is not of the team %(team)s."), opened_by=("sales_manager",))
def owner_is_of_the_team(owner, team):
    if owner.team_id != team.pk and team.manager_id != owner.pk:
        return {"owner": owner, "team": team, "_field": "owner"}
