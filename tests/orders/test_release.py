"""Release behind its gate, confirmation, cancelling, and what settling asks."""

from decimal import Decimal

import pytest

from accounts.queries import system_user
from core import invariants
from core.models import Document, Event, OutboxMessage
from core.rules import Blocked
from customers.actions import block_customer, lock_credit_account, post_exposure
from customers.queries import exposure_of
from inventory.models import ProductionOrder, Requirement, Reservation
from orders import actions, gates
from orders.models import OrderLine, SalesOrder
from orders.terms import asked_before_production, asked_before_shipping
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def rules(refusal):
    return sorted({reason.rule for reason in refusal.value.reasons})


def nothing_was_released(order, state):
    assert desk.again(order).state == state
    assert not Requirement.objects.exists()
    assert not Reservation.objects.exists()
    assert not Event.objects.filter(verb="order.released").exists()


@pytest.mark.rule("R2.1")
@pytest.mark.parametrize("build", ["draft_order", "submitted_order", "order_in_review"])
def test_nothing_is_released_that_is_not_approved(world, build):
    order = getattr(desk, build)(world)

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)

    assert "R2.1" in rules(refusal)
    nothing_was_released(order, order.state)


@pytest.mark.rule("R2.1")
def test_a_content_other_than_the_approved_one_is_not_released(world):
    order = desk.confirmed_order(world)
    OrderLine.objects.filter(order=order).update(price=Decimal("1.00"))

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)

    assert [each.key for each in refusal.value.reasons] == ["approval_covers_the_content"]
    nothing_was_released(order, "approved")


@pytest.mark.rule("R6.8")
def test_the_deposit_is_in_before_the_release(world):
    customer = desk.customer(world, "C-D", payment_terms="deposit", deposit_percent=Decimal(30))
    order = desk.confirmed_order(world, of=customer, paid=False)

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert rules(refusal) == ["R6.8"]
    assert "55.80" in refusal.value.reasons[0].sentence
    nothing_was_released(order, "approved")

    account = lock_credit_account(customer.pk)
    paid = Decimal("55.80")
    post_exposure(account, order.number, document="RC-1", actor=world.finance, received=paid, paid=paid)

    assert actions.release_order(order, actor=world.lead).state == "released"


@pytest.mark.rule("R6.8")
def test_a_prepaid_order_is_paid_in_full_before_the_release(world):
    order = desk.confirmed_order(world, paid=False)
    desk.pay(world, order, Decimal("185.99"))

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert rules(refusal) == ["R6.8"]
    assert "186.00" in refusal.value.reasons[0].sentence
    assert "185.99" in refusal.value.reasons[0].sentence
    nothing_was_released(order, "approved")

    desk.pay(world, order, Decimal("0.01"))
    assert actions.release_order(order, actor=world.lead).state == "released"
    assert invariants.broken() == {}


@pytest.mark.rule("R6.8")
@pytest.mark.parametrize(
    ("terms", "production", "shipping"),
    [
        ({"payment_terms": "prepaid"}, "186.00", "186.00"),
        ({"payment_terms": "deposit", "deposit_percent": Decimal("33.33")}, "61.99", "186.00"),
        ({"payment_terms": "on_delivery"}, "0.00", "0.00"),
        ({"payment_terms": "credit", "credit_days": 30}, "0.00", "0.00"),
        ({"payment_terms": "monthly", "credit_days": 0}, "0.00", "0.00"),
        ({"payment_terms": "monthly", "deposit_percent": Decimal(30)}, "55.80", "55.80"),
    ],
)
def test_terms_say_what_is_in_before_production_and_before_shipping(terms, production, shipping):
    order = SalesOrder(grand_total=Decimal("186.00"), **terms)

    assert str(asked_before_production(order)) == production
    assert str(asked_before_shipping(order)) == shipping


@pytest.mark.rule("R2.5")
def test_a_blocked_customer_holds_the_release(world):
    order = desk.confirmed_order(world)
    block_customer(order.customer, reason="欠款", actor=system_user())

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)

    assert rules(refusal) == ["R2.5"]
    nothing_was_released(order, "approved")


