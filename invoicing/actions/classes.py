"""The month's proposals of customers' classes (R3.3): made by the sweep, and whenever somebody asks."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from accounts.queries import system_user
from core.rules import Blocked
from customers import gates
from customers.actions import propose_class
from customers.models import ClassProposal, Customer
from invoicing.standing import figures_of

BATCH = 200


def propose_classes(*, as_of: datetime) -> int:
    """Propose for customers that have none this month, so many a run; each once a month, whenever it runs."""
    today = timezone.localdate(as_of)
    this_month = ClassProposal.objects.filter(customer=OuterRef("pk"), month=today.replace(day=1))
    due = list(Customer.objects.filter(~Exists(this_month)).order_by("pk")[:BATCH])
    figures = figures_of(due, on=today)
    for each in due:
        propose_class(each, figures=figures[each.pk], on=today, actor=system_user())
    return len(due)


def propose_now(customer: Customer, *, actor: User) -> ClassProposal:
    """Hold one customer's figures of today against the standard. Raises Blocked without the right."""
    reasons = gates.actor_may.broken("customers.view_credit", actor)
    if reasons:
        raise Blocked(reasons)
    today = timezone.localdate()
    return propose_class(
        customer, figures=figures_of([customer], on=today)[customer.pk], on=today, actor=actor
    )
