"""Decisions that meet a change: the content is edited, the substitution ends, the limit falls, all at once.

Whoever is first, the outcome is one that could have happened one after the other; each twin shows what would
happen without the guard.
"""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import give_delegation, revoke_delegation
from accounts.models import Delegation, User
from approvals.actions import decide_step
from approvals.digests import covered_digests
from approvals.models import Step
from approvals.states import StepState
from core import invariants
from core.memo import forget_all
from core.models import Event
from core.rules import Blocked, Stale
from customers.actions import ask_change, decide_change, lock_credit_account, post_exposure
from customers.models import CreditAccount, CreditEntry, CustomerChange
from logistics.actions import release_shipment
from logistics.models import Shipment
from orders import actions
from orders.content import aspects
from orders.models import SalesOrder
from tests import orders_world as desk
from tests.approvals.cases import opened, step_of
from tests.races.harness import failures, run_together, successes
from tests.shipping_world import credit_customer, order_to_ship, requested_shipment, sign
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20
LOW, HIGH, COVERED = 1000, 5000, 1200  # a signature covers a fifth more than the limit of its day


def crowd(role, count):
    """So many people of one role."""
    group, people = Group.objects.get(name=role), []
    for place in range(count):
        person = User.objects.create(username=f"{role}{place}", display_name=f"{role}{place}")
        person.groups.add(group)
        people.append(person)
    return people


@pytest.fixture
def in_review(transactional_db):
    """An order whose last step, finance, waits for any of nineteen; everybody else has said yes."""
    world = World()
    desk.product(world, "BRG-6204", stock=10_000)
    order = desk.order_in_review(world, of=credit_customer(world, 9_000_000))
    desk.decide(world, order, "support2")
    people = crowd("finance", TOGETHER - 1)
    return world, desk.again(order), people


def finance_of(order):
    return order.case.steps.get(round=order.case.round, kind="finance")


def mend(world, order):
    """Taken back, made cheaper and handed in again by the rep: finance and manager are asked anew."""
    actions.withdraw_order(order, actor=world.rep)
    actions.save_line(order, line_id=order.lines.get().pk, price=Decimal("17.90"), actor=world.rep)
    return actions.submit_order(order, actor=world.rep)


@pytest.mark.rule("R2.11", "R2.13")
def test_no_yes_counts_for_content_that_was_changed_meanwhile(in_review):
    world, order, people = in_review
    step, digest = finance_of(order), order.case.digest

    def work(place):
        if place == 0:
            return mend(world, order)
        actor = people[place - 1]
        return actions.decide_order(order, step_id=step.pk, approve=True, digest=digest, actor=actor)

    answers = run_together(TOGETHER, work)

    assert {type(each) for each in failures(answers)} <= {Blocked, Stale}
    assert answers[0].state == "in_review"
    assert len(successes(answers)) <= 2  # the mending, and one yes if it came before
    now = desk.again(order)
    again = {each.kind: each for each in now.case.steps.filter(round=now.case.round)}
    assert (again["finance"].state, again["manager"].state) == (StepState.OPEN, StepState.WAITING)
    assert again["support"].digests == covered_digests("support", aspects(now))
    assert invariants.broken() == {}


@pytest.mark.rule("R2.11")
def test_twin_that_decides_on_what_it_read_signs_what_is_no_longer_there(in_review):
    """The guard off: the step is read, the terms change, the yes is written by the step's number alone."""
    world, order, people = in_review
    step = finance_of(order)
    read, mended = threading.Barrier(2), threading.Barrier(2)

    def work(place):
        if place == 0:
            read.wait(60)
            SalesOrder.objects.filter(pk=order.pk).update(credit_days=90)
            mended.wait(60)
            return None
        mine = Step.objects.select_related("case").get(pk=step.pk)
        connection.close()
        read.wait(60)
        mended.wait(60)
        mine.approve(actor=people[0])
        with transaction.atomic():
            mine.save()
        return mine

    assert failures(run_together(2, work)) == []
    signed = Step.objects.get(pk=step.pk)
    assert signed.state == StepState.APPROVED
    assert signed.digests != covered_digests("finance", aspects(desk.again(order)))


@pytest.fixture
def lent(transactional_db):
    """Twenty cases that wait for finance; `support2`, who never has that office, stands in for finance."""
    world = World()
    now = timezone.now()
    given = give_delegation(
        actor=world.finance,
        substitute=world.support2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=9),
        reason="on leave",
    )
    cases = [opened(world, reference=f"HB-20261101-{place:03}") for place in range(TOGETHER - 1)]
    return world, given, cases


@pytest.mark.rule("R2.12")
def test_no_substitute_decides_after_the_end_of_the_substitution(lent):
    world, given, cases = lent

    def work(place):
        forget_all()
        if place == 0:
            return revoke_delegation(given, actor=world.finance)
        case = cases[place - 1]
        return decide_step(step_of(case, "finance"), actor=world.support2, approve=True, digest=case.digest)

    answers = run_together(TOGETHER, work)

    assert {type(each) for each in failures(answers)} <= {Blocked}
    ended = Delegation.objects.get(pk=given.pk).revoked_at
    decided = Step.objects.filter(kind="finance", state=StepState.APPROVED)
    assert decided.count() == len(successes(answers)) - 1
    assert not decided.filter(decided_at__gte=ended).exists()
    assert Event.objects.filter(verb="step.finance_approved", on_behalf_of=world.finance).count() == (
        decided.count()
    )
    assert invariants.broken() == {}


