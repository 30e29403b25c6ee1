"""Invoices issued, money received, allocated, and the order settled (R6.1, R6.7, R6.10, R6.12, R6.13)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core import invariants
from core.audit import broken_links
from core.documents import render_document
from core.models import Event, NumberSeries
from core.rules import Blocked
from customers.models import CreditAccount
from customers.queries import paid_for
from invoicing import actions
from invoicing.actions.issuing import due_on
from invoicing.models import Allocation, Invoice, Receipt
from invoicing.queries import past_due_of
from orders.models import SalesOrder
from tests.orders_world import customer
from tests.shipping_world import (
    cash_customer,
    credit_customer,
    deposit,
    dispatched_shipment,
    invoice_request,
    issued_invoice,
    order_to_ship,
    receipt,
)

pytestmark = pytest.mark.django_db


def account(order):
    return CreditAccount.objects.get(pk=order.customer_id)


def reread(row):
    return type(row).objects.get(pk=row.pk)


@pytest.mark.rule("R6.1", "R6.12")
def test_finance_issues_under_the_next_number_and_exposure_moves(world):
    first, second = issued_invoice(world), issued_invoice(world)
    ordinary = issued_invoice(world, kind="ordinary")
    year = timezone.localdate().year
    assert [first.number, second.number] == [f"VS-{year}-000001", f"VS-{year}-000002"]
    assert ordinary.number == f"VO-{year}-000001"
    parts = account(first.order)
    total = first.amount + second.amount + ordinary.amount
    assert (parts.shipped, parts.invoiced) == (0, total)
    assert reread(first.shipment).invoiced_value == first.amount
    assert reread(first.order).invoiced_total == first.amount
    assert invariants.broken() == {}


@pytest.mark.rule("R6.12")
def test_a_refused_issue_takes_no_number(world):
    invoice = invoice_request(world)
    with pytest.raises(Blocked) as refusal:
        actions.issue_invoice(invoice, actor=world.rep)
    assert [each.rule for each in refusal.value.reasons] == ["R10.2"]
    assert not NumberSeries.objects.filter(name="invoice_special").exists()
    assert reread(invoice).number is None
    assert not Event.objects.filter(verb="invoice.issued").exists()


@pytest.mark.rule("R6.12")
def test_an_issued_invoice_is_not_issued_again(world):
    invoice = issued_invoice(world)
    with pytest.raises(Blocked):
        actions.issue_invoice(invoice, actor=world.finance)
    assert NumberSeries.objects.get(name="invoice_special").last == 1


@pytest.mark.rule("R2.10")
def test_nobody_issues_what_they_confirmed_themselves(world):
    world.support.groups.add(*world.finance.groups.all())
    world.again("support")
    invoice = invoice_request(world)
    with pytest.raises(Blocked) as refusal:
        actions.issue_invoice(invoice, actor=world.support)
    assert [each.rule for each in refusal.value.reasons] == ["R2.10"]
    assert reread(invoice).state == "requested"


@pytest.mark.rule("R6.13")
def test_the_paper_says_the_amount_in_capital_numerals(world):
    invoice = issued_invoice(world)
    context = render_document(invoice.document_id).context
    assert context["total"] == "186.00"
    assert context["capital_total"] == "壹佰捌拾陆元整"
    assert Decimal(context["net_total"]) + Decimal(context["tax_total"]) == invoice.amount


@pytest.mark.rule("R6.1")
@pytest.mark.parametrize(
    ("terms", "days", "due"),
    [
        ("prepaid", 0, date(2026, 11, 10)),
        ("credit", 30, date(2026, 12, 10)),
        ("monthly", 30, date(2026, 12, 30)),
    ],
)
def test_payment_is_due_by_the_terms(terms, days, due):
    order = SalesOrder(payment_terms=terms, credit_days=days)
    assert due_on(order, date(2026, 11, 10)) == due


@pytest.mark.rule("R6.7")
def test_money_received_stays_visible_until_it_is_named_for_something(world):
    money = receipt(world, "500.00")
    assert list(Receipt.objects.unapplied()) == [money]
    assert account(Receipt.objects.get()).received == 500
    assert Event.objects.get(verb="receipt.recorded").thread == f"receipt:{money.number}"


@pytest.mark.rule("R6.7")
def test_the_same_reference_is_recorded_once(world):
    receipt(world, "500.00", reference="TX-1")
    with pytest.raises(Blocked) as refusal:
        receipt(world, "500.00", reference="TX-1")
    assert [each.rule for each in refusal.value.reasons] == ["R6.7"]
    assert Receipt.objects.count() == 1


@pytest.mark.rule("R6.7")
def test_support_does_not_record_money(world):
    buyer = credit_customer(world)
    with pytest.raises(Blocked) as refusal:
        receipt(world, "1.00", of=buyer, actor=world.support)
    assert [each.rule for each in refusal.value.reasons] == ["R10.2"]
    assert account(Receipt(customer=buyer)).received == 0


@pytest.mark.rule("R6.7")
def test_more_than_the_receipt_or_than_is_owed_is_refused_with_the_figures(world):
    invoice = issued_invoice(world)
    money = receipt(world, "200.00", of=invoice.customer)
    with pytest.raises(Blocked) as refusal:
        actions.allocate_receipt(money, amount=Decimal("200.01"), invoice=invoice, actor=world.finance)
    left, owed = refusal.value.reasons
    assert (left.facts["left"], owed.facts["owed"]) == ("200.00", "186.00")
    assert not Allocation.objects.exists()
    assert (reread(money).allocated, reread(invoice).paid) == (0, 0)
    assert account(invoice.order).received == 200


@pytest.mark.rule("R6.7")
def test_another_customers_money_pays_nothing(world):
    invoice = issued_invoice(world)
    money = receipt(world, "186.00", of=customer(world, "C-OTHER"))
    with pytest.raises(Blocked) as refusal:
        actions.allocate_receipt(money, amount=Decimal("186.00"), invoice=invoice, actor=world.finance)
    assert [each.rule for each in refusal.value.reasons] == ["R6.7"]
    assert not Allocation.objects.exists()


@pytest.mark.rule("R6.7", "R6.10")
def test_paid_in_two_parts_the_invoice_closes_and_the_order_is_settled(world):
    invoice = issued_invoice(world)
    order = invoice.order
    first = receipt(world, "100.00", of=invoice.customer)
    actions.allocate_receipt(first, amount=Decimal("100.00"), invoice=invoice, actor=world.finance)
    assert (reread(invoice).state, reread(invoice).open_amount) == ("issued", 86)
    assert reread(order).state == "released"

    second = receipt(world, "100.00", of=invoice.customer)
    actions.allocate_receipt(second, amount=Decimal("86.00"), invoice=invoice, actor=world.finance)
    assert reread(invoice).state == "paid"
    settled = reread(order)
    assert (settled.state, settled.paid_total) == ("settled", settled.grand_total)
    assert paid_for(order.number) == settled.grand_total
    parts = account(order)
    assert (parts.ordered, parts.released, parts.shipped, parts.invoiced) == (0, 0, 0, 0)
    assert parts.received == 14
    assert reread(second).unallocated == 14
    assert invariants.broken() == {}
    assert list(broken_links(order.thread)) == []


@pytest.mark.rule("R6.7")
def test_a_deposit_counts_once_and_pays_the_invoice_when_it_is_issued(world):
    order = order_to_ship(world, of=cash_customer(world))
    deposit(world, order, "60.00")
    deposit(world, order, "126.00")
    assert (paid_for(order.number), account(order).received) == (186, 186)
    invoice = issued_invoice(world, dispatched_shipment(world, order=order))
    assert reread(invoice).state == "paid"
    assert paid_for(order.number) == 186
    parts = account(order)
    assert (parts.invoiced, parts.received, parts.exposure) == (0, 0, 0)
    assert reread(order).state == "settled"
    assert invariants.broken() == {}


@pytest.mark.rule("R6.7")
def test_a_deposit_beyond_the_first_part_waits_for_the_next_invoice(world):
    order = order_to_ship(world, of=cash_customer(world))
    deposit(world, order, "100.00")
    first = issued_invoice(world, dispatched_shipment(world, order=order, quantities={1: 4}))
    assert (reread(first).state, reread(first).amount) == ("paid", Decimal("74.40"))
    waiting = Allocation.objects.get(order=order, invoice=None)
    assert waiting.amount == Decimal("25.60")
    assert invariants.broken() == {}


@pytest.mark.rule("R6.7")
def test_an_order_takes_no_more_than_its_total(world):
    order = order_to_ship(world, of=cash_customer(world))
    with pytest.raises(Blocked) as refusal:
        deposit(world, order, "186.01")
    assert refusal.value.reasons[0].facts["owed"] == "186.00"
    assert reread(order).paid_total == 0


@pytest.mark.rule("R6.10")
def test_an_order_of_which_a_part_is_open_is_not_settled(world):
    order = order_to_ship(world, of=cash_customer(world))
    deposit(world, order, "186.00")
    issued_invoice(world, dispatched_shipment(world, order=order, quantities={1: 4}))
    assert reread(order).state == "released"


@pytest.mark.rule("R6.7")
def test_an_invoice_past_due_is_open(world):
    invoice = issued_invoice(world)
    assert invoice.due_on == timezone.localdate() + timedelta(days=30)
    assert list(Invoice.objects.open()) == [invoice]


@pytest.mark.rule("R6.7")
def test_money_is_named_in_whole_minor_units(world):
    order = order_to_ship(world)
    money = receipt(world, "50.00", of=order.customer)
    with pytest.raises(Blocked) as refusal:
        actions.allocate_receipt(money, amount=Decimal("0.005"), order=order, actor=world.finance)
    assert [each.rule for each in refusal.value.reasons] == ["R6.7"]
    assert reread(money).allocated == 0
    assert not Allocation.objects.exists()


@pytest.mark.rule("R6.9", "R2.6")
def test_what_is_past_due_is_told_with_its_sum_and_age_however_old(world):
    late, old, paid = issued_invoice(world), issued_invoice(world), issued_invoice(world)
    today = timezone.localdate()
    Invoice._base_manager.filter(pk=late.pk).update(due_on=today - timedelta(days=1), paid=Decimal("0.10"))
    Invoice._base_manager.filter(pk=old.pk).update(due_on=today - timedelta(days=500))
    Invoice._base_manager.filter(pk=paid.pk).update(due_on=today)
    found = past_due_of(late.customer_id)
    assert (found.count, found.days) == (2, 500)
    assert found.amount == late.amount + old.amount - Decimal("0.10")
    sums = f"{found.amount:,.2f}"
    tab = f"{late.customer.get_absolute_url()}?tab=credit"
    for who, shown in {"finance": True, "gm": True, "quality": False}.items():
        page = world.client(who).get(tab)
        assert (sums in page.content.decode()) is shown, who
    assert old.number in world.client("finance").get(tab).content.decode()
    assert sums in world.client("finance").get(late.order.get_absolute_url()).content.decode()
    assert past_due_of(customer(world, code="NEW").pk).count == 0
