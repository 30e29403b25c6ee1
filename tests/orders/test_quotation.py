"""The quotation: numbered, versioned, valid for a span, an order in one step at the prices held (R1.14)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import invariants
from core.calendar import add_working_days
from core.models import Event, OutboxMessage
from core.rules import Blocked, Stale
from customers.models import PriceAgreement
from inventory.models import Product
from orders import actions
from orders.models import Memo, Quotation, SalesOrder
from orders.quoted import below_usual, who_would_decide
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.14")]
TODAY = "2026-11-23 10:00+08:00"


def again(quotation):
    return Quotation.objects.get(pk=quotation.pk)


def refused(refusal):
    return [reason.key for reason in refusal.value.reasons]


def memo(world, customer=None):
    return Memo.objects.create(
        number="M-1",
        customer=customer,
        channel="phone",
        caller="王琳",
        said_at=timezone.now(),
        said="轴承 10 个,什么价",
        taken_by=world.rep,
        team=world.north,
    )


@time_machine.travel(TODAY, tick=False)
def test_it_is_numbered_by_its_series_and_valid_for_the_usual_span(world):
    first, second = desk.draft_quotation(world), desk.draft_quotation(world)

    shop = first.team.shop
    assert [first.number, second.number] == [f"Q-{shop}-20261123-001", f"Q-{shop}-20261123-002"]
    assert first.issue == 1
    assert first.valid_until == date(2026, 12, 23)
    assert (first.owner, first.team) == (world.rep, world.north)


def test_its_totals_are_the_sums_of_its_lines_and_freight(world):
    desk.product(world, "A", price="100")
    quotation = desk.draft_quotation(world, lines=(("A", "3"), ("BRG-6204", "10")))
    line = quotation.lines.first()

    actions.save_quotation(
        quotation,
        rows=[{"id": line.pk, "discount_percent": Decimal(10)}],
        freight=Decimal(50),
        actor=world.rep,
    )

    quotation = again(quotation)
    assert quotation.goods_total == Decimal("486.00")
    assert quotation.discount_total == Decimal("30.00")
    assert quotation.grand_total == Decimal("506.00")
    assert invariants.broken(("I18",)) == {}


def test_a_total_that_is_not_the_sum_is_found(world):
    quotation = desk.draft_quotation(world)
    Quotation.objects.filter(pk=quotation.pk).update(goods_total=Decimal(1), grand_total=Decimal(1))

    assert any("quotation" in name for name in invariants.broken(("I18",)))


def test_a_removed_line_closes_the_gap(world):
    quotation = desk.draft_quotation(world, lines=(("A", "1"), ("B", "2"), ("C", "3")))

    actions.save_quotation(
        quotation, rows=[{"id": quotation.lines.first().pk, "delete": True}], actor=world.rep
    )

    lines = again(quotation).lines.order_by("position")
    assert [(line.position, line.product.code) for line in lines] == [(1, "B"), (2, "C")]
    assert invariants.broken(("I18",)) == {}


@pytest.mark.rule("R1.7")
def test_an_offer_is_compared_with_the_agreement_then_the_list(world):
    customer = desk.customer(world)
    agreed, listed = desk.product(world, "A", price="100"), desk.product(world, "B", price="100")
    PriceAgreement.objects.create(
        customer=customer,
        product=agreed,
        currency="CNY",
        price=Decimal(80),
        min_quantity=Decimal(5),
        valid_from=date(2020, 1, 1),
        entered_by=world.manager,
    )

    quotation = desk.draft_quotation(world, of=customer, lines=(("A", "5"), ("B", "5")))
    first, second = quotation.lines.all()

    assert (first.product, first.price, first.list_price, first.agreed_price) == (agreed, 80, 100, 80)
    assert (second.product, second.price, second.agreed_price) == (listed, 100, None)
    actions.save_quotation(
        quotation,
        rows=[{"id": first.pk, "price": Decimal(60)}, {"id": second.pk, "discount_percent": Decimal(5)}],
        actor=world.rep,
    )
    assert [below_usual(line) for line in again(quotation).lines.all()] == [Decimal("25.0"), Decimal("5.0")]


@pytest.mark.rule("R2.2")
def test_it_says_who_would_have_to_approve_such_an_order(world):
    quotation = desk.draft_quotation(world)
    usual = [each["kind"] for each in who_would_decide(quotation, world.manager)]

    actions.save_quotation(
        quotation, rows=[{"id": quotation.lines.get().pk, "price": Decimal(5)}], actor=world.rep
    )

    beyond = who_would_decide(Quotation.objects.get(pk=quotation.pk), world.manager)
    assert len(beyond) == len(usual) + 1
    assert "73.1" in str(beyond[-1]["why"]) or "73.10" in str(beyond[-1]["why"])


@pytest.mark.rule("R10.2", "R6.11")
def test_the_margin_of_an_offer_is_told_to_who_sees_costs_only(world):
    Product.objects.filter(pk=desk.product(world).pk).update(cost=Decimal(18))
    quotation = desk.draft_quotation(world)

    told = {who: str(who_would_decide(again(quotation), world.people[who])) for who in ("rep", "manager")}

    assert "-9.4" in told["manager"]
    assert "-9.4" not in told["rep"]


def test_an_incomplete_one_is_not_sent_and_every_reason_is_told(world):
    quotation = actions.create_quotation(customer=desk.customer(world), actor=world.rep)
    rows = [{"product": "NOBODY-KNOWS", "quantity": Decimal(1)}, {"product": desk.product(world).code}]
    actions.save_quotation(
        quotation, rows=rows, valid_until=timezone.localdate() - timedelta(days=1), actor=world.rep
    )
    events, mails = Event.objects.count(), OutboxMessage.objects.count()

    with pytest.raises(Blocked) as refusal:
        actions.send_quotation(again(quotation), to="a@b.example", language="en", actor=world.rep)

    assert refused(refusal) == ["quoted_lines_are_complete"] * 2 + ["validity_lies_ahead"]
    assert again(quotation).state == "draft"
    assert (Event.objects.count(), OutboxMessage.objects.count()) == (events, mails)


@pytest.mark.rule("R5.16", "R5.7")
def test_what_no_order_could_be_submitted_with_is_not_offered(world):
    """Freight charged though we bear it, a currency that is no longer the account's: mended first."""
    quotation = desk.draft_quotation(world, freight=Decimal(120), freight_bearer="us")
    quotation.customer.currency = "USD"
    quotation.customer.save(update_fields=["currency"])

    with pytest.raises(Blocked) as refusal:
        actions.send_quotation(again(quotation), to="a@b.example", language="en", actor=world.rep)

    told = ["quoted_freight_is_charged_to_its_bearer", "offer_is_in_the_accounts_currency"]
    assert refused(refusal) == told
    assert (again(quotation).state, OutboxMessage.objects.count()) == ("draft", 0)


