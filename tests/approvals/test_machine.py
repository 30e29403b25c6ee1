"""I5, I8, I9, I13, I14: people do what they like with orders under review, and what must hold holds.

A machine drives the real verbs on a desk of eleven people and three orders; a plain account (machine.py) says
what must come of each. 2,500 steps on each database, the same in every run; with a guard off it complains.
"""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts import queries
from accounts.models import Delegation, User
from approvals.gates import step as step_gates
from approvals.states import COVERS
from core.rules import Gate, Rule
from orders import actions
from tests import orders_world as desk
from tests.approvals.desk import Desk
from tests.approvals.hands import MONDAY, QUANTITIES, ROLES
from tests.shipping_world import credit_customer
from tests.world import World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("R2.1", "R2.2", "R2.10", "R2.11", "R2.12", "R2.13", "R1.9"),
]
EXAMPLES, STEPS = 29, 50  # an example may end early: 1,250 steps a half and some more


@pytest.fixture
def machine(db):
    """A machine on a desk with three drafts; the clock stands where it is put."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        world = World()
        for name, held in ROLES.items():
            if name not in world.people:
                person = User.objects.create(username=name, display_name=name, team=world.north)
                person.groups.set(Group.objects.filter(name__in=held))
                world.people[name] = person
        desk.product(world, "BRG-6204", stock=100_000)
        orders = []
        for place in range(3):
            buyer = credit_customer(world, 9_000_000, code=f"C-{place}", email="")
            order = desk.draft_order(world, of=buyer, lines=(("BRG-6204", str(QUANTITIES[place])),))
            desk.paper(order, world.rep)
            if place:
                desk.rule_out(order, world.rep)
                order = actions.submit_order(order, actor=world.rep)
                order = actions.standardise_order(order, actor=world.support)
            orders.append(desk.again(order))
        lines = [order.lines.get().pk for order in orders]
        kept = {"world": world, "orders": orders, "lines": lines, "clock": clock, "done": 0, "succeeded": {}}
        yield type("DeskNow", (Desk,), kept)


def run(machine, number, *, examples=EXAMPLES):
    """So many examples of STEPS steps each, the same ones in every run."""
    usual = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=False,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(number)(machine), settings=usual)


@pytest.mark.parametrize("half", [1, 2])
def test_whatever_people_do_the_invariants_hold(machine, half):
    run(machine, half)
    assert machine.done >= 1250
    often = (
        "submit",
        "edit",
        "withdraw",
        "approve",
        "refuse",
        "delegate",
        "revoke",
        "hand_over",
        "take_back",
    )
    assert all(machine.succeeded.get(name, 0) for name in (*often, "for another")), machine.succeeded


def _off(monkeypatch, each):
    """A rule that finds nothing."""
    silent = Rule(each.number, each.key, each.text, lambda *_args: None)
    for gate in vars(step_gates).values():
        if isinstance(gate, Gate):
            for name in ("rules", "people"):
                kept = tuple(silent if one is each else one for one in getattr(gate, name))
                monkeypatch.setitem(vars(gate), name, kept)


def _nobody_asked(monkeypatch):
    _off(monkeypatch, step_gates.actor_did_not_ask_for_it)


def _one_person_two_levels(monkeypatch):
    _off(monkeypatch, step_gates.two_levels_have_two_people)


def _finance_does_not_look_at_prices(monkeypatch):
    monkeypatch.setitem(COVERS, "finance", COVERS["finance"] - {"prices"})


def _revoked_counts(monkeypatch):
    """Who was named stays named, whatever happens afterwards."""
    monkeypatch.setattr(queries, "live_delegations", lambda at=None: Delegation.objects.all())


@pytest.mark.parametrize(
    "guard", [_nobody_asked, _one_person_two_levels, _finance_does_not_look_at_prices, _revoked_counts]
)
def test_twin_without_a_guard_is_found_out(machine, guard, monkeypatch):
    guard(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        run(machine, 1, examples=2 * EXAMPLES)
