"""All that eleven people can do to three orders, as rules of the machine (test_machine.py)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.actions import give_delegation, revoke_delegation
from accounts.models import Delegation, User
from approvals.actions import hand_over_step, withdraw_decision
from approvals.authority_actions import set_authority
from approvals.handover import appoint_manager
from approvals.models import Step
from approvals.waiting import tell_waiting
from core.memo import forget_all
from core.models import Event
from core.rules import Blocked
from orders import actions
from tests.approvals.hands import ROLES, Hands
from tests.approvals.machine import APPROVED, OPEN, Lent, Mark

people = st.sampled_from(sorted(ROLES))
papers = st.integers(0, 2)
picks = st.integers(0, 11)
givers = st.sampled_from(
    ["support2", "finance", "finance", "manager", "manager", "head", "gm", "jack", "rep"]
)
kinds = st.sampled_from(["support", "finance", "manager", "general"])
asked = st.sampled_from(["rep", "rep", "jack", "jack", "support"])
mends = st.sampled_from(
    [
        *(("quantity", Decimal(each)) for each in (10, 100, 6000)),
        *(("price", Decimal(each)) for each in ("18.60", "17.00", "15.00")),
        *(("days", each) for each in (30, 45, 90)),
        *(("phone", each) for each in ("0512-1", "0512-2", "021-3")),
        *(("due", each) for each in (14, 21)),
    ]
)


class Desk(Hands):
    """Eleven people, three orders, and all that they can do to them."""

    # What people do to an order

    @rule(place=papers, pick=picks)
    def go_on(self, place, pick):
        """The next thing that is to be done with the order, by one who may."""
        paper = self.papers[place]
        if paper.state in ("draft", "refused"):
            self.submit(place, "rep")
        elif paper.state == "submitted":
            self.standardise(place, "support2" if "support" in {paper.edited, paper.submitted} else "support")
        elif paper.state == "in_review":
            kind, able = self._able(place, pick)
            able = pick % 3 == 0 and self._standing_in(place, kind, able) or able
            if able:
                self._decide(place, kind, able[pick % len(able)], approve=True)

    @rule(place=papers, pick=picks)
    def go_further(self, place, pick):
        self.go_on(place, pick)

    @rule(place=papers, pick=picks)
    def go_to_the_end(self, place, pick):
        self.go_on(place, pick)

    @rule(place=papers, who=asked, mend=mends)
    def think_again(self, place, who, mend):
        """Withdrawn, mended and submitted again: what is not touched still counts."""
        paper = self.papers[place]
        if paper.state in ("submitted", "in_review"):
            self.withdraw(place, paper.submitted)
        self.edit(place, who, mend)
        self.submit(place, who)

    @rule(place=papers, who=asked, mend=mends)
    def edit(self, place, who, mend):
        paper, (name, value) = self.papers[place], mend
        may = paper.state in ("draft", "refused") and self._enters(who)
        verb = "order.lines_saved" if name in ("quantity", "price") else "order.header_saved"
        verbs = [verb] if paper.content[name] != value else []
        due = self.orders[place].ordered_on + timedelta(days=value) if name == "due" else None

        def mended():
            actor, order = self._person(who), self.orders[place]
            if name in ("quantity", "price"):
                return actions.save_line(order, line_id=self.lines[place], actor=actor, **{name: value})
            if name == "due":
                return actions.save_line(order, line_id=self.lines[place], actor=actor, due_on=due)
            header = {"days": {"credit_days": value}, "phone": {"contact_phone": value}}[name]
            return actions.save_header(order, actor=actor, version=None, **header)

        if name == "due":
            verbs = ["order.lines_saved"] if verbs else []
        if self._try("edit", place, mended, may=may) and verbs:
            paper.content[name], paper.edited = value, who
            self._expect(place, verbs)

    @rule(place=papers, who=asked)
    def submit(self, place, who):
        paper = self.papers[place]
        may = paper.state in ("draft", "refused") and self._enters(who)
        if not self._try(
            "submit",
            place,
            lambda: actions.submit_order(self.orders[place], actor=self._person(who)),
            may=may,
        ):
            return
        paper.submitted, paper.state, verbs = who, "submitted", ["order.submitted"]
        if paper.standard is not None and paper.standard == paper.content["quantity"]:
            verbs += [*self._reviewed(paper), "order.resumed"]
            verbs = self._approved_at_once(paper, verbs)
        self._expect(place, verbs)

    @rule(place=papers, who=st.sampled_from(["support", "support", "support2", "jack", "gm"]))
    def standardise(self, place, who):
        paper = self.papers[place]
        entered = {paper.entered, paper.edited, paper.submitted}
        may = paper.state == "submitted" and self._supports(who) and who not in entered
        if self._try(
            "standardise",
            place,
            lambda: actions.standardise_order(self.orders[place], actor=self._person(who)),
            may=may,
        ):
            paper.standardiser, paper.standard = who, paper.content["quantity"]
            verbs = [*self._reviewed(paper), "order.standardised"]
            self._expect(place, self._approved_at_once(paper, verbs))

    @rule(place=papers, who=asked)
    def withdraw(self, place, who):
        paper = self.papers[place]
        theirs = {"rep", paper.entered, paper.submitted}
        may = paper.state in ("submitted", "in_review") and who in theirs and self._enters(who)
        if self._try(
            "withdraw",
            place,
            lambda: actions.withdraw_order(self.orders[place], actor=self._person(who)),
            may=may,
        ):
            paper.state = "draft"
            self._void(paper)
            self._expect(place, ["order.withdrawn"])

    # What people decide

    @rule(place=papers, kind=kinds, who=people, approve=st.booleans())
    def decide_anyhow(self, place, kind, who, approve):
        """By whoever comes, whether or not they may."""
        self._decide(place, kind, who, approve=approve)

    @rule(place=papers, pick=picks)
    def refuse(self, place, pick):
        kind, able = self._able(place, pick)
        if able:
            self._decide(place, kind, able[pick % len(able)], approve=False)

    @rule(place=papers, pick=picks, to=people, approve=st.sampled_from([True, True, False]))
    def decide_for_another(self, place, pick, to, approve):
        """By one who stands in; where there is none, who holds it names somebody."""
        kind, able = self._able(place, pick)
        if able and not self._standing_in(place, kind, able):
            self.delegate(able[pick % len(able)], to, 30, set(), None)
            able = self._able(place, pick)[1]
        lent = self._standing_in(place, kind, able)
        if lent:
            self._decide(place, kind, lent[pick % len(lent)], approve=approve)

    @rule(place=papers, pick=picks)
    def decide_on_ones_own(self, place, pick):
        """R2.10: who entered, edited, asked or prepared."""
        kind, _able = self._able(place, pick)
        barred = sorted(self.papers[place].barred_from(kind))
        for who in barred if self.papers[place].state == "in_review" else ():
            self._decide(place, kind, who, approve=True)

    @rule(place=st.sampled_from([1, 2, 2]), steps=st.integers(1, 4))
    def decide_on_two_levels(self, place, steps):
        """R2.10: the manager's yes is given, and the general manager lends the same person the next one."""
        paper = self.papers[place]
        for _each in range(steps):
            self.go_on(place, 1)
        first, second = paper.steps.get("manager"), paper.steps.get("general")
        if first and second and first.state == APPROVED and second.state == OPEN:
            self.delegate("gm", first.by, 30, set(), None)
            self._decide(place, "general", first.by, approve=True)

    @rule(place=papers, pick=picks)
    def decide_after_the_end(self, place, pick):
        """I14: who stood in does so no more."""
        ended = [each for each in self.account.lent if each.revoked]
        kind, able = self._able(place, pick)
        if able and not ended:
            self.delegate(able[0], "rep" if able[0] == "manager2" else "manager2", 30, set(), None)
            self.revoke(0)
        for lent in ended[-2:]:
            self._decide(place, kind, lent.substitute, approve=True)

    @rule(place=papers, kind=kinds, who=people)
    def decide_on_an_old_page(self, place, kind, who):
        """R2.13: what was shown is not what is there."""
        step = self._step(place, kind)
        if step is not None:
            self._try(
                "decide",
                place,
                lambda: actions.decide_order(
                    self.orders[place], step_id=step.pk, approve=True, digest="old", actor=self._person(who)
                ),
                may=False,
            )

    @rule(place=papers, pick=picks)
    def decide_and_take_back(self, place, pick):
        """While another step of the same turn waits, the next has not begun."""
        self.go_on(place, pick)
        self.take_back(place, "finance", "finance", True)

    @rule(place=papers, kind=kinds, who=people, own=st.booleans())
    def take_back(self, place, kind, who, own):
        paper = self.papers[place]
        given = [(name, mark.by) for name, mark in paper.steps.items() if mark.state == APPROVED]
        if own:
            given = [pair for pair in given if self.account.takes_back(paper, *pair)]
        kind, who = given[0] if own and given else (kind, who)
        step = self._step(place, kind)
        if step is None:
            return
        may = self.account.takes_back(paper, kind, who)
        if self._try(
            "take_back",
            place,
            lambda: withdraw_decision(step, reason="too early", actor=self._person(who)),
            may=may,
        ):
            paper.steps[kind] = Mark(OPEN, calls=paper.steps[kind].calls)
            paper.steps[kind].granted = self.account.granted(paper, kind)
            self._expect(place, ["step.taken_back"])

    @rule(place=papers, pick=picks, who=people, to=people)
    def hand_over(self, place, pick, who, to):
        paper, (kind, able) = self.papers[place], self._able(place, pick)
        step = self._step(place, kind)
        if step is None:
            return
        if able and pick < 8:
            who = able[pick % len(able)]
            fit = [each for each in sorted(ROLES) if self.account.receives(paper, kind, each)] or [to]
            to = fit[pick % len(fit)]
        verb = lambda: hand_over_step(step, to=self._person(to), reason="away", actor=self._person(who))  # noqa: E731
        if self._try("hand_over", place, verb):
            assert self.account.receives(paper, kind, to), f"{kind} handed to {to}"
            assert who not in paper.barred_from(kind), f"{kind} handed over by {who}"
            paper.steps[kind].handed = to
            self._expect(place, ["step.handed_over"])

    # What people lend and lose

    @rule(
        giver=givers,
        to=people,
        hours=st.sampled_from([3, 30, 300]),
        only=st.sets(kinds, max_size=2),
        ceiling=st.sampled_from([None, None, Decimal(1000)]),
    )
    def delegate(self, giver, to, hours, only, ceiling):
        now = self._now()
        span = {"starts_at": now, "ends_at": now + timedelta(hours=hours)}
        try:
            given = give_delegation(
                actor=self._person(giver),
                substitute=self._person(to),
                kinds=only,
                ceiling=ceiling,
                reason="away",
                **span,
            )
        except Blocked:
            return
        assert giver != to
        assert self.account.decides_at_all(giver)
        assert self.account.decides_at_all(to)
        self._count("delegate")
        self.account.lent.append(
            Lent(giver, to, now, now + timedelta(hours=hours), tuple(only), ceiling, given.pk)
        )

    @rule(pick=st.integers(0, 20))
    def revoke(self, pick):
        live = [each for each in self.account.lent if not each.revoked and each.ends > self._now()]
        if live:
            lent = live[pick % len(live)]
            revoke_delegation(Delegation.objects.get(pk=lent.pk), actor=self._person(lent.giver))
            lent.revoked = True
            self._count("revoke")

    @rule(who=people)
    def lose_a_role(self, who):
        held = sorted(self.account.roles[who])
        if held and not self._somebody_is_away():
            self.account.roles[who].discard(held[0])
            self._person(who).groups.remove(Group.objects.get(name=held[0]))

    @rule(who=people)
    def leave(self, who):
        if self._somebody_is_away():
            return
        self.account.active.discard(who)
        User.objects.filter(pk=self.world.people[who].pk).update(is_active=False)

    @rule()
    def come_back(self):
        """Everybody is there again, with all roles."""
        for name, held in ROLES.items():
            missing = held - self.account.roles[name]
            if missing:
                self._person(name).groups.add(*Group.objects.filter(name__in=missing))
        User.objects.filter(pk__in=self.names, is_active=False).update(is_active=True)
        self.account.active = set(ROLES)
        self.account.roles = {name: set(held) for name, held in ROLES.items()}

    @rule(who=st.sampled_from(["manager", "jack"]))
    def appoint(self, who):
        if who == self.account.manager:
            return
        appoint_manager(self.world.north, manager=self._person(who), actor=self.world.admin)
        self.account.manager = who
        for place, paper in enumerate(self.papers):
            mark = paper.steps.get("manager")
            if mark and mark.state == OPEN and ("by name" in mark.granted or mark.handed):
                mark.granted = (mark.granted - {"by name"}) | self.account.granted(paper, "manager")
                mark.handed = None
                self.touched.add(place)

    @rule(limit=st.sampled_from([100_000, 300_000]))
    def set_limit(self, limit):
        """R2.2: every manager's word goes further, or less far; earlier decisions stand."""
        usual = {"max_discount": 10, "max_deviation": 10, "min_margin": 10, "max_payment_days": 60}
        set_authority(
            actor=self.world.gm,
            person=None,
            max_amount=Decimal(limit),
            may_exceed_credit=False,
            effective_from=timezone.localdate(self._now()),
            reason="as agreed",
            **usual,
        )
        self.account.limit = Decimal(limit)

    @rule(hours=st.sampled_from([1, 5, 9, 30]))
    def time_passes(self, hours):
        """R2.12: the sweep runs, twice; each step escalates once, whatever else happens."""
        self.clock.shift(timedelta(hours=hours))
        forget_all()
        tell_waiting(as_of=self._now())
        assert tell_waiting(as_of=self._now()) == 0
        threads = {order.thread: place for place, order in enumerate(self.orders)}
        told = Event.objects.filter(thread__in=threads, verb="step.escalated").count()
        assert told >= len(self.escalated)
        assert told <= Step.objects.filter(opened_at__isnull=False).count()
        self.events = [self._told(order).last for order in self.orders]