@pytest.mark.rule("R4.1")
def test_a_person_changes_the_proposed_split(world):
    desk.product(world, "BRG-6204", stock=10)
    order = desk.confirmed_order(world)
    line = order.lines.get()
    desk.promise_after_all(world, order)

    actions.release_order(order, actor=world.lead, split={line.pk: Decimal(3)})

    requirement = Requirement.objects.get()
    assert requirement.finished_on_hand == 3
    assert ProductionOrder.objects.get().quantity == 7
    assert invariants.broken() == {}


@pytest.mark.rule("R4.1")
@pytest.mark.parametrize("stock", [Decimal(5), Decimal(11)])
def test_a_split_beyond_stock_or_order_changes_nothing(world, stock):
    desk.product(world, "BRG-6204", stock=4)
    order = desk.confirmed_order(world)

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead, split={order.lines.get().pk: stock})

    assert rules(refusal) == ["R4.1"]
    nothing_was_released(order, "approved")


@pytest.mark.rule("R4.1")
def test_the_same_piece_is_promised_once_within_an_order(world):
    desk.product(world, "BRG-6204", stock=15)
    order = desk.released_order(world, lines=(("BRG-6204", "10"), ("BRG-6204", "10")))

    held = [line.requirement.finished_on_hand for line in order.lines.select_related("requirement")]
    assert held == [10, 5]
    assert [each.quantity for each in ProductionOrder.objects.all()] == [5]


@pytest.mark.rule("R7.7")
def test_cancelling_is_free_before_release_and_shut_after(world):
    order = desk.confirmed_order(world)
    assert exposure_of(order.customer_id).ordered == Decimal("186.00")
    order = actions.cancel_order(order, reason="客户取消", actor=world.rep)
    assert (order.state, order.case.state) == ("cancelled", "withdrawn")
    assert exposure_of(order.customer_id).ordered == 0

    other = desk.released_order(world)
    events = Event.objects.count()
    with pytest.raises(Blocked) as refusal:
        actions.cancel_order(other, reason="too late", actor=world.rep)
    assert rules(refusal) == ["R7.7"]
    assert desk.again(other).state == "released"
    assert Event.objects.count() == events


@pytest.mark.rule("R1.8")
def test_the_confirmation_goes_out_once_approved_each_time_as_a_version(world):
    order = desk.order_in_review(world)
    with pytest.raises(Blocked) as refusal:
        actions.send_confirmation(order, language="zh-hans", to="a@b.example", actor=world.support)
    assert rules(refusal) == ["R1.8"]
    assert not Document.objects.exists()

    type(order.customer).objects.update(email="")
    for who in ("support2", "finance", "manager"):
        desk.decide(world, order, who)
    actions.send_confirmation(order, language="zh-hans", to="a@b.example", actor=world.support)
    second = actions.send_confirmation(order, language="en", to="a@b.example", actor=world.support)

    assert (second.issue, second.document.language) == (2, "en")
    paper = Document.objects.get(language="zh-hans")
    assert paper.context["grand_total"] == "186.00"
    assert paper.context["capital_total"] == "壹佰捌拾陆元整"
    assert paper.context["lines"][0]["code"] == "BRG-6204"
    mail = OutboxMessage.objects.get(key=f"confirmation:{order.number}:1")
    assert mail.payload["confirmation"] == order.confirmations.get(document=paper).pk


@pytest.mark.rule("R6.10")
def test_settling_asks_that_all_is_shipped_invoiced_and_paid(world):
    order = desk.released_order(world)
    order.shipped_total, order.invoiced_total, order.paid_total = Decimal(100), Decimal(60), Decimal(20)

    reasons = gates.SETTLE.reasons(order, world.finance)

    assert [each.key for each in reasons] == [
        "every_line_is_shipped",
        "what_is_shipped_is_invoiced",
        "what_is_invoiced_is_paid",
    ]
    with pytest.raises(Blocked):
        order.settle(actor=world.finance, at=None)
    assert order.state == "released"
