"""The release gate: who must sign, what the money covers, what the credit limit holds (R5.2 to R5.7)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.queries import system_user
from core import invariants
from core.models import Event
from core.rules import Blocked
from customers.actions import block_customer, lock_credit_account, post_exposure
from customers.models import CreditAccount, CreditEntry
from logistics import actions, gates
from logistics.models import ShipmentLine
from orders.actions import release_order
from tests.orders_world import approved_order, confirm_back, customer, product
from tests.shipping_world import (
    again,
    cash_customer,
    credit_customer,
    deposit,
    order_to_ship,
    receipt,
    released_shipment,
    requested_shipment,
    sign,
    signed_shipment,
)

pytestmark = pytest.mark.django_db


def rules_of(shipment, actor=None):
    return [reason.rule for reason in gates.RELEASE.reasons(again(shipment), actor)]


def kinds(shipment):
    return list(shipment.case.steps.order_by("sequence", "pk").values_list("kind", flat=True))


def refused(shipment, actor):
    """Try the release; the reasons, and that nothing changed."""
    before = again(shipment)
    entries = CreditEntry.objects.count()
    with pytest.raises(Blocked) as refusal:
        actions.release_shipment(shipment, actor=actor)
    after = again(shipment)
    assert (after.state, after.version, after.released_at) == (before.state, before.version, None)
    assert CreditEntry.objects.count() == entries
    assert not Event.objects.filter(verb="shipment.released").exists()
    return refusal.value.reasons


@pytest.mark.rule("R5.2", "R5.5")
def test_paid_by_contract_needs_finance_support_and_the_head(world):
    order = order_to_ship(world, of=customer(world))  # prepaid, and paid before its release
    shipment = requested_shipment(world, order=order)
    assert (shipment.release_case, shipment.beyond_paid) == ("R5.2", 0)
    assert kinds(shipment) == ["finance", "support", "head"]
    for kind in kinds(shipment):
        sign(world, shipment, kind)
    released = actions.release_shipment(shipment, actor=world.support)
    assert released.state == "released"
    assert invariants.broken() == {}


@pytest.mark.rule("R5.2")
def test_money_used_by_an_earlier_shipment_pays_for_no_second_one(world):
    order = order_to_ship(world, of=cash_customer(world))
    half = order.grand_total / 2
    deposit(world, order, half)
    first = released_shipment(world, order=order, quantities={1: 5})
    assert (first.release_case, first.billable) == ("R5.2", half)
    second = requested_shipment(world, order=order, quantities={1: 5})
    assert (second.release_case, second.beyond_paid) == ("R5.3", half)


@pytest.mark.rule("R5.2", "R5.3", "R5.4")
@pytest.mark.parametrize("credit", [True, False])
def test_two_signed_as_paid_cannot_both_leave_on_the_same_money(world, credit):
    buyer = credit_customer(world) if credit else cash_customer(world)
    order = order_to_ship(world, of=buyer)
    half = order.grand_total / 2
    deposit(world, order, half)
    receipt(world, 10_000, of=buyer)  # not named for this order: it pays for nothing here
    first = signed_shipment(world, order=order, quantities={1: 5})
    second = signed_shipment(world, order=order, quantities={1: 5})
    assert (first.release_case, second.release_case) == ("R5.2", "R5.2")
    actions.release_shipment(first, actor=world.support)
    with pytest.raises(Blocked) as refusal:
        actions.release_shipment(second, actor=world.support)
    assert [reason.rule for reason in refusal.value.reasons] == ["R5.2"]
    assert again(second).state == "requested"
    again_asked = actions.request_again(second, actor=world.rep)
    assert again_asked.release_case == ("R5.4" if credit else "R5.3")


@pytest.mark.rule("R5.3", "R5.5", "R5.9")
def test_a_blocked_release_gives_every_reason_and_changes_nothing(world):
    order = order_to_ship(world, of=cash_customer(world))
    shipment = requested_shipment(world, order=order)
    assert kinds(shipment) == ["finance", "support", "head", "manager"]
    reasons = refused(shipment, world.support)
    assert [reason.rule for reason in reasons] == ["R5.9", "R5.9", "R5.3", "R5.5", "R5.7"]
    by_rule = {reason.key: reason for reason in reasons}
    assert by_rule["manager_has_approved_unpaid"].opened_by == ("sales_manager",)
    assert by_rule["head_has_confirmed"].opened_by == ("sales_head",)
    assert by_rule["finance_has_checked"].since is not None
    assert by_rule["exposure_is_covered"].facts["after"] == f"{order.grand_total:,.2f}"


@pytest.mark.rule("R5.3")
def test_beyond_payment_the_managers_yes_covers_this_exposure_and_is_listed(world):
    order = order_to_ship(world, of=cash_customer(world))
    deposit(world, order, "100.00")
    shipment = released_shipment(world, order=order)
    assert shipment.release_case == "R5.3"
    assert shipment.beyond_paid == order.grand_total - 100
    entry = CreditEntry.objects.get(document=shipment.number)
    assert "R5.3" in entry.approval
    assert invariants.broken() == {}


@pytest.mark.rule("R5.4", "R5.5")
def test_a_credit_line_needs_the_manager_and_the_head(world):
    shipment = requested_shipment(world)
    assert shipment.release_case == "R5.4"
    assert kinds(shipment) == ["finance", "support", "head", "manager"]
    for kind in ("finance", "support", "manager"):
        sign(world, shipment, kind)
    assert [reason.rule for reason in refused(shipment, world.support)] == ["R5.5"]
    sign(world, shipment, "head")
    assert actions.release_shipment(shipment, actor=world.support).beyond_limit == 0


@pytest.mark.rule("R5.4")
def test_up_to_a_fifth_beyond_the_limit_the_manager_covers_and_it_is_listed(world):
    shipment = released_shipment(world, of=credit_customer(world, 160))
    assert shipment.release_case == "R5.4"
    assert shipment.beyond_limit == 26
    assert "R5.4" in CreditEntry.objects.get(document=shipment.number).approval


@pytest.mark.rule("R5.6")
def test_more_than_a_fifth_beyond_the_limit_is_the_general_managers(world):
    shipment = requested_shipment(world, of=credit_customer(world, 150))
    assert shipment.release_case == "R5.6"
    for kind in ("finance", "support", "manager", "head"):
        sign(world, shipment, kind)
    reasons = refused(shipment, world.support)
    assert [reason.rule for reason in reasons] == ["R5.6", "R5.7"]
    sign(world, shipment, "general")
    assert actions.release_shipment(shipment, actor=world.support).beyond_limit == 36
    assert invariants.broken() == {}


@pytest.mark.rule("R5.4", "R5.7")
@pytest.mark.parametrize(("days", "leaves"), [(-1, False), (0, True), (1, True)])
def test_a_yes_that_ends_on_a_day_covers_up_to_and_with_that_day(world, days, leaves):
    shipment = requested_shipment(world, of=credit_customer(world, 160))
    until = timezone.localdate() + timedelta(days=3)
    for kind in ("finance", "support", "manager", "head"):
        sign(world, shipment, kind, **({"ceiling_until": until} if kind == "manager" else {}))
    step = again(shipment).case.steps.get(kind="manager")
    assert (step.ceiling, step.ceiling_until) == (192, until)
    with time_machine.travel(timezone.now() + timedelta(days=3 - days), tick=False):
        if leaves:
            assert actions.release_shipment(shipment, actor=world.support).state == "released"
        else:
            assert [reason.rule for reason in refused(shipment, world.support)] == ["R5.7"]
    assert invariants.broken() == {}


@pytest.mark.rule("R5.7")
def test_a_yes_that_has_ended_already_is_none(world):
    shipment = requested_shipment(world, of=credit_customer(world, 160))
    for kind in ("finance", "support"):
        sign(world, shipment, kind)
    step, events = again(shipment).case.steps.get(kind="manager"), Event.objects.count()
    sent = {"decision": "approve", "step_id": step.pk, "digest": step.case.digest, "form_key": uuid.uuid4()}
    sent["ceiling_until"] = timezone.localdate() - timedelta(days=1)
    page = world.client("manager").post(f"{shipment.get_absolute_url()}decide/", sent)
    assert page.status_code == 409
    assert f'value="{sent["ceiling_until"]}"' in page.content.decode()
    assert (again(shipment).case.steps.get(kind="manager").state, Event.objects.count()) == ("open", events)


@pytest.mark.rule("R5.7")
def test_two_that_each_fit_but_not_both_cannot_both_pass_as_within_the_limit(world):
    buyer = credit_customer(world, 200)
    first = signed_shipment(world, of=buyer)
    second = signed_shipment(world, of=buyer)
    actions.release_shipment(first, actor=world.support)
    with pytest.raises(Blocked) as refusal:
        actions.release_shipment(second, actor=world.support)
    assert [reason.rule for reason in refusal.value.reasons] == ["R5.7"]
    said = refusal.value.reasons[0]
    assert (said.facts["exposure"], said.facts["after"], said.facts["ceiling"]) == (
        "186.00",
        "372.00",
        "240.00",
    )
    assert "372.00" in said.told_to(world.manager)
    assert "372.00" not in said.told_to(world.rep)
    assert again(second).state == "requested"
    assert CreditAccount.objects.get(pk=buyer.pk).released == 186


@pytest.mark.rule("R5.7")
def test_asked_for_again_it_is_decided_by_the_right_person(world):
    buyer = credit_customer(world, 200)
    first, second = signed_shipment(world, of=buyer), signed_shipment(world, of=buyer)
    actions.release_shipment(first, actor=world.support)
    second = actions.request_again(second, actor=world.rep)
    assert second.release_case == "R5.6"
    assert set(rules_of(second)) == {"R5.9", "R5.5", "R5.6", "R5.7"}


@pytest.mark.rule("R5.6")
def test_blocked_after_the_request_it_does_not_leave(world):
    shipment = signed_shipment(world)
    block_customer(shipment.order.customer, reason="Dispute", actor=system_user())
    reasons = refused(shipment, world.support)
    assert [reason.rule for reason in reasons] == ["R5.6"]
    assert "Dispute" in reasons[0].sentence


@pytest.mark.rule("R2.11")
def test_what_was_changed_after_the_signatures_does_not_leave(world):
    shipment = signed_shipment(world)
    ShipmentLine.objects.filter(shipment=shipment).update(quantity=Decimal(9))
    assert [reason.rule for reason in refused(shipment, world.support)] == ["R2.11"]


@pytest.mark.rule("R5.9")
def test_the_rep_may_not_release(world):
    shipment = signed_shipment(world)
    assert [reason.rule for reason in refused(shipment, world.rep)] == ["R10.2"]


@pytest.mark.rule("R2.10")
def test_nobody_signs_what_they_asked_for(world):
    order = order_to_ship(world)
    line = order.lines.get()
    shipment = actions.request_shipment(
        order, quantities={line.pk: line.quantity}, wanted_on=order.ordered_on, actor=world.support
    )
    sign(world, shipment, "finance")
    with pytest.raises(Blocked) as refusal:
        sign(world, shipment, "support", who="support")
    assert "R2.10" in {reason.rule for reason in refusal.value.reasons}
    assert again(shipment).case.steps.get(kind="support").state == "open"


@pytest.mark.rule("R5.5")
def test_one_person_who_is_manager_and_head_signs_once_for_both(world):
    world.manager.groups.add(*world.head.groups.all())
    world.again("manager")
    shipment = requested_shipment(world)
    for kind in ("finance", "support"):
        sign(world, shipment, kind)
    sign(world, shipment, "head", who="manager")
    steps = again(shipment).case.steps
    assert {steps.get(kind=kind).decided_by for kind in ("manager", "head")} == {world.manager}
    assert steps.get(kind="manager").ceiling == 120_000
    assert actions.release_shipment(shipment, actor=world.support).state == "released"


@pytest.mark.rule("R6.8")
def test_a_deposit_that_went_back_holds_the_shipment_too(world):
    buyer = customer(world, "C-D", payment_terms="deposit", deposit_percent=Decimal(30))
    product(world, "BRG-6204", stock=100, price="18.60")
    order = approved_order(world, of=buyer)
    deposit(world, order, "55.80")
    shipment = requested_shipment(world, order=release_order(confirm_back(world, order), actor=world.lead))
    assert "R6.8" not in rules_of(shipment)

    account = lock_credit_account(buyer.pk)
    back = Decimal("-0.80")
    post_exposure(account, order.number, document="RC-BACK", actor=world.finance, received=back, paid=back)

    reasons = [each for each in gates.RELEASE.reasons(again(shipment)) if each.rule == "R6.8"]
    assert [(each.facts["due"], each.facts["paid"]) for each in reasons] == [("55.80", "55.00")]
    assert "R6.8" in [each.rule for each in refused(shipment, world.support)]