@pytest.mark.rule("R2.12")
def test_twin_that_asks_before_the_lock_decides_after_the_end(lent):
    """The guard off: everybody learns that they stand in, the substitution ends, then they sign."""
    world, given, cases = lent
    asked, ended = threading.Barrier(TOGETHER), threading.Barrier(TOGETHER)

    def work(place):
        forget_all()
        if place == 0:
            asked.wait(60)
            revoke_delegation(given, actor=world.finance)
            ended.wait(60)
            return None
        step = Step.objects.select_related("case").get(pk=step_of(cases[place - 1], "finance").pk)
        assert step.approve.gate.permits(step, world.support2)
        connection.close()
        asked.wait(60)
        ended.wait(60)
        step.approve(actor=world.support2, on_behalf_of=world.finance)  # its offices were asked before
        with transaction.atomic():
            step.save()
        return step

    assert failures(run_together(TOGETHER, work)) == []
    assert any(name.startswith("I14") for name in invariants.broken())


@pytest.fixture
def raised(transactional_db):
    """Nineteen shipments signed under a limit of 1,000 (covered up to 1,200), which then was raised to 5,000;
    finance has agreed to lower it again, the manager's yes is due."""
    world = World()
    buyer = credit_customer(world, LOW)
    order = order_to_ship(world, of=buyer, lines=(("R-1", str(TOGETHER)),), price="100")
    shipments = [requested_shipment(world, order=order, quantities={1: 1}) for _each in range(TOGETHER - 1)]
    for shipment in shipments:
        for kind in ("finance", "support", "manager", "head"):
            sign(world, shipment, kind)
    say_yes(world, limit_of(world, buyer, HIGH), "finance", "manager")
    return world, buyer, shipments, say_yes(world, limit_of(world, buyer, LOW), "finance")


def limit_of(world, buyer, limit):
    """Business support asks for another limit."""
    buyer.refresh_from_db()
    return ask_change(buyer, changes={"credit_limit": limit}, reason="agreed", actor=world.rep)


def say_yes(world, change, *kinds):
    for kind in kinds:
        change = CustomerChange.objects.select_related("case").get(pk=change.pk)
        step = change.case.steps.get(kind=kind, round=change.case.round)
        who = {"finance": world.finance, "manager": world.manager}[kind]
        decide_change(change, step_id=step.pk, approve=True, digest=change.case.digest, actor=who)
    return CustomerChange.objects.get(pk=change.pk)


def passed_after(change):
    """Up to what the customer owed with each release after the limit had fallen."""
    at = CustomerChange.objects.get(pk=change.pk).applied_at
    later = Shipment.objects.filter(released_at__gt=at).values("number")
    return list(
        CreditEntry.objects.filter(document__in=later, released__gt=0).values_list("exposure", flat=True)
    )


@pytest.mark.rule("R3.2", "R5.7")
def test_nothing_leaves_under_a_limit_that_has_fallen(raised):
    world, _buyer, shipments, change = raised

    def work(place):
        if place == TOGETHER // 2:
            return say_yes(world, change, "manager")
        shipment = shipments[place - (place > TOGETHER // 2)]
        return release_shipment(shipment, actor=world.support)

    answers = run_together(TOGETHER, work)

    assert {type(each) for each in failures(answers)} <= {Blocked}
    assert {reason.rule for each in failures(answers) for reason in each.reasons} <= {"R5.7"}
    assert answers[TOGETHER // 2].applied_at is not None
    assert Shipment.objects.filter(state="released").count() == len(successes(answers)) - 1
    assert all(exposure <= COVERED for exposure in passed_after(change))
    assert invariants.broken() == {}


@pytest.mark.rule("R3.2", "R5.7")
def test_twin_that_weighs_before_the_lock_lets_goods_leave_under_the_old_limit(raised):
    """The guard off: everybody weighs against the high limit, it falls, then they post what they weighed."""
    world, buyer, shipments, change = raised
    weighed, fallen = threading.Barrier(TOGETHER), threading.Barrier(TOGETHER)

    def work(place):
        if place == 0:
            weighed.wait(60)
            say_yes(world, change, "manager")
            fallen.wait(60)
            return None
        fits = CreditAccount.objects.get(pk=buyer.pk).exposure + 100 <= HIGH
        connection.close()
        weighed.wait(60)
        fallen.wait(60)
        assert fits
        with transaction.atomic():
            account = lock_credit_account(buyer.pk)
            number = shipments[place - 1].number
            post_exposure(account, f"O-{place}", document=number, actor=world.support, released=Decimal(100))
            Shipment._base_manager.filter(number=number).update(released_at=timezone.now())
        return place

    assert failures(run_together(TOGETHER, work)) == []
    assert max(passed_after(change)) > COVERED
