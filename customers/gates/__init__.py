"""Rules of the customer's verbs. A customer has no states: each verb asks its rules by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import SimpleNamespace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.states import CaseState, StepState
from core.rules import Gate, rule
from core.showing import listed
from customers.gates.agreements import (
    agreements_are_sound,
    contract_number_is_new,
    end_changes_no_past,
    end_only_comes_earlier,
    low_price_has_a_reason,
    no_agreement_names_it,
    prices_are_within_own_authority,
    prices_do_not_wait_already,
    span_goes_forward,
    was_not_in_force_before_today,
)
from customers.open_papers import papers_open_with
from customers.states import ChangeState, ProposalState
from customers.tax_identity import what_is_wrong
from customers.terms import gaps, line_gaps

__all__ = [
    "agreements_are_sound",
    "contract_number_is_new",
    "end_changes_no_past",
    "end_only_comes_earlier",
    "low_price_has_a_reason",
    "no_agreement_names_it",
    "prices_are_within_own_authority",
    "prices_do_not_wait_already",
    "span_goes_forward",
    "was_not_in_force_before_today",
]
ADDRESSABLE = re.compile(r"[\w.\-]{1,20}")
TAKEN_BY_PAGES = frozenset(("classes", "lookup", "new"))
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
TERMS = ("payment_terms", "deposit_percent", "credit_days")
LINE = ("credit_line", "credit_limit")
CREDIT_FIELDS = frozenset(CREDIT_NAMES)
CHANGE_NAMES = CREDIT_NAMES | {"is_blocked": pgettext_lazy("customer", "blocked")}
DECIDERS = ("finance", "sales_manager", "general_manager")
ASKERS = ("sales_rep", "business_support", *DECIDERS)


@rule("R10.2", _("Your role does not open this step."))
def actor_may(permission: str, actor):
    if not (getattr(actor, "is_active", False) and (actor.is_system or actor.has_perm(permission))):
        return {}


@rule(
    "R3.2",
    _("Class, credit and payment terms change when finance and the sales manager say yes: %(fields)s."),
    opened_by=("finance", "sales_manager"),
)
def credit_changes_by_two(fields: Iterable[str], actor):
    changed = CREDIT_FIELDS & set(fields)
    if changed and not actor.is_system:
        named = [name for name in CREDIT_NAMES if name in changed]
        return {"fields": listed(CREDIT_NAMES[name] for name in named), "_field": named[0]}


@rule("R3.2", _("A change of class, credit, terms or block says why."))
def change_has_a_reason(reason: str):
    if not reason.strip():
        return {"_field": "reason"}


@rule("R3.2", _("Nothing would change."))
def something_changes(changes):
    if not changes:
        return {}


@rule("R3.2", _("Change %(number)s of this customer still waits for its decision."))
def no_other_change_waits(customer, kind: str):
    waiting = customer.changes.filter(kind=kind, state=ChangeState.OPEN).first()
    if waiting is not None:
        return {"number": waiting.number, "_since": waiting.created_at, "_opened_by": DECIDERS[:2]}


@rule("R3.2", _("A block is decided by finance and the sales manager; ask for it."), opened_by=("finance",))
def block_is_decided_by_two(actor):
    if not actor.is_system:
        return {}


@rule("R3.2", _("The %(field)s cannot be %(value)s."))
def values_are_in_range(values):
    limits = {"credit_limit": (0, 10**12), "deposit_percent": (0, 100), "credit_days": (0, 720)}
    wrong = [name for name, (least, most) in limits.items() if not least <= values.get(name, least) <= most]
    return [{"field": CREDIT_NAMES[name], "value": values[name], "_field": name} for name in wrong] or None


@rule("R3.2", _("The terms contradict themselves."))
def terms_make_sense(values, customer):
    """What would hold afterwards: of the terms, and of line and limit, where one of them changes."""
    names = (*TERMS, *LINE)
    after = SimpleNamespace(**{name: values.get(name, getattr(customer, name)) for name in names})
    found = [*gaps(after)] if set(TERMS) & set(values) else []
    if set(LINE) & set(values):
        found += line_gaps(after)
    return [{"_text": text, "_field": field} for field, text in found] or None


@rule("R5.7", _("The currency changes only while nothing is open in the credit account."))
def account_is_empty_for_another_currency(changes, account):
    if "currency" in changes and (account.total_exposure or account.received):
        return {"_field": "currency"}


@rule("R5.7", _("The currency changes only when nothing stands in the old one: %(papers)s."))
def nothing_stands_in_the_old_currency(changes, customer):
    """Orders and shipments until they are settled, quotations while they are valid."""
    papers = papers_open_with(customer) if "currency" in changes else []
    if papers:
        return {"papers": listed(papers), "_field": "currency"}


@rule("R3.2", _("You have decided on this change already; finance and the sales manager are two people."))
def second_yes_is_another_persons(change, people):
    """`people`: who would sign, and in whose office; a substitute is no second person (I13)."""
    said_yes = change.case.steps.filter(state=StepState.APPROVED) if change.case else None
    if said_yes is not None and said_yes.filter(_signed_by(people)).exists():
        return {"_opened_by": DECIDERS, "_not_for": tuple(people)}


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


@rule(
    "R3.1",
    _("A customer moves to another team together with its open orders: transfer it."),
    opened_by=("sales_manager", "general_manager"),
)
def team_moves_by_transfer(fields: Iterable[str], actor):
    if "team" in fields and not actor.is_system:
        return {"_field": "team"}


@rule(
    "R3.1",
    _("A customer is moved by the sales manager of either team, or by the general manager."),
    opened_by=("sales_manager", "general_manager"),
)
def actor_leads_either_team(customer, team, actor):
    leads = {customer.team.manager_id, team.manager_id}
    if actor.pk not in leads and not actor.is_system and "general_manager" not in actor.roles:
        return {}


@rule("R3.1", _("%(customer)s is %(owner)s's already."))
def transfer_moves_something(customer, team, owner):
    if customer.team_id == team.pk and customer.owner_id == owner.pk:
        return {"customer": customer, "owner": owner}


@rule("R3.1", _("A transfer says why."))
def transfer_has_a_reason(reason: str):
    if not reason.strip():
        return {"_field": "reason"}


@rule("R3.1", _("%(wrong)s"))
def tax_identity_is_sound(customer):
    wrong = what_is_wrong(customer.country, customer.tax_id)
    if wrong:
        return {"wrong": wrong, "_field": "tax_id"}


@rule("R3.1", _("One of the list is the usual one; ticked are: %(ticked)s."))
def one_is_usual(rows):
    ticked = [each.get("name") or each.get("text", "") for each in rows or () if each.get("is_default")]
    if len(ticked) > 1:
        return {"ticked": ", ".join(ticked)}


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


@rule(
    "R3.2",
    _("Meanwhile %(field)s is %(now)s, not %(old)s; withdraw this change and ask anew."),
    figures_for="customers.view_credit",
    masked=_("Meanwhile %(field)s is another than when this was asked; withdraw this change and ask anew."),
)
def old_values_still_stand(change):
    moved = change.customer.moved_since(change.changes)
    return [{"field": CHANGE_NAMES[name], "now": now, "old": old} for name, old, now in moved] or None


@rule("R3.2", _("%(who)s asked for this; only they take it back."))
def actor_asked_for_it(change, actor):
    if not actor.is_system and change.asked_by_id != actor.pk:
        return {"who": change.asked_by, "_people": (change.asked_by_id,)}


@rule("R3.3", _("The standard gives %(customer)s the class that it has."))
def another_class_is_proposed(proposal):
    if not proposal.differs:
        return {"customer": proposal.customer}


def _signed_by(people):
    return Q(decided_by__in=people) | Q(decided_for__in=people)


@rule("R3.3", _("Who leaves the class against the standard says why."))
def dismissal_has_a_reason(reason: str):
    if not reason.strip():
        return {"_field": "reason"}


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
