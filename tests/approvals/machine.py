"""What a desk of people can do with orders under review, and a plain account of what must come of it.

`Account` is the oracle: who may decide what, which yes still counts after a change, written from the words of
the rulebook and without asking the product. The machine that drives the real verbs is in test_machine.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

ROLE = {
    "support": "business_support",
    "finance": "finance",
    "manager": "sales_manager",
    "general": "general_manager",
}
TURN = {"support": 1, "finance": 1, "manager": 2, "general": 3}
LEVELS = ("manager", "general")
#: Which facts of the order a yes of that kind is about (R2.11); the telephone number is nobody's.
ABOUT = {
    "support": ("quantity", "due"),
    "finance": ("price", "quantity", "days"),
    "manager": ("price", "quantity", "days", "due"),
    "general": ("price", "quantity", "days", "due"),
}
#: Who decides where everybody of the role is barred (R2.10).
PLACES = {
    "support": ("general_manager",),
    "finance": ("general_manager",),
    "manager": ("sales_head", "general_manager"),
    "general": (),
}
LIST_PRICE = Decimal("18.60")
WAITING, OPEN, APPROVED, REFUSED = "waiting", "open", "approved", "refused"


@dataclass
class Lent:
    """One person named another, for a span, kinds and an amount."""

    giver: str
    substitute: str
    starts: datetime
    ends: datetime
    kinds: tuple[str, ...]
    ceiling: Decimal | None
    pk: int
    revoked: bool = False


@dataclass
class Mark:
    """What is known of one step of the present round."""

    state: str = WAITING
    by: str | None = None
    on_behalf: str | None = None
    about: tuple[Any, ...] = ()
    calls: dict[str, Decimal] = field(default_factory=dict)
    granted: set[str] = field(default_factory=set)
    handed: str | None = None
    carried: bool = False

    @property
    def signers(self) -> set[str]:
        return {each for each in (self.by, self.on_behalf) if each}


@dataclass
class Paper:
    """What is known of one order."""

    number: str
    content: dict[str, Any]
    state: str = "draft"
    entered: str = "rep"
    edited: str = "rep"
    submitted: str | None = None
    standardiser: str | None = None
    standard: Any = None
    barred: set[str] = field(default_factory=set)
    steps: dict[str, Mark] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        return (self.content["price"] * self.content["quantity"]).quantize(Decimal("0.01"))

    def about(self, kind: str) -> tuple[Any, ...]:
        return tuple(self.content[name] for name in ABOUT[kind])

    def barred_from(self, kind: str) -> set[str]:
        """R2.10, and R1.9: a second person reviews."""
        more = {self.standardiser} if kind == "support" else set()
        return {each for each in self.barred | more if each}

    def other_signers(self, kind: str) -> set[str]:
        """R2.10: two levels, two people."""
        if kind not in LEVELS:
            return set()
        others = [mark for name, mark in self.steps.items() if name in LEVELS and name != kind]
        return set().union(*(mark.signers for mark in others if mark.state == APPROVED))


class Account:
    """The company as the rulebook sees it."""

    def __init__(self, roles: dict[str, set[str]], manager: str):
        self.roles = {name: set(held) for name, held in roles.items()}
        self.active = set(roles)
        self.manager = manager
        self.limit = Decimal(100_000)
        self.lent: list[Lent] = []

    def decides_at_all(self, person: str) -> bool:
        return person in self.active and bool(self.roles[person] - {"sales_rep"})

    def calls(self, paper: Paper) -> dict[str, Decimal]:
        """R2.2: by how much the order is beyond the manager's authority."""
        price = paper.content["price"]
        away = ((LIST_PRICE - price) / LIST_PRICE * 100).quantize(Decimal("0.1"))
        found = {
            "amount": paper.amount - self.limit,
            "deviation": away - 10,
            "days": Decimal(paper.content["days"] - 60),
        }
        return {name: over for name, over in found.items() if over > 0}

    def open_round(self, paper: Paper) -> list[str]:
        """The next round: what still counts is carried, the rest is asked anew. Answers what was carried."""
        before = {kind: mark for kind, mark in paper.steps.items() if mark.state == APPROVED}
        paper.barred = {paper.entered, paper.edited, paper.submitted or paper.entered}
        calls = self.calls(paper)
        kinds = ["support", "finance", "manager", *(["general"] if calls else [])]
        paper.steps = {kind: Mark(calls=calls if kind == "general" else {}) for kind in kinds}
        carried = []
        for kind, mark in paper.steps.items():
            source = before.get(kind)
            if source is None or not self._still_counts(paper, kind, source, mark):
                continue
            mark.state, mark.by, mark.on_behalf = APPROVED, source.by, source.on_behalf
            mark.about, mark.carried = source.about, True
            carried.append(kind)
        self.go_on(paper)
        return carried

    def go_on(self, paper: Paper) -> None:
        """Open whose turn it is; approve the order when nobody is left."""
        states = {mark.state for mark in paper.steps.values()}
        if OPEN in states:
            return
        waiting = [kind for kind, mark in paper.steps.items() if mark.state == WAITING]
        if not waiting:
            paper.state = "approved"
            return
        turn = min(TURN[kind] for kind in waiting)
        for kind in waiting:
            if TURN[kind] == turn:
                paper.steps[kind].state, paper.steps[kind].granted = OPEN, self.granted(paper, kind)

    def granted(self, paper: Paper, kind: str) -> set[str]:
        """To whom a step goes when it opens: the manager by name, others by role; else those in place."""
        barred = paper.barred_from(kind)
        holders = {each for each in self.active if ROLE[kind] in self.roles[each]}
        if kind == "manager":
            named = set() if self.manager in barred else {"by name"}
            return named if self.manager in holders - barred else {*named, *PLACES[kind]}
        return {ROLE[kind], *(PLACES[kind] if holders <= barred else ())}

    def asks_more(self, paper: Paper, kind: str, person: str) -> bool:
        """R2.2: the limits fell while the manager's step waited: the general manager is asked besides."""
        calls = self.calls(paper)
        if kind != "manager" or "general" in paper.steps or not calls:
            return False
        if ROLE["general"] in self.roles[person]:
            return False
        paper.steps["general"] = Mark(calls=calls)
        return True

    def leaves_nobody(self, paper: Paper, kind: str, signers: set[str]) -> bool:
        """R2.2: these are all who could say yes to the level that comes after."""
        after = paper.steps.get("general")
        if kind != "manager" or after is None or after.state != WAITING:
            return False
        last = {each for each in self.active if ROLE["general"] in self.roles[each]}
        free = last - paper.barred_from("general")
        return bool(free) and free <= signers

    def offices(self, paper: Paper, kind: str, person: str, now: datetime) -> set[str]:
        """In whose office this person may decide this step at the moment; nobody's, where they may not."""
        mark = paper.steps.get(kind)
        shut = paper.barred_from(kind) | paper.other_signers(kind)
        if mark is None or mark.state != OPEN or person in shut or not self.decides_at_all(person):
            return set()
        givers = {
            each.giver
            for each in self.lent
            if each.substitute == person and self._is_live(each, now) and self._reaches(each, kind, paper)
        }
        return {each for each in {person, *givers - shut} if self._holds(each, kind, mark)}

    def receives(self, paper: Paper, kind: str, person: str) -> bool:
        """R2.12: whether a step may be handed over to this person."""
        shut = paper.barred_from(kind) | paper.other_signers(kind)
        fitting = {ROLE[kind], *(PLACES[kind] if kind == "manager" else ())}
        return person in self.active and person not in shut and bool(self.roles[person] & fitting)

    def takes_back(self, paper: Paper, kind: str, person: str) -> bool:
        """R2.11: one's own yes, while the next step has not begun."""
        mark = paper.steps.get(kind)
        if paper.state != "in_review" or mark is None or mark.state != APPROVED or mark.by != person:
            return False
        later = [each for name, each in paper.steps.items() if TURN[name] > TURN[kind]]
        begun = any(each.state != WAITING and not each.carried for each in later)
        return self.decides_at_all(person) and not begun

    def _still_counts(self, paper: Paper, kind: str, source: Mark, mark: Mark) -> bool:
        worse = any(over > source.calls.get(name, Decimal(0)) for name, over in mark.calls.items())
        same = source.about == paper.about(kind)
        return same and not worse and not source.signers & paper.barred_from(kind)

    def _holds(self, person: str, kind: str, mark: Mark) -> bool:
        if person not in self.active:
            return False
        held = self.roles[person]
        by_name = mark.handed == person or ("by name" in mark.granted and person == self.manager)
        fitting = {ROLE[kind], *(PLACES[kind] if kind == "manager" else ())}
        return bool(held & (fitting if by_name else mark.granted))

    def _is_live(self, lent: Lent, now: datetime) -> bool:
        both = {lent.giver, lent.substitute} <= self.active
        return both and not lent.revoked and lent.starts <= now < lent.ends

    def _reaches(self, lent: Lent, kind: str, paper: Paper) -> bool:
        within = lent.ceiling is None or paper.amount <= lent.ceiling
        return within and (not lent.kinds or kind in lent.kinds)
