"""Standardised by one, reviewed by another, approved by who may: and what each refusal leaves untouched."""

from decimal import Decimal

import pytest

from accounts.models import Notice
from accounts.queries import system_user
from approvals.triggers import told
from core.audit import broken_links
from core.models import Event
from core.rules import Blocked, Stale
from customers.actions import block_customer
from customers.queries import exposure_of
from orders import actions
from orders.gates import CHECKLIST
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def rules(refusal):
    return sorted({reason.rule for reason in refusal.value.reasons})


def step_of(order, kind):
    return order.case.steps.get(kind=kind, round=order.case.round)


def findings(order):
    kept = told(desk.again(order).case.findings)
    return {each["rule"]: each["sentence"] for each in reversed(kept)}  # the first of each rule


@pytest.mark.rule("R1.9")
def test_the_checklist_is_gone_through_and_kept(world):
    order = desk.submitted_order(world)
    with pytest.raises(Blocked) as refusal:
        actions.standardise_order(order, actor=world.support, checked=["codes", "terms"])
    assert [each.field_name for each in refusal.value.reasons] == ["specifications", "questions"]
    assert rules(refusal) == ["R1.9"]
    assert desk.again(order).state == "submitted"

    order = actions.standardise_order(order, actor=world.support)

    assert order.checklist == dict.fromkeys(CHECKLIST, True)
    assert Event.objects.get(verb="order.standardised").facts["checklist"] == order.checklist


@pytest.mark.rule("R1.9")
def test_a_second_person_of_business_support_reviews_it(world):
    order = desk.order_in_review(world)
    step = step_of(order, "support")
    events = Event.objects.count()

    with pytest.raises(Blocked) as refusal:
        actions.decide_order(
            order, step_id=step.pk, approve=True, digest=order.case.digest, actor=world.support
        )

    assert "R1.9" in rules(refusal)
    assert step_of(desk.again(order), "support").state == "open"
    assert Event.objects.count() == events
    assert desk.decide(world, order, "support2").case.state == "open"


@pytest.mark.rule("R2.10")
def test_nobody_decides_on_what_they_entered(world):
    customer = desk.customer(world, "C-M", owner=world.rep)
    order = desk.draft_order(world, of=customer, actor=world.manager)
    desk.paper(order, world.manager)
    actions.submit_order(order, actor=world.manager)
    order = actions.standardise_order(order, actor=world.support)
    desk.decide(world, order, "support2")
    desk.decide(world, order, "finance")
    events = Event.objects.count()

    with pytest.raises(Blocked) as refusal:
        desk.decide(world, order, "manager")

    assert "R2.10" in rules(refusal)
    assert desk.again(order).state == "in_review"
    assert exposure_of(order.customer_id).ordered == 0
    assert Event.objects.count() == events


@pytest.mark.rule("R2.10")
def test_who_entered_an_order_neither_standardises_nor_releases_it(world):
    order = desk.draft_order(world, actor=world.support)
    desk.paper(order, world.support)
    actions.submit_order(order, actor=world.support)

    with pytest.raises(Blocked) as refusal:
        actions.standardise_order(order, actor=world.support)

    assert rules(refusal) == ["R2.10"]
    assert desk.again(order).state == "submitted"


@pytest.mark.rule("R2.11")
def test_a_refusal_goes_back_and_the_mended_order_is_reviewed_again(world):
    order = desk.order_in_review(world)
    order = desk.decide(world, order, "finance", approve=False, reason="价格太低")

    assert (order.state, order.case.state) == ("refused", "refused")
    assert Notice.objects.get(person=world.rep, facts__reason="价格太低").kind == "order_returned"
    assert Event.objects.get(verb="order.refused").reason == "价格太低"

    line = order.lines.get()
    actions.save_line(order, line_id=line.pk, quantity=Decimal(12), actor=world.rep)
    actions.submit_order(order, actor=world.rep)
    order = actions.standardise_order(order, actor=world.support)

    assert order.case.round == 2
    assert order.case.snapshot["lines"][0]["quantity"] == "12"
    for who in ("support2", "finance", "manager"):
        order = desk.decide(world, order, who)
    assert order.state == "approved"
    assert exposure_of(order.customer_id).ordered == Decimal("223.20")
    assert list(broken_links(order.thread)) == []


@pytest.mark.rule("R2.11")
def test_a_refusal_without_a_reason_is_none(world):
    order = desk.order_in_review(world)

    with pytest.raises(Blocked) as refusal:
        desk.decide(world, order, "finance", approve=False)

    assert rules(refusal) == ["R2.11"]
    assert desk.again(order).state == "in_review"


