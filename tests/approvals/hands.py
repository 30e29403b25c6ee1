"""How the machine does what people do, and looks at what has come of it (test_machine.py)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, invariant

from accounts.models import User
from approvals.digests import covered_digests, signature_of
from approvals.models import Case, Step
from core import invariants
from core.audit import broken_links
from core.memo import forget_all
from core.models import Event
from core.rules import Blocked, Stale
from orders import actions
from orders.content import aspects
from orders.models import SalesOrder
from tests import orders_world as desk
from tests.approvals.machine import APPROVED, LIST_PRICE, OPEN, REFUSED, Account, Paper
from tests.world import World

MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)  # nine o'clock in Shanghai
HELD = ("I5", "I7", "I8", "I9", "I13", "I14", "I17")
ROLES = {
    "rep": {"sales_rep"},
    "support": {"business_support"},
    "support2": {"business_support"},
    "lead": {"business_support", "support_lead"},
    "finance": {"finance"},
    "finance2": {"finance"},
    "manager": {"sales_manager"},
    "manager2": {"sales_manager"},
    "head": {"sales_head"},
    "gm": {"general_manager"},
    "jack": {"sales_rep", "finance", "sales_manager", "business_support"},
}
QUANTITIES = (Decimal(10), Decimal(100), Decimal(6000))


class Hands(RuleBasedStateMachine):
    """Eleven people, three orders, and all that they can do to them."""

    world: World
    orders: list[SalesOrder]
    clock: time_machine.Coordinates
    done = 0
    succeeded: dict[str, int] = {}

    def __init__(self):
        super().__init__()
        self.clock.move_to(MONDAY)
        self.savepoint = transaction.savepoint()
        forget_all()
        self.account = Account(ROLES, "manager")
        self.papers = [self._paper(place) for place in range(3)]
        self.names = {self.world.people[name].pk: name for name in ROLES}
        self.events = [each.last for each in (self._told(order) for order in self.orders)]
        self.seen = [self._picture(place) for place in range(3)]
        self.touched = {0, 1, 2}
        self.escalated: set[int] = set()
        type(self).done -= 1  # the first look comes before the first step

    def teardown(self):
        try:
            assert list(broken_links()) == []
            assert invariants.broken() == {}
        finally:
            transaction.savepoint_rollback(self.savepoint)
            forget_all()

    # What holds after each of them

    @invariant()
    def everything_holds(self):
        type(self).done += 1
        assert invariants.broken(HELD) == {}
        for place in sorted(self.touched):
            self._agrees(place)
        self.touched.clear()
        self.clock.shift(timedelta(seconds=1))

    def _agrees(self, place):
        """The order is as the account has it, and every yes that counts covers what is there now (I5)."""
        paper, order = self.papers[place], desk.again(self.orders[place])
        assert order.state == paper.state
        if order.case is None:
            return
        rows = order.case.steps.filter(round=order.case.round).exclude(state="void").select_related("case")
        steps = {each.kind: each for each in rows}
        if order.state in ("in_review", "approved"):
            found = {
                kind: (each.state, self.names.get(each.decided_by_id), self.names.get(each.decided_for_id))
                for kind, each in steps.items()
            }
            assert found == {
                kind: (mark.state, mark.by, mark.on_behalf) for kind, mark in paper.steps.items()
            }
            now = aspects(order)
            for kind, step in steps.items():
                if step.state == APPROVED:
                    assert step.digests == covered_digests(kind, now), kind
                    assert step.signed_digest == signature_of(kind, now, order.case.digest), kind
                    assert paper.steps[kind].about == paper.about(kind), kind
            assert order.case.state == ("open" if order.state == "in_review" else "approved")

    # How it is done

    def _try(self, name, place, verb, *, may=None):
        """Do it; answers whether it was done. What was refused must have changed nothing (I8)."""
        forget_all()
        refusal = None
        try:
            verb()
        except (Blocked, Stale) as refused:
            refusal = refused
        if refusal is not None:
            assert may is not True, f"{name} of {self.papers[place]} was refused: {refusal}"
            assert self._picture(place) == self.seen[place]
            return False
        self.touched.add(place)
        assert may is not False, f"{name} of {self.papers[place]} passed"
        self.seen[place] = self._picture(place)
        self._count(name)
        return True

    def _do(self, name, place, verb, who, *, may):
        return self._try(name, place, lambda: verb(self.orders[place], actor=self._person(who)), may=may)

    def _decide(self, place, kind, who, *, approve):
        paper, step, now = self.papers[place], self._step(place, kind), self._now()
        if step is None:
            return
        offices = self.account.offices(paper, kind, who, now)
        mark = paper.steps.get(kind)
        digest = Case.objects.values_list("digest", flat=True).get(pk=step.case_id)
        own = who in offices and (kind != "manager" or mark.handed != who or "by name" in mark.granted)
        may = True if own else None if offices else False
        lender = min(offices, key=lambda each: self.world.people[each].pk, default=who)
        if approve and self.account.leaves_nobody(paper, kind, {who, who if who in offices else lender}):
            may = False

        def decided():
            return actions.decide_order(
                self.orders[place],
                step_id=step.pk,
                approve=approve,
                reason="seen",
                digest=digest,
                actor=self._person(who),
            )

        if not self._try("approve" if approve else "refuse", place, decided, may=may):
            return
        given = Step.objects.get(pk=step.pk)
        office = self.names.get(given.decided_for_id, who)
        assert office in offices, f"{kind} decided by {who} for {office}, of {offices}"
        self._count("for another" if office != who else "for oneself")
        mark.state, mark.by, mark.on_behalf = (
            (APPROVED if approve else REFUSED),
            who,
            None if office == who else office,
        )
        mark.about = paper.about(kind)
        verbs = [f"step.{kind}_{mark.state}"]
        if approve:
            verbs += ["step.added"] if self.account.asks_more(paper, kind, who) else []
            self.account.go_on(paper)
            verbs += ["order.approved"] if paper.state == "approved" else []
        else:
            paper.state = "refused"
            self._void(paper)
            verbs.append("order.refused")
        self._expect(place, verbs)

    def _paper(self, place):
        """The first is a draft, the second under review, the third too and beyond the manager's authority."""
        usual = {"price": LIST_PRICE, "days": 30, "due": 14, "phone": "0512-1"}
        paper = Paper(self.orders[place].number, {**usual, "quantity": QUANTITIES[place]})
        if place:
            paper.submitted, paper.standardiser, paper.standard = "rep", "support", QUANTITIES[place]
            self._reviewed(paper)
        return paper

    def _reviewed(self, paper):
        """The round that begins, and what the audit says of it."""
        paper.state = "in_review"
        return ["case.carried"] if self.account.open_round(paper) else []

    def _approved_at_once(self, paper, verbs):
        return [*verbs, "order.approved"] if paper.state == "approved" else verbs

    def _void(self, paper):
        paper.steps = {kind: mark for kind, mark in paper.steps.items() if mark.state in (APPROVED, REFUSED)}

    def _able(self, place, pick):
        """One of the open steps, and who may decide it."""
        paper, now = self.papers[place], self._now()
        marks = [name for name, mark in paper.steps.items() if mark.state == OPEN] or ["finance"]
        kind = marks[pick % len(marks)]
        return kind, [each for each in sorted(ROLES) if self.account.offices(paper, kind, each, now)]

    def _standing_in(self, place, kind, able):
        paper, now = self.papers[place], self._now()
        return [each for each in able if each not in self.account.offices(paper, kind, each, now)]

    def _somebody_is_away(self):
        return len(self.account.active) < len(ROLES) or self.account.roles != ROLES

    def _enters(self, who):
        held = self.account.roles[who]
        return who in self.account.active and bool(held & {"sales_rep", "business_support"})

    def _supports(self, who):
        return who in self.account.active and "business_support" in self.account.roles[who]

    def _person(self, name):
        """Read anew, as a request would."""
        return User.objects.get(pk=self.world.people[name].pk)

    def _step(self, place, kind):
        """The step of that kind in the last round, decided or not."""
        found = Step.objects.filter(case__reference=self.papers[place].number, kind=kind)
        return found.order_by("-round", "-pk").first()

    def _expect(self, place, verbs):
        """I8: exactly these events were written, no more."""
        told = self._told(self.orders[place])
        new = told.since(self.events[place])
        assert sorted(new) == sorted(verbs)
        self.events[place] = told.last

    def _told(self, order):
        return Told(order.thread)

    def _picture(self, place):
        """All that a refused verb must leave as it was."""
        order = self.orders[place]
        told = SalesOrder.objects.filter(pk=order.pk).values(
            "state", "version", "edited_by", "case__state", "case__round"
        )
        steps = Step.objects.filter(case__reference=order.number).order_by("pk")
        return (
            told.get(),
            list(steps.values_list("pk", "state", "decided_by", "decided_for", "handed_to", "version")),
        )

    def _now(self):
        return timezone.now()

    def _count(self, name):
        type(self).succeeded[name] = type(self).succeeded.get(name, 0) + 1


class Told:
    """The events of one thread."""

    def __init__(self, thread):
        self.rows = list(Event.objects.filter(thread=thread).order_by("seq").values_list("seq", "verb"))

    @property
    def last(self):
        return self.rows[-1][0]

    def since(self, seq):
        return [verb for place, verb in self.rows if place > seq]
