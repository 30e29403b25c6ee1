"""Rules of the customer's verbs. A customer has no states: each verb asks its rules by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.states import CaseState
from core.rules import Gate, rule
from core.showing import listed
from customers.states import ChangeState, ProposalState

ADDRESSABLE = re.compile(r"[\w.\-]{1,20}")
TAKEN_BY_PAGES = frozenset(("lookup", "new"))
CREDIT_NAMES = {
    "klass": pgettext_lazy("customer", "class"),
    "credit_grade": _("credit grade"),
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
    if changed and actor_may.broken("customers.ask_change", actor):
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


@rule("R3.2", _("Not everybody has said yes: finance and the sales manager decide together."))
def both_have_said_yes(change):
    if change.case is None or change.case.state != CaseState.APPROVED:
        return {"_opened_by": ("finance", "sales_manager"), "_since": change.created_at}


@rule("R3.2", _("Nobody has refused this change."))
def one_has_said_no(change):
    if change.case is None or change.case.state != CaseState.REFUSED:
        return {}


@rule("R3.2", _("Meanwhile %(field)s is %(now)s, not %(old)s; withdraw this change and ask anew."))
def old_values_still_stand(change):
    moved = change.customer.moved_since(change.changes)
    return [{"field": CREDIT_NAMES.get(n, n), "now": now, "old": old} for n, old, now in moved] or None


@rule("R3.2", _("%(who)s asked for this; only they take it back."))
def actor_asked_for_it(change, actor):
    if not actor.is_system and change.asked_by_id != actor.pk:
        return {"who": change.asked_by, "_people": (change.asked_by_id,)}


@rule("R3.3", _("The standard gives %(customer)s the class that it has."))
def another_class_is_proposed(proposal):
    if not proposal.differs:
        return {"customer": proposal.customer}


DECIDERS = ("finance", "sales_manager", "general_manager")
ASKERS = ("sales_rep", "business_support", *DECIDERS)
APPLY_CHANGE = Gate(
    transition="apply",
    number="R3.2",
    permission="approvals.decide_step",
    states=(ChangeState.OPEN,),
    rules=(both_have_said_yes, old_values_still_stand),
    roles=DECIDERS,
    label=_("Put in force"),
)
REFUSE_CHANGE = Gate(
    transition="refuse",
    number="R3.2",
    permission="approvals.decide_step",
    states=(ChangeState.OPEN,),
    rules=(one_has_said_no,),
    roles=DECIDERS,
    label=_("Refuse"),
)
WITHDRAW_CHANGE = Gate(
    transition="withdraw",
    number="R3.2",
    permission="customers.ask_change",
    states=(ChangeState.OPEN,),
    people=(actor_asked_for_it,),
    roles=ASKERS,
    label=_("Withdraw"),
)
ASK_CLASS = Gate(
    transition="ask",
    number="R3.3",
    permission="customers.ask_change",
    states=(ProposalState.OPEN,),
    rules=(another_class_is_proposed,),
    roles=ASKERS,
    label=_("Ask for this class"),
)
DISMISS_CLASS = Gate(
    transition="dismiss",
    number="R3.3",
    permission="customers.ask_change",
    states=(ProposalState.OPEN,),
    rules=(another_class_is_proposed,),
    roles=ASKERS,
    label=_("Dismiss"),
)