@pytest.mark.rule("R2.11")
def test_business_support_returns_it_with_its_questions(world):
    order = desk.submitted_order(world)
    order = actions.return_order(order, reason="哪种型号？", actor=world.support)

    assert order.state == "refused"
    assert Notice.objects.get(person=world.rep, kind="order_returned").facts["reason"] == "哪种型号？"
    assert actions.submit_order(order, actor=world.rep).state == "submitted"


@pytest.mark.rule("R2.11")
def test_the_rep_takes_it_back_and_nothing_that_was_said_counts(world):
    order = desk.order_in_review(world)
    desk.decide(world, order, "finance")
    with pytest.raises(Blocked) as refusal:
        actions.withdraw_order(order, actor=world.support)
    assert rules(refusal) == ["R2.11"]
    assert desk.again(order).state == "in_review"

    order = actions.withdraw_order(order, actor=world.rep)

    assert (order.state, order.case.state) == ("draft", "withdrawn")
    states = dict(order.case.steps.values_list("kind", "state"))
    assert states == {  # what was said stands for the record
        "finance": "approved",
        "production": "approved",
        "support": "void",
        "manager": "void",
    }
    with pytest.raises(Blocked):
        actions.withdraw_order(order, actor=world.rep)


@pytest.mark.rule("R2.13")
def test_of_two_decisions_one_counts(world):
    order = desk.order_in_review(world)
    desk.decide(world, order, "support2")

    with pytest.raises(Blocked) as refusal:
        desk.decide(world, order, "lead")

    assert "R2.13" in rules(refusal)


@pytest.mark.rule("R2.13")
def test_a_decision_on_other_content_is_stale(world):
    order = desk.order_in_review(world)
    step = step_of(order, "finance")
    old = order.case.digest
    order = desk.decide(world, order, "support2", approve=False, reason="x")
    actions.save_line(order, line_id=order.lines.get().pk, quantity=Decimal(11), actor=world.rep)
    actions.submit_order(order, actor=world.rep)
    order = actions.standardise_order(order, actor=world.support)
    fresh = step_of(order, "finance")

    with pytest.raises(Stale):
        actions.decide_order(order, step_id=fresh.pk, approve=True, digest=old, actor=world.finance)
    now = order.case.digest
    with pytest.raises(Blocked):
        actions.decide_order(order, step_id=step.pk, approve=True, digest=now, actor=world.finance)

    assert step_of(desk.again(order), "finance").state == "open"


@pytest.mark.rule("R2.2", "R2.3")
def test_beyond_the_managers_authority_the_general_manager_decides(world):
    order = desk.order_in_review(world, lines=(("BRG-6204", "10000"),))

    assert [step.kind for step in order.case.steps.order_by("sequence", "pk")] == [
        "support",
        "finance",
        "production",
        "manager",
        "general",
    ]
    for who in ("support2", "finance", "manager"):
        order = desk.decide(world, order, who)
    assert order.state == "in_review"
    assert desk.decide(world, order, "gm").state == "approved"


@pytest.mark.rule("R2.5", "R1.7", "R2.7", "R1.12")
def test_the_check_finds_prices_stock_and_twins(world):
    desk.product(world, "BRG-6204", stock=4)
    desk.draft_order(world, customer_order_number="PO-1")
    order = desk.draft_order(world, customer_order_number="PO-1")
    line = order.lines.get()
    actions.save_line(order, line_id=line.pk, price=Decimal("16.74"), actor=world.rep)
    desk.paper(order, world.rep)
    desk.rule_out(order, world.rep)
    actions.submit_order(order, actor=world.rep)
    actions.standardise_order(order, actor=world.support)

    found = findings(order)

    assert {"R1.7", "R2.7", "R1.12"} <= set(found)
    assert "10" in found["R1.7"]
    assert "4" in found["R2.7"]
    assert "PO-1" in found["R1.12"]


@pytest.mark.rule("R2.6")
def test_exposure_after_this_order_stands_against_the_limit_with_its_parts(world):
    customer = desk.customer(
        world, "C-K", credit_line=True, credit_limit=Decimal(300), payment_terms="credit", credit_days=30
    )
    desk.approved_order(world, of=customer)
    order = desk.order_in_review(world, of=customer)

    found = findings(order)["R2.6"]

    for figure in ("372", "300", "72", "186"):
        assert figure in found
    assert order.case.steps.filter(kind="general").exists()


@pytest.mark.rule("R2.5")
def test_a_customer_blocked_after_submission_is_not_standardised(world):
    order = desk.submitted_order(world)
    block_customer(order.customer, reason="欠款", actor=system_user())

    with pytest.raises(Blocked) as refusal:
        actions.standardise_order(order, actor=world.support)

    assert rules(refusal) == ["R2.5"]
    assert desk.again(order).case is None
