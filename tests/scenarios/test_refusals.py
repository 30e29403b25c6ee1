"""Refusals on the way of an order: each with its rule numbers, and nothing changed."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from invoicing.models import Invoice, Receipt
from logistics.models import Shipment
from orders.models import SalesOrder
from tests.orders_world import again
from tests.walking import Walk, everything, pdf

pytestmark = pytest.mark.django_db

TEN = [{"product": "BRG-6204", "quantity": "10"}]


@pytest.fixture
def walk() -> Walk:
    return Walk(limit=200_000)


@pytest.fixture
def released(walk) -> SalesOrder:
    """Ten bearings, released, reserved from stock."""
    order = walk.to_approved(TEN)
    walk.release(order)
    return again(order)


@pytest.fixture
def dispatched(walk, released) -> Shipment:
    return walk.to_dispatched(released, {1: "10"})


@pytest.mark.rule("R1.1")
def test_without_the_customers_paper_an_order_is_not_submitted(walk):
    order = walk.enter(TEN)
    page = walk.page("rep", order)
    assert not page.has_form(f"/{order.number}/submit/")
    assert 'class="rule">R1.1<' in page.html
    before = everything()
    refused = walk("rep").open(f"{order.get_absolute_url()}edit/").send("/edit/", submit_order="1")
    assert (refused.status, refused.refused_by) == (409, ["R1.1"])
    refused = walk.force("rep", f"{order.get_absolute_url()}submit/", version=str(order.version))
    assert (refused.status, refused.refused_by) == (409, ["R1.1"])
    assert everything() == before


@pytest.mark.rule("R1.1")
def test_a_paper_without_its_confirmation_mark_is_not_enough(walk):
    order = walk.enter(TEN)
    page = walk.page("rep", order)
    page.send("/attach/", file=pdf("客户订单.pdf"))
    before = everything()
    refused = walk.force("rep", f"{order.get_absolute_url()}submit/")
    assert (refused.status, refused.refused_by) == (409, ["R1.1"])
    assert "客户订单.pdf" in refused.text
    assert everything() == before


@pytest.mark.rule("R2.10")
def test_nobody_approves_the_order_they_entered(walk):
    order = walk.enter(TEN, who="manager")
    walk.attach(order, who="manager")
    walk.submit(order, who="manager")
    walk.standardise(order)
    walk.approve(order, "support2", "finance")
    order = again(order)
    step = order.case.steps.get(kind="manager")
    assert not walk.page("manager", order).has_form("/decide/")
    before = everything()
    refused = walk.force(
        "manager",
        f"{order.get_absolute_url()}decide/",
        step_id=str(step.pk),
        digest=order.case.digest,
        decision="approve",
    )
    assert refused.status == 409
    assert "R2.10" in refused.refused_by
    assert everything() == before
    assert again(order).state == "in_review"


@pytest.mark.rule("R2.1")
def test_nothing_of_an_unapproved_order_is_shipped(walk):
    order = walk.enter(TEN)
    walk.attach(order)
    walk.submit(order)
    walk.standardise(order)
    page = walk("rep").open(f"{order.get_absolute_url()}ship/")
    assert not page.has_form("/ship/")
    assert 'class="rule">R2.1<' in page.html
    line = order.lines.get()
    before = everything()
    refused = walk.force(
        "rep", f"{order.get_absolute_url()}ship/", wanted_on="2030-01-01", **{f"quantity-{line.pk}": "1"}
    )
    assert refused.status == 409
    assert "R2.1" in refused.refused_by
    assert everything() == before


@pytest.mark.rule("R2.1")
def test_an_unapproved_order_is_not_released(walk):
    order = walk.enter(TEN)
    walk.attach(order)
    walk.submit(order)
    walk.standardise(order)
    before = everything()
    refused = walk.force("lead", f"{order.get_absolute_url()}release/")
    assert refused.status == 409
    assert set(refused.refused_by) == {"R2.1", "R1.10"}
    assert everything() == before


@pytest.mark.rule("R5.14")
def test_more_than_is_open_is_not_shipped(walk, released):
    before = everything()
    refused = walk.ask(released, {1: "11"})
    assert refused.status == 409
    assert refused.refused_by == ["R5.14", "R4.4"]
    assert "11 asked for, 10 free (10 open, 0 claimed by other shipments)" in refused.text
    assert refused.form("/ship/").fields[f"quantity-{released.lines.get().pk}"] == "11"
    assert everything() == before


@pytest.mark.rule("R5.14")
def test_what_another_shipment_claims_is_not_shipped_twice(walk, released):
    walk.ask(released, {1: "7"})
    before = everything()
    refused = walk.ask(released, {1: "4"})
    assert refused.status == 409
    assert "R5.14" in refused.refused_by
    assert everything() == before


@pytest.mark.rule("R5.9", "R5.4", "R5.5")
def test_a_shipment_without_its_signatures_stays(walk, released):
    walk.ask(released, {1: "10"})
    shipment = Shipment.objects.get()
    walk.sign(shipment, "finance")
    assert not walk.page("support", shipment).has_form(f"/{shipment.number}/release/")
    before = everything()
    refused = walk.force("support", f"{shipment.get_absolute_url()}release/", version=str(shipment.version))
    assert refused.status == 409
    assert refused.refused_by == ["R5.9", "R5.4", "R5.5"]
    assert everything() == before


@pytest.mark.rule("R6.2")
def test_no_more_than_the_goods_value_is_invoiced(walk, dispatched):
    before = everything()
    refused = walk.revenue(dispatched, kind="special", amount="186.01")
    assert (refused.status, refused.refused_by) == (409, ["R6.2"])
    assert everything() == before
    assert walk.revenue(dispatched, kind="special", amount="100.00").status == 200
    before = everything()
    refused = walk.revenue(dispatched, kind="special", amount="86.01")
    assert (refused.status, refused.refused_by) == (409, ["R6.2"])
    assert everything() == before
    assert Invoice.objects.get().amount == Decimal("100.00")


@pytest.mark.rule("R6.7")
def test_no_more_than_was_received_is_allocated(walk, released):
    walk.receive("100.00")
    receipt = Receipt.objects.get()
    before = everything()
    refused = walk.allocate(receipt, "100.01", order=released.number)
    assert refused.status == 409
    assert set(refused.refused_by) == {"R6.7"}
    assert everything() == before


def test_a_form_sent_twice_has_its_effect_once_and_shows_the_first_result(walk, released):
    for url, ending, model, filled in (
        ("/orders/new/", "/orders/new/", SalesOrder, {"customer": walk.customer.code}),
        (f"{released.get_absolute_url()}ship/", "/ship/", Shipment, {}),
        ("/receipts/new/", "/receipts/new/", Receipt, _money_for(walk)),
    ):
        who = walk("finance" if model is Receipt else "rep")
        page = who.open(url)
        first = page.send(ending, **filled)
        assert first.status == 200, first.text[:600]
        before = everything()
        second = page.send(ending, **filled)
        assert (second.status, second.url) == (200, first.url)
        assert "This was already done; here is the result." in second.text
        assert everything() == before, url


def test_a_verb_sent_twice_is_done_once(walk):
    order = walk.enter(TEN)
    walk.attach(order)
    page = walk.page("rep", order)
    assert page.send("/submit/").status == 200
    before = everything()
    second = page.send("/submit/")
    assert (second.status, second.url) == (200, order.get_absolute_url())
    assert everything() == before


def test_the_same_form_key_with_other_content_is_refused(walk):
    page = walk("finance").open("/receipts/new/")
    assert page.send("/receipts/new/", **_money_for(walk)).status == 200
    before = everything()
    other = page.send("/receipts/new/", **(_money_for(walk) | {"amount": "999.00"}))
    assert other.status == 409
    assert everything() == before
    assert Receipt.objects.get().amount == Decimal("100.00")


def test_an_old_version_changes_nothing_and_keeps_what_was_typed(walk):
    order = walk.enter(TEN)
    url = f"{order.get_absolute_url()}edit/"
    old = walk("rep").open(url)
    walk("manager").open(url).send("/edit/", customer_order_number="PO-OTHERS", **{"lines-0-quantity": "12"})
    before = everything()
    refused = old.send("/edit/", customer_order_number="PO-MINE", **{"lines-0-quantity": "15"})
    assert refused.status == 409
    assert everything() == before
    kept = refused.form("/edit/").fields
    assert (kept["customer_order_number"], kept["lines-0-quantity"]) == ("PO-MINE", "15")
    assert "PO-OTHERS" in refused.text
    assert "王建国" in refused.text
    saved = refused.send("/edit/")
    assert saved.status == 200
    assert (again(order).customer_order_number, order.lines.get().quantity) == ("PO-MINE", 15)


@pytest.mark.rule("R2.13")
def test_a_decision_on_a_page_gone_stale_does_not_count(walk):
    order = walk.enter(TEN)
    walk.attach(order)
    walk.submit(order)
    walk.standardise(order)
    step = again(order).case.steps.get(kind="support")
    slow = walk("support2").open(f"/approvals/?step={step.pk}")
    walk("lead").open(f"/approvals/?step={step.pk}").send("/decide/", having={"decision": "approve"})
    before = everything()
    refused = slow.send("/decide/", having={"decision": "approve"})
    assert refused.status == 409
    assert "R2.13" in refused.refused_by
    assert everything() == before


@pytest.mark.rule("R10.2")
def test_another_teams_order_does_not_exist(walk, dispatched):
    walk.revenue(dispatched, kind="special")
    order, invoice = dispatched.order, Invoice.objects.get()
    stranger = walk("rep2")
    before = everything()
    for noun, missing in (
        (order.get_absolute_url(), "/orders/HB-20200101-999/"),
        (dispatched.get_absolute_url(), "/shipments/SH-20200101-999/"),
        (invoice.get_absolute_url(), "/invoices/IR-20200101-999/"),
        (walk.customer.get_absolute_url(), "/customers/C-NOBODY/"),
    ):
        page, nothing = stranger.open(noun), stranger.open(missing)
        assert (page.status, nothing.status) == (404, 404), noun
        assert _same_body(page.html) == _same_body(nothing.html), noun
    for verb in ("edit/", "submit/", "attach/", "comment/", "ship/", "cancel/", "withdraw/"):
        assert walk.force("rep2", f"{order.get_absolute_url()}{verb}", comment="x").status == 404, verb
    assert walk.force("rep2", f"{dispatched.get_absolute_url()}request-again/").status == 404
    for noun in (order, dispatched):
        step = noun.case.steps.get(kind="manager")
        posted = {"step_id": str(step.pk), "digest": noun.case.digest, "decision": "approve"}
        assert walk.force("manager2", f"{noun.get_absolute_url()}decide/", **posted).status == 404
    assert order.number not in stranger.open("/orders/").html
    assert dispatched.number not in stranger.open("/shipments/").html
    assert order.get_absolute_url() not in stranger.open(f"/search/?q={order.number}").html
    assert everything() == before


@pytest.mark.rule("R2.11")
def test_a_refusal_goes_back_with_its_reason_and_the_order_is_mended_and_submitted_again(walk):
    order = walk.enter(TEN)
    walk.attach(order)
    walk.submit(order)
    walk.standardise(order)
    walk.approve(order, "support2", "finance")
    before = everything()
    assert walk.decide(again(order), "manager", approve=False).status in (409, 422)
    assert everything() == before
    assert walk.decide(again(order), "manager", approve=False, reason="价格请再核对").status == 200
    order = again(order)
    assert (order.state, order.case.round) == ("refused", 1)
    assert "价格请再核对" in walk.page("rep", order).text
    edit = walk("rep").open(f"{order.get_absolute_url()}edit/")
    assert edit.send("/edit/", submit_order="1", **{"lines-0-quantity": "9"}).status == 200
    walk.standardise(order)
    walk.approve(order, "support2", "finance", "manager")
    order = again(order)
    assert (order.state, order.case.round, order.grand_total) == ("approved", 2, Decimal("167.40"))
    assert walk.credit()[0] == Decimal("167.40")


def _money_for(walk: Walk) -> dict[str, str]:
    return {
        "customer": str(walk.customer.pk),
        "amount": "100.00",
        "method": "transfer",
        "payer": walk.customer.name,
    }


def _same_body(html: str) -> str:
    """The page without what differs on every page: tokens and form keys."""
    html = re.sub(r'(csrfmiddlewaretoken|form_key)" value="[^"]+"', "", html)
    return re.sub(r'name="csrf-token" content="[^"]+"|"X-CSRFToken": ?"[^"]+"|X-CSRFToken[^,}]+', "", html)
