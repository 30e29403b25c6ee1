"""The system proposes a class by the standard; people ask for it or leave it (R3.3)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.audit import record
from core.locks import lock
from core.rules import Blocked
from core.showing import filled
from core.transitions import bump_version
from customers import gates
from customers.actions.changes import ask_change
from customers.models import ClassProposal, Customer, CustomerChange
from customers.standard import Figures, class_by_standard, kept
from customers.states import ProposalState

MOVED = ("state", "state_since")


@transaction.atomic
def propose_class(customer: Customer, *, figures: Figures, on: date, actor: User) -> ClassProposal:
    """Hold the customer's figures against the standard: one proposal a month, renewed while it is undecided.

    A volume in another currency than the standard's proposes nothing: the class that it has stands.
    """
    customer = lock(Customer, customer.pk)
    proposed = class_by_standard(figures) if figures.is_comparable else customer.klass
    found = ClassProposal.objects.filter(customer=customer, month=on.replace(day=1)).first()
    if found is not None and found.state != ProposalState.OPEN:
        return found
    told = found is not None and (found.proposed, found.present) == (proposed, customer.klass)
    proposal = found or ClassProposal(customer=customer, month=on.replace(day=1))
    proposal.customer = customer
    proposal.proposed, proposal.present = proposed, customer.klass
    proposal.facts, proposal.made_on = kept(figures), on
    proposal.save()
    if proposal.differs and not told:
        facts = {"proposed": proposal.proposed, "present": proposal.present}
        record("class.proposed", thread=customer.thread, actor=actor, subject=customer.name, **facts)
    return proposal


@transaction.atomic
def ask_class(proposal: ClassProposal, *, actor: User) -> CustomerChange:
    """Ask finance and the sales manager for the proposed class, with its figures as the reason (R3.2)."""
    gates.ASK_CLASS.require(proposal, actor)
    change = ask_change(
        proposal.customer, changes={"klass": proposal.proposed}, reason=_words(proposal), actor=actor
    )
    proposal = lock(ClassProposal, proposal.pk, "customer")
    proposal.ask(actor=actor, change=change)
    bump_version(proposal)
    proposal.save(update_fields=[*MOVED, "change", "decided_by"])
    return change


@transaction.atomic
def dismiss_class(proposal: ClassProposal, *, reason: str, actor: User) -> ClassProposal:
    """Leave the class as it is, with the reason."""
    customer = lock(Customer, proposal.customer_id)
    proposal = lock(ClassProposal, proposal.pk, "customer")
    reasons = gates.DISMISS_CLASS.reasons(proposal, actor) + gates.dismissal_has_a_reason.broken(reason)
    if reasons:
        raise Blocked(reasons)
    proposal.dismiss(actor=actor, reason=reason)
    bump_version(proposal)
    proposal.save(update_fields=[*MOVED, "decided_by", "reason"])
    facts = {"proposed": proposal.proposed, "present": proposal.present}
    record(
        "class.dismissed", thread=customer.thread, actor=actor, subject=customer.name, reason=reason, **facts
    )
    return proposal


def _words(proposal: ClassProposal) -> str:
    text = _(
        "Class %(proposed)s by the standard: %(volume)s %(currency)s shipped in 12 months, "
        "paid %(delay)s days late on average, customer for %(years)s years."
    )
    return filled(text, {**proposal.facts, "proposed": proposal.proposed})