def test_sent_it_goes_by_mail_with_its_paper_and_is_frozen(world):
    quotation = desk.sent_quotation(world)

    assert (again(quotation).state, again(quotation).sent_to) == ("sent", "buyer@customer.example")
    mail = OutboxMessage.objects.get(key=f"mail:quotation:{quotation}")
    assert mail.payload["documents"] == [quotation.document_id]
    before = list(quotation.lines.values_list("price", "quantity"))
    with pytest.raises(Blocked) as refusal:
        actions.save_quotation(
            quotation, rows=[{"id": quotation.lines.get().pk, "price": Decimal(1)}], actor=world.rep
        )
    assert refused(refusal) == ["state"]
    assert list(again(quotation).lines.values_list("price", "quantity")) == before


def test_somebody_elses_save_is_not_overwritten(world):
    quotation = desk.draft_quotation(world)
    actions.save_quotation(quotation, enquiry="RFQ-1", actor=world.manager)

    with pytest.raises(Stale):
        actions.save_quotation(
            quotation, enquiry="RFQ-2", version=quotation.version, own=True, actor=world.rep
        )

    assert again(quotation).enquiry == "RFQ-1"


def test_a_new_version_copies_the_lines_and_the_older_one_stays_readable(world):
    old = desk.sent_quotation(world, lines=(("A", "1"), ("B", "2")))

    new = actions.revise_quotation(old, actor=world.rep)

    assert (str(new), new.state, again(old).state) == (f"{old.number}/2", "draft", "sent")
    same = ("position", "product", "quantity", "price", "lead_days", "total")
    assert list(new.lines.values_list(*same)) == list(old.lines.values_list(*same))
    assert again(new).grand_total == again(old).grand_total
    assert again(old).document_id is not None
    assert invariants.broken(("I18",)) == {}


def test_of_one_number_only_one_version_is_offered_and_one_drafted(world):
    old = desk.sent_quotation(world)
    actions.revise_quotation(old, actor=world.rep)

    with pytest.raises(Blocked):
        actions.revise_quotation(old, actor=world.rep)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quotation.objects.create(
            number=old.number,
            issue=3,
            customer=old.customer,
            owner=old.owner,
            team=old.team,
            entered_by=old.owner,
            quoted_on=old.quoted_on,
        )

    assert Quotation.objects.filter(number=old.number).count() == 2


