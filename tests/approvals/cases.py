"""Cases for tests: an order-like thing handed over for decision."""

from decimal import Decimal

from accounts.models import Notice
from approvals.actions import decide_step, open_case
from approvals.authority import OrderFacts, plan_order
from approvals.models import Case, Step
from core.models import Event


def order_facts(world, amount="5000", **more):
    """Plain facts of a harmless order of team NORTH."""
    return OrderFacts(amount=Decimal(amount), currency="CNY", team_manager_id=world.north.manager_id, **more)


def opened(world, amount="5000", *, reference="HB-20261101-001", actor=None, plan=None, **more):
    """A case for the rep's order, handed over by business support."""
    fields = {
        "kind": "order",
        "reference": reference,
        "thread": f"order:{reference}",
        "link": f"/orders/{reference}/",
        "title": f"{reference} 远大机械 {amount} CNY",
        "team": world.north,
        "requester": world.rep,
        "amount": Decimal(amount),
        "currency": "CNY",
        "snapshot": {"number": reference, "total": amount},
        "plan": plan if plan is not None else plan_order(order_facts(world, amount)),
        "barred": [world.rep],
        "actor": actor or world.support,
    }
    return open_case(**{**fields, **more})


def step_of(case, kind):
    """The case's step of that kind in its present round."""
    return case.steps.get(round=case.round, kind=kind)


def decide(world, case, kind, who, *, approve=True, reason="", **more):
    """The person's decision on the case's step of that kind, on the content as it is."""
    fields = {"actor": world.people[who], "approve": approve, "reason": reason, "digest": case.digest}
    return decide_step(step_of(case, kind), **{**fields, **more})


def rules_of(refusal):
    """The rule numbers of a refusal, in order."""
    return [reason.rule for reason in refusal.value.reasons]


def frozen(case):
    """All that a refused decision must leave as it was."""
    steps = list(Step.objects.filter(case=case).order_by("pk").values())
    return (
        Case.objects.filter(pk=case.pk).values().get(),
        steps,
        Event.objects.count(),
        Notice.objects.count(),
    )
