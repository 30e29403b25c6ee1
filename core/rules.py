"""Rules, gates and refusals: each rule of docs/rulebook.md is written once and asked everywhere.

A rule is a number, the sentence the user reads, and a predicate that returns the facts which break
it. A gate is what one transition asks: permission, state, rules, people. It returns every reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.showing import filled

Facts = Mapping[str, Any]
REGISTRY: dict[str, Rule] = {}
GATES: dict[str, Gate] = {}


@dataclass(frozen=True)
class Reason:
    """Why a door is shut: rule number, sentence with its figures, who can open it, since when."""

    rule: str
    key: str
    text: Any
    facts: Facts = field(default_factory=dict)
    opened_by: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    not_for: tuple[int, ...] = ()
    since: datetime | None = None
    next_step: str = ""
    field_name: str = ""
    figures_for: str = ""
    masked: Any = ""

    @property
    def sentence(self) -> str:
        """The sentence in the reader's language, figures filled in; the masked one where they are secret."""
        return filled(self.masked if self.figures_for else self.text, self.facts)

    def told_to(self, reader: Any) -> str:
        """The sentence for this reader: with its secret figures only for who may see them (R10.2)."""
        if self.figures_for and reader is not None and reader.has_perm(self.figures_for):
            return filled(self.text, self.facts)
        return self.sentence

    def __str__(self) -> str:
        return f"{self.rule} {self.sentence}"


class Blocked(Exception):
    """A gate is shut. Carries every reason; nothing has been changed."""

    def __init__(self, reasons: Iterable[Reason]):
        self.reasons = tuple(reasons)
        super().__init__("; ".join(str(reason) for reason in self.reasons))


class Stale(Exception):
    """The object was changed by somebody else since the page was read (I12, R2.13)."""

    def __init__(self, current: Any):
        self.current = current
        super().__init__(f"{current} has changed")


@dataclass(frozen=True)
class Rule:
    """One numbered rule. Calling it returns a Reason, several, or nothing."""

    number: str
    key: str
    text: Any
    predicate: Callable[..., Facts | list[Facts] | None]
    opened_by: tuple[str, ...] = ()
    figures_for: str = ""
    masked: Any = ""

    def broken(self, *args: Any) -> list[Reason]:
        """The reasons for which the rule is broken now, none if it holds."""
        found = self.predicate(*args)
        if found is None or found is False:
            return []
        several = found if isinstance(found, list) else [found]
        return [self._reason(facts) for facts in several]

    def __call__(self, *args: Any) -> list[Reason]:
        return self.broken(*args)

    def _reason(self, facts: Facts) -> Reason:
        shown = {name: value for name, value in facts.items() if not name.startswith("_")}
        return Reason(
            rule=self.number,
            key=self.key,
            text=facts.get("_text", self.text),
            facts=shown,
            opened_by=tuple(facts.get("_opened_by", self.opened_by)),
            people=tuple(facts.get("_people", ())),
            not_for=tuple(facts.get("_not_for", ())),
            since=facts.get("_since"),
            next_step=facts.get("_next_step", ""),
            field_name=facts.get("_field", ""),
            figures_for=self.figures_for,
            masked=self.masked,
        )


def rule(
    number: str, text: Any, *, opened_by: Iterable[str] = (), figures_for: str = "", masked: Any = ""
) -> Callable[[Callable], Rule]:
    """Declare a rule: `@rule("R2.1", _("Order %(order)s is not released."), opened_by=("sales_manager",))`.

    The predicate returns None when the rule holds, else the facts for the sentence (a list of facts
    for several reasons). Keys that begin with an underscore steer the reason: `_since`, `_people`
    (user ids), `_opened_by` (roles), `_not_for` (ids of holders who may not), `_next_step` (URL), `_field`,
    `_text` (another sentence).

    A sentence with figures that not everybody sees names the permission (`figures_for`) and the sentence
    that all others read (`masked`).
    """
    if bool(figures_for) != bool(masked):
        raise ValueError("a secret sentence has a masked one, and only a secret sentence")

    def declare(predicate: Callable) -> Rule:
        made = Rule(number, predicate.__name__, text, predicate, tuple(opened_by), figures_for, masked)
        REGISTRY[f"{predicate.__module__}.{predicate.__name__}"] = made
        return made

    return declare


@dataclass(frozen=True)
class Gate:
    """What one transition asks: permission, source states, rules about the object, rules about people.

    `number` is the rulebook's number of the flow the transition belongs to: it names the reason
    given for a wrong state. `roles` says who can take the step (shown in the panel).
    """

    transition: str
    number: str
    permission: str
    states: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    people: tuple[Rule, ...] = ()
    roles: tuple[str, ...] = ()
    label: Any = ""
    state_field: str = "state"

    def __post_init__(self) -> None:
        GATES[f"{self.permission}:{self.transition}"] = self

    def reasons(self, subject: Any, actor: Any = None) -> list[Reason]:
        """Every reason that shuts the gate for this actor; without an actor, for anyone."""
        found = self._state_reasons(subject)
        found += [reason for each in self.rules for reason in each.broken(subject)]
        if actor is not None:
            found += self._permission_reasons(actor)
            found += [reason for each in self.people for reason in each.broken(subject, actor)]
        return found

    def require(self, subject: Any, actor: Any) -> None:
        """Raise Blocked with every reason unless the gate is open for this actor."""
        reasons = self.reasons(subject, actor)
        if reasons:
            raise Blocked(reasons)

    def permits(self, subject: Any, actor: Any) -> bool:
        """Whether the gate is open (django-fsm's `permission` callable)."""
        return not self.reasons(subject, actor)

    def holds(self, subject: Any) -> bool:
        """Whether the gate's rules hold, whoever asks (django-fsm's `conditions` callable)."""
        return not self._state_reasons(subject) and not any(each.broken(subject) for each in self.rules)

    def applies(self, subject: Any) -> bool:
        """Whether the transition starts from the object's present state at all."""
        return getattr(subject, self.state_field) in self.states

    def _state_reasons(self, subject: Any) -> list[Reason]:
        if self.applies(subject):
            return []
        choices = dict(subject._meta.get_field(self.state_field).flatchoices)
        needed = [str(choices.get(state, state)) for state in self.states]
        return [
            Reason(
                rule=self.number,
                key="state",
                text=_("%(subject)s is “%(state)s”; this step starts from “%(needed)s”."),
                facts={
                    "subject": subject,
                    "state": choices.get(getattr(subject, self.state_field), ""),
                    "needed": " / ".join(needed),
                },
                since=getattr(subject, "state_since", None),
            )
        ]

    def _permission_reasons(self, actor: Any) -> list[Reason]:
        if getattr(actor, "is_active", False) and (actor.is_system or actor.has_perm(self.permission)):
            return []
        return [
            Reason(
                rule="R10.2",
                key="permission",
                text=_("Your role does not open this step."),
                opened_by=self.roles,
            )
        ]


def require(*rules: Rule, subject: Any, actor: Any = None) -> None:
    """Ask several rules outside a transition; raise Blocked with every reason."""
    args = (subject,) if actor is None else (subject, actor)
    reasons = [reason for each in rules for reason in each.broken(*args)]
    if reasons:
        raise Blocked(reasons)
