"""What shuts the submission: everything that is missing, at once, by rule and field."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.queries import system_user
from core.models import Event, OutboxMessage
from core.rules import Blocked
from customers.actions import block_customer
from inventory.actions import update_product
from inventory.models import ProductCategory
from orders import actions
from orders.models import OrderLine, SalesOrder
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def refused(world, order, actor=None):
    """The reasons of a refused submission, after making sure that it changed nothing."""
    events, mails = Event.objects.count(), OutboxMessage.objects.count()
    with pytest.raises(Blocked) as refusal:
        actions.submit_order(order, actor=actor or world.rep)
    after = desk.again(order)
    assert (after.state, after.submitted_at, after.version) == (
        order.state,
        order.submitted_at,
        order.version,
    )
    assert (Event.objects.count(), OutboxMessage.objects.count()) == (events, mails)
    return refusal.value.reasons


@pytest.mark.rule("R1.1")
def test_without_a_source_document_nothing_is_submitted(world):
    reasons = refused(world, desk.draft_order(world))

    assert [(each.rule, each.key) for each in reasons] == [("R1.1", "source_document_is_attached")]


@pytest.mark.rule("R1.1")
def test_a_paper_without_its_mark_is_not_the_customers(world):
    order = desk.draft_order(world)
    desk.paper(order, world.rep, marked=False)

    reasons = refused(world, order)

    assert [(each.rule, each.key) for each in reasons] == [("R1.1", "confirmation_mark_is_recorded")]
    assert "客户订单.pdf" in reasons[0].sentence


@pytest.mark.rule("R1.1")
def test_a_recorded_mark_changes_only_while_the_order_can_be_edited(world):
    order = desk.submitted_order(world)
    document = order.source_documents.get()

    with pytest.raises(Blocked) as refusal:
        actions.record_mark(
            document, mark="fax", marked_by="x", marked_on=timezone.localdate(), actor=world.rep
        )

    assert [each.rule for each in refusal.value.reasons] == ["R2.11"]
    document.refresh_from_db()
    assert document.mark == "seal"


@pytest.mark.rule("R1.2", "R1.3", "R1.5")
def test_all_that_is_missing_is_listed_at_once_field_by_field(world):
    order = desk.draft_order(world, lines=())
    actions.save_header(
        order,
        actor=world.rep,
        version=None,
        contact_name="",
        ship_to="",
        payment_terms="",
        channel="",
        klass="urgent",
        due_on=None,
    )
    metre = desk.product(world, "WIRE", unit="m", quantity_step=Decimal("0.5"))
    rows = [
        {"product": metre, "quantity": Decimal("1.3")},
        {"product": "UNKNOWN", "quantity": Decimal(1)},
        {"product": desk.product(world, "A")},
    ]
    actions.save_lines(order, rows=rows, actor=world.rep)
    desk.paper(order, world.rep)

    found = [(each.rule, each.field_name) for each in refused(world, desk.again(order))]

    assert found == [
        ("R1.2", "channel"),
        ("R1.3", "contact_name"),
        ("R1.3", "ship_to"),
        ("R1.3", "payment_terms"),
        ("R1.3", "lines-0-quantity"),
        ("R1.3", "lines-0-due"),
        ("R1.3", "lines-1-product"),
        ("R1.3", "lines-2-quantity"),
        ("R1.3", "lines-2-due"),
        ("R1.5", "class_reason"),
    ]


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"payment_terms": "deposit", "deposit_percent": Decimal(0)}, "deposit_percent"),
        ({"payment_terms": "prepaid", "deposit_percent": Decimal(30)}, "deposit_percent"),
        ({"payment_terms": "credit", "credit_days": 0}, "credit_days"),
        ({"payment_terms": "prepaid", "credit_days": 90}, "credit_days"),
        ({"payment_terms": "on_delivery", "credit_days": 1}, "credit_days"),
    ],
)
def test_terms_that_contradict_themselves_are_not_submitted(world, terms, field):
    order = desk.draft_order(world, **terms)
    desk.paper(order, world.rep)

    assert [(each.rule, each.field_name) for each in refused(world, order)] == [("R3.1", field)]


@pytest.mark.rule("R1.3")
def test_an_order_without_lines_is_not_complete(world):
    order = desk.draft_order(world, lines=())
    desk.paper(order, world.rep)

    assert [each.field_name for each in refused(world, order)] == ["lines-0-product"]


@pytest.mark.rule("R1.3")
def test_what_a_category_demands_must_be_attached(world):
    category = ProductCategory.objects.create(code="SP", name="专用件", demanded_attachments=["图纸"])
    desk.product(world, "SPECIAL", category=category)
    order = desk.draft_order(world, lines=(("SPECIAL", "1"),))
    desk.paper(order, world.rep)

    assert [each.key for each in refused(world, order)] == ["demanded_attachments_are_there"]

    desk.paper(order, world.rep, marked=False, purpose="图纸")
    assert actions.submit_order(order, actor=world.rep).state == "submitted"


@pytest.mark.rule("R1.6")
def test_a_total_that_is_not_the_sum_is_not_submitted(world):
    order = desk.draft_order(world)
    desk.paper(order, world.rep)
    OrderLine.objects.update(goods=100, total=100)

    assert [each.rule for each in refused(world, order)] == ["R1.6"]


@pytest.mark.rule("R2.5")
def test_a_blocked_customer_and_a_product_no_longer_sold_are_refused(world):
    order = desk.draft_order(world)
    desk.paper(order, world.rep)
    product = order.lines.get().product
    update_product(product, version=product.version, active=False, actor=world.tech)
    block_customer(order.customer, reason="逾期", actor=system_user())

    reasons = refused(world, desk.again(order))

    assert [(each.rule, each.key) for each in reasons] == [
        ("R2.5", "customer_is_not_blocked"),
        ("R2.5", "products_are_sold"),
    ]
    assert "逾期" in reasons[0].sentence


@pytest.mark.rule("R10.2")
def test_a_role_that_does_not_enter_orders_does_not_submit(world):
    order = desk.draft_order(world)
    desk.paper(order, world.rep)

    assert [each.rule for each in refused(world, order, world.warehouse)] == ["R10.2"]


@pytest.mark.rule("R1.8")
def test_the_customer_is_thanked_at_once(world):
    order = desk.draft_order(world)
    assert not OutboxMessage.objects.filter(key__contains="received").exists()
    desk.paper(order, world.rep, purpose="图纸")
    assert not OutboxMessage.objects.filter(key__contains="received").exists()

    desk.paper(order, world.rep)
    desk.paper(order, world.rep)
    actions.submit_order(order, actor=world.rep)

    mail = OutboxMessage.objects.get(key=f"mail:received:{order.number}")
    assert Event.objects.get(verb="order.acknowledged").facts["to"] == "buyer@customer.example"
    assert mail.payload["reply_to"] == order.owner.email
    assert "王琳" in mail.payload["text"]
    assert mail.payload["to"] == "buyer@customer.example"
    assert order.number in mail.payload["text"]
    assert "订单" in mail.payload["subject"] or "order" in mail.payload["subject"]


@pytest.mark.rule("R1.8")
def test_without_an_address_the_page_says_that_nobody_was_thanked(world):
    order = desk.submitted_order(world, of=desk.customer(world, "C-2", email=""))

    assert not Event.objects.filter(verb="order.acknowledged").exists()
    page = world.client("rep").get(order.get_absolute_url()).content.decode()
    assert "no e-mail address on file" in page or "没有邮箱地址" in page


def test_a_submission_twice_counts_once(world):
    order = desk.submitted_order(world)

    with pytest.raises(Blocked) as refusal:
        actions.submit_order(order, actor=world.rep)

    assert [each.key for each in refusal.value.reasons] == ["state"]
    assert Event.objects.filter(verb="order.submitted").count() == 1
    assert SalesOrder.objects.count() == 1
