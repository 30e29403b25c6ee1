"""A lent right ends with the lender's role; a round in which everybody has said yes already is over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.actions import give_delegation
from approvals.authority_actions import set_authority
from approvals.queries import boxes
from core import invariants
from core.memo import forget_all
from core.models import Event
from core.rules import Blocked
from customers.actions import ask_change
from customers.models import CreditAccount
from orders import actions
from tests import orders_world as desk
from tests.approvals.cases import decide, frozen, opened, rules_of
from tests.shipping_world import credit_customer

pytestmark = pytest.mark.django_db
PEOPLE = {"tech": 404, "production": 404, "warehouse": 404, "finance": 200}


@pytest.mark.rule("R2.12")
def test_a_manager_whose_role_was_taken_away_lends_nothing(world):
    case = decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")
    now = timezone.now()
    give_delegation(
        actor=world.manager,
        substitute=world.manager2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=9),
        reason="on leave",
    )
    assert len(boxes(world.manager2)["delegated"]) == 1
    world.manager.groups.remove(Group.objects.get(name="sales_manager"))
    forget_all()
    before = frozen(case)

    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")

    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before
    assert not boxes(world.again("manager2"))["delegated"]
    assert not boxes(world.again("manager"))["mine"]


@pytest.mark.rule("R2.2", "R2.11")
def test_an_order_that_needs_nobody_else_any_more_is_approved_when_it_is_submitted_again(world):
    """The general manager said no, then the manager's own limit was raised: every yes still counts."""
    desk.product(world, "BRG-6204", stock=100_000)
    buyer = credit_customer(world, 9_000_000)
    order = desk.order_in_review(world, of=buyer, lines=(("BRG-6204", "6000"),))
    for who in ("support2", "finance", "manager"):
        desk.decide(world, order, who)
    order = desk.decide(world, order, "gm", approve=False, reason="Not before the limit is agreed")
    assert order.state == "refused"
    set_authority(
        actor=world.gm,
        person=world.manager,
        max_amount=Decimal(300_000),
        max_discount=Decimal(10),
        max_deviation=Decimal(10),
        min_margin=Decimal(10),
        max_payment_days=60,
        may_exceed_credit=False,
        effective_from=timezone.localdate(),
        reason="agreed",
    )

    order = actions.submit_order(desk.again(order), actor=world.rep)

    assert desk.again(order).state == "approved"
    steps = order.case.steps.filter(round=2)
    assert {step.kind: step.state for step in steps} == dict.fromkeys(
        ("support", "finance", "manager"), "approved"
    )
    assert CreditAccount.objects.get(pk=buyer.pk).ordered == order.grand_total
    assert Event.objects.filter(verb="order.approved").count() == 1
    assert invariants.broken() == {}


@pytest.mark.rule("R10.2", "R2.5")
def test_departments_that_read_no_credit_decide_without_its_figures(world):
    desk.product(world, "BRG-6204", stock=100_000)
    buyer = credit_customer(world, 77_777)
    order = desk.order_in_review(world, of=buyer, lines=(("BRG-6204", "40000"),))
    step = order.case.steps.get(kind="joint_logistics")
    seen = {who: world.client(who).get(f"/approvals/?step={step.pk}") for who in ("warehouse", "gm")}

    assert {who: page.status_code for who, page in seen.items()} == {"warehouse": 200, "gm": 200}
    rules = {who: {each["rule"] for each in page.context["chosen"]["findings"]} for who, page in seen.items()}
    assert "R2.6" in rules["gm"]
    assert "R2.6" not in rules["warehouse"]
    assert "77777" in seen["gm"].content.decode().replace(",", "")
    assert "77777" not in seen["warehouse"].content.decode().replace(",", "")


@pytest.mark.rule("R10.2", "R3.2")
def test_a_change_of_credit_is_shown_to_nobody_who_reads_no_credit(world):
    buyer = credit_customer(world, 10_000)
    change = ask_change(buyer, changes={"credit_limit": 88_888}, reason="growth", actor=world.support)
    step = change.case.steps.get(kind="finance")

    seen = {who: world.client(who).get(f"/approvals/?step={step.pk}") for who in PEOPLE}

    assert {who: page.status_code for who, page in seen.items()} == PEOPLE
    assert "88888" in seen["finance"].content.decode().replace(",", "")