def test_it_becomes_an_order_in_one_step_with_everything_offered(world):
    desk.product(world, "A", price="100")
    quotation = desk.draft_quotation(
        world, lines=(("A", "3"), ("BRG-6204", "10")), freight=Decimal(20), message="含税含运费"
    )
    first = quotation.lines.first()
    actions.save_quotation(
        quotation,
        rows=[{"id": first.pk, "price": Decimal(88), "discount_percent": Decimal(2)}],
        actor=world.rep,
    )
    quotation = actions.send_quotation(again(quotation), to="a@b.example", language="en", actor=world.rep)

    order = actions.order_quotation(quotation, actor=world.rep)

    order = desk.again(order)
    assert (order.state, order.quotation_id, order.owner) == ("draft", quotation.pk, quotation.owner)
    for name in ("grand_total", "discount_total", "freight", "message", "payment_terms", "currency"):
        assert getattr(order, name) == getattr(quotation, name), name
    same = ("position", "product", "quantity", "price", "discount_percent", "tax", "total")
    assert list(order.lines.values_list(*same)) == list(quotation.lines.values_list(*same))
    assert set(order.lines.values_list("price_source", flat=True)) == {"quotation"}
    due = add_working_days(timezone.localdate(), 10)
    assert set(order.lines.values_list("due_on", flat=True)) == {due}
    assert again(quotation).state == "ordered"
    assert invariants.broken() == {}


def test_a_second_call_gives_the_first_order(world):
    quotation = desk.sent_quotation(world)
    first = actions.order_quotation(quotation, actor=world.rep)
    events = Event.objects.count()

    second = actions.order_quotation(again(quotation), actor=world.rep)

    assert second == first
    assert (SalesOrder.objects.count(), Event.objects.count()) == (1, events)


def test_the_database_keeps_a_second_order_off_a_quotation(world):
    quotation = desk.sent_quotation(world)
    actions.order_quotation(quotation, actor=world.rep)
    other = desk.draft_order(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        SalesOrder.objects.filter(pk=other.pk).update(quotation=quotation)

    assert desk.again(other).quotation_id is None


def test_prices_are_held_while_it_is_valid_although_the_list_has_risen(world):
    bearing = desk.product(world, price="18.60")
    quotation = desk.sent_quotation(world)
    desk.set_price(bearing, price_list=desk.price_list(), price=Decimal("25.00"), actor=world.tech)

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        order = actions.order_quotation(quotation, actor=world.rep)
        actions.save_lines(
            order, rows=[{"id": order.lines.get().pk, "quantity": Decimal(7)}], actor=world.rep
        )

    assert order.lines.get().price == Decimal("18.60")


def test_an_expired_one_is_refused_with_its_figures_and_nothing_changes(world):
    quotation = desk.sent_quotation(world)
    events = Event.objects.count()

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        with pytest.raises(Blocked) as refusal:
            actions.order_quotation(quotation, actor=world.rep)
        today = timezone.localdate()

    [reason] = refusal.value.reasons
    assert (reason.rule, reason.key) == ("R1.14", "quotation_is_valid")
    assert (reason.facts["until"], reason.facts["today"]) == (quotation.valid_until, today)
    assert reason.next_step.endswith("#versions")
    assert again(quotation).state == "sent"
    assert (SalesOrder.objects.count(), Event.objects.count()) == (0, events)


def test_on_its_last_day_it_is_still_valid(world):
    quotation = desk.sent_quotation(world)
    last = timezone.now() + timedelta(days=30)

    with time_machine.travel(last):
        assert timezone.localdate() == quotation.valid_until
        assert actions.order_quotation(quotation, actor=world.rep).lines.count() == 1


@pytest.mark.rule("R1.2")
def test_a_memo_becomes_a_quotation_and_then_the_order(world):
    called = memo(world, desk.customer(world))
    desk.product(world)
    quotation = actions.create_quotation(memo=called, actor=world.rep)
    rows = [{"product": "BRG-6204", "quantity": Decimal(10)}]
    actions.save_quotation(quotation, rows=rows, actor=world.rep)
    actions.send_quotation(again(quotation), to="a@b.example", language="en", actor=world.rep)

    order = actions.order_quotation(quotation, actor=world.rep)

    called = Memo.objects.get(pk=called.pk)
    assert (quotation.contact_name, quotation.enquiry) == ("王琳", "M-1")
    assert (called.state, called.order) == ("drafted", order)


@pytest.mark.rule("R1.2")
def test_a_memo_without_customer_cannot_be_quoted(world):
    called = memo(world)

    with pytest.raises(Blocked) as refusal:
        actions.create_quotation(memo=called, actor=world.rep)

    assert refused(refusal) == ["memo_names_a_customer"]
    assert Quotation.objects.count() == 0
