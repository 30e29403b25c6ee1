"""R2.6, I4: an order is within its customer's limit, or somebody who may said yes to what passes it."""

import uuid
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from approvals.models import AuthorityLimit, Step
from approvals.parameters import USUAL
from approvals.triggers import readable_by, told
from core import invariants
from core.models import Event
from core.rules import Blocked
from customers.actions import ask_change, decide_change
from customers.models import CreditEntry, Customer, CustomerChange, PaymentTerms
from customers.queries import exposure_of
from inventory.models import Requirement
from orders import actions
from tests import orders_world as desk

pytestmark = pytest.mark.django_db
WHO = ("support2", "finance", "manager")


def buyer(world, limit=1000, code="C-LINE"):
    """Thirty days on a credit line."""
    return desk.customer(
        world,
        code,
        credit_line=True,
        credit_limit=Decimal(limit),
        payment_terms="credit",
        credit_days=30,
    )


def in_review(world, of, amount, **how):
    """Of so many at 1.00 each, waiting for its yeses."""
    desk.product(world, "ONE", price="1.00", stock=100_000)
    return desk.order_in_review(world, of=of, lines=(("ONE", str(amount)),), **how)


def approve(world, order, *who):
    for each in who or WHO:
        order = desk.decide(world, order, each)
    return desk.again(order)


def kinds(order, **of):
    rows = order.case.steps.filter(round=order.case.round, **of).order_by("sequence", "pk")
    return list(rows.values_list("kind", flat=True))


def change(world, customer, **new):
    asked = ask_change(customer, changes=new, reason="复核", actor=world.rep)
    for kind, who in (("finance", world.finance), ("manager", world.manager)):
        asked = CustomerChange.objects.get(pk=asked.pk)
        step = asked.case.steps.get(kind=kind)
        decide_change(asked, step_id=step.pk, approve=True, digest=asked.case.digest, actor=who)


def refused(verb, order, **how):
    """The rules by which the verb was refused, after nothing was changed."""
    before = (Event.objects.count(), CreditEntry.objects.count(), desk.again(order).state)
    with pytest.raises(Blocked) as refusal:
        verb(order, **how)
    assert (Event.objects.count(), CreditEntry.objects.count(), desk.again(order).state) == before
    assert not Requirement.objects.filter(order_line__order=order).exists()
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R2.6")
def test_of_two_orders_that_fit_alone_the_second_goes_to_the_general_manager(world):
    of = buyer(world)
    first, second = in_review(world, of, 600), in_review(world, of, 660)
    assert "general" not in kinds(first) + kinds(second)

    first = approve(world, first)
    second = approve(world, second)

    assert (first.state, second.state, second.case.round) == ("approved", "in_review", 2)
    assert kinds(second, state="open") == ["general"]
    assert kinds(second, carried_from__isnull=False) == ["support", "finance", "manager"]
    assert exposure_of(of.pk).total_exposure == 600
    asked = second.case.steps.get(kind="general", round=2)
    assert [(each["name"], each["facts"]["over"]) for each in asked.triggers] == [("credit", "260.00")]
    assert Event.objects.filter(thread=second.thread, verb="order.credit_asked").exists()

    second = desk.decide(world, second, "gm")

    assert second.state == "approved"
    assert Step.objects.get(pk=asked.pk).ceiling == 1260
    entry = CreditEntry.objects.get(document=second.number)
    assert entry.approval == f"{second.number}/2 #{asked.pk}"
    assert CreditEntry.objects.get(document=first.number).approval == "R2.6 ≤ 1000.00"
    assert invariants.broken() == {}


@pytest.mark.rule("R2.6", "R2.11")
def test_the_general_managers_no_sends_it_back_and_commits_nothing(world):
    of = buyer(world)
    first, second = in_review(world, of, 600), in_review(world, of, 660)
    approve(world, first)
    second = approve(world, second)

    step = second.case.steps.get(kind="general", round=2)
    second = actions.decide_order(
        second, step_id=step.pk, approve=False, reason="超限", digest=second.case.digest, actor=world.gm
    )

    assert (second.state, exposure_of(of.pk).total_exposure) == ("refused", 600)


@pytest.mark.rule("R2.6")
def test_both_are_released_under_the_later_yes_which_saw_both(world):
    of = buyer(world)
    first, second = in_review(world, of, 600), in_review(world, of, 660)
    first = desk.confirm_back(world, approve(world, first))
    second = desk.confirm_back(world, approve(world, approve(world, second), "gm"))

    assert actions.release_order(first, actor=world.lead).state == "released"
    assert actions.release_order(second, actor=world.lead).state == "released"
    assert invariants.broken() == {}


@pytest.mark.rule("R2.6")
@pytest.mark.parametrize(
    "new", [{"credit_limit": Decimal(500)}, {"credit_line": False, "credit_limit": Decimal(0)}]
)
def test_a_limit_lowered_or_taken_away_holds_the_release_until_somebody_who_may_says_yes(world, new):
    of = buyer(world)
    order = desk.confirm_back(world, approve(world, in_review(world, of, 600)))
    change(world, of, **new)

    assert refused(actions.release_order, order, actor=world.lead) == ["R2.6"]

    order = actions.weigh_credit_again(order, actor=world.lead)
    assert (order.state, kinds(order, state="open")) == ("in_review", ["general"])
    assert exposure_of(of.pk).total_exposure == 0

    order = desk.again(desk.decide(world, order, "gm"))
    assert (order.state, exposure_of(of.pk).total_exposure) == ("approved", 600)
    assert order.confirmed_at is not None  # the customer is not asked again for the same
    assert order.confirmations.count() == 1
    assert actions.release_order(order, actor=world.lead).state == "released"
    assert invariants.broken() == {}


@pytest.mark.rule("R1.10", "R2.6")
@pytest.mark.parametrize("end", ["refused", "withdrawn"])
def test_put_before_somebody_again_and_sent_back_the_customers_yes_does_not_cover_other_content(world, end):
    """Confirmed on paper, without an address: no newer confirmation goes out by itself in its place."""
    of = buyer(world)
    Customer.objects.filter(pk=of.pk).update(email="")
    order = desk.confirm_back(world, approve(world, in_review(world, of, 600)))
    change(world, of, credit_limit=Decimal(500))
    order = actions.weigh_credit_again(order, actor=world.lead)

    if end == "refused":
        desk.decide(world, order, "gm", approve=False, reason="超限")
    else:
        actions.withdraw_order(order, actor=world.rep)

    order = desk.again(order)
    assert (order.confirmed_at, order.confirmations.get().state) == (None, "superseded")
    assert order.lines.get().first_promised_on is None
    assert Client().get(desk.link_of(order)).status_code == 404
    assert invariants.broken() == {}


@pytest.mark.rule("R2.6")
def test_the_page_says_why_and_offers_to_have_it_decided(world):
    of = buyer(world)
    order = desk.confirm_back(world, approve(world, in_review(world, of, 600)))
    url = reverse("orders:weigh_again", args=[order.number])
    lead = world.client("lead")
    assert url not in lead.get(order.get_absolute_url()).content.decode()
    assert lead.post(url, {"form_key": str(uuid.uuid4())}).status_code == 409
    change(world, of, credit_limit=Decimal(500))

    page = lead.get(order.get_absolute_url()).content.decode()
    assert url in page
    assert "R2.6" in page
    assert lead.post(url, {"form_key": str(uuid.uuid4())}).status_code == 302

    assert desk.again(order).state == "in_review"


@pytest.mark.rule("R2.6")
def test_what_is_covered_is_not_weighed_again(world):
    order = approve(world, in_review(world, buyer(world), 600))

    assert refused(actions.weigh_credit_again, order, actor=world.lead) == ["R2.6"]
    change(world, order.customer, credit_limit=Decimal(500))
    assert refused(actions.weigh_credit_again, order, actor=world.rep) == ["R10.2"]


@pytest.mark.rule("R2.6", "R2.2")
def test_an_earlier_yes_covers_only_the_exposure_that_it_was_given_for(world):
    """The limit was raised meanwhile: the excess is smaller than signed, the exposure larger."""
    of = buyer(world)
    order = approve(world, in_review(world, of, 1500))
    order = desk.again(desk.decide(world, order, "gm"))
    change(world, of, credit_limit=Decimal(2000))
    other = approve(world, in_review(world, of, 400, channel_reference="2"))
    assert other.state == "approved"
    change(world, of, credit_limit=Decimal(1850))
    order = desk.confirm_back(world, order)

    assert refused(actions.release_order, order, actor=world.lead) == ["R2.6"]
    order = actions.weigh_credit_again(order, actor=world.lead)

    assert kinds(order, state="open") == ["general"]  # not carried over, though it is beyond by less
    desk.decide(world, order, "gm")
    assert Step.objects.get(kind="general", round=F("case__round"), case=order.case).ceiling == 1900


@pytest.mark.rule("R2.6", "R2.2")
def test_a_manager_who_may_pass_the_limit_covers_it_alone(world):
    AuthorityLimit.objects.create(**{**USUAL, "person": world.manager, "may_exceed_credit": True})
    of = buyer(world)
    first, second = in_review(world, of, 600), in_review(world, of, 660)
    approve(world, first)

    second = approve(world, second)

    assert second.state == "approved"
    assert second.case.steps.get(kind="manager", round=1).ceiling == 1260
    assert invariants.broken() == {}


@pytest.mark.rule("R2.6")
def test_money_first_takes_no_credit_yet_an_excess_that_is_there_is_shown(world):
    of = buyer(world, 100)
    first = in_review(world, of, 150)
    approve(world, approve(world, first), "gm")
    order = in_review(world, of, 900, payment_terms="deposit", deposit_percent=Decimal(30), credit_days=0)

    found = {each["name"]: each for each in order.case.findings if each["rule"] == "R2.6"}

    assert set(found) == {"order_money_first", "order_limit_passed_already"}
    assert found["order_limit_passed_already"]["tone"] == "pending"
    assert found["order_limit_passed_already"]["facts"]["over"] == "50"
    assert "general" not in kinds(order)
    assert approve(world, order).state == "approved"
    assert CreditEntry.objects.get(document=order.number).approval == "R6.8 deposit"
    assert [each["name"] for each in readable_by(world.warehouse, order.case.findings)].count(
        "order_limit_passed_already"
    ) == 0
    assert invariants.broken() == {}


@pytest.mark.rule("R2.2", "R2.6")
def test_without_a_line_each_order_that_pays_later_is_beyond_the_limit(world):
    of = desk.customer(world, "C-NONE", payment_terms="credit", credit_days=30)
    order = in_review(world, of, 200)
    assert kinds(order)[-1] == "general"

    order = desk.again(desk.decide(world, approve(world, order), "gm"))

    assert order.state == "approved"
    assert Step.objects.get(case=order.case, kind="general").ceiling == 200
    cash = desk.customer(world, "C-CASH", payment_terms="on_delivery")
    order = approve(world, in_review(world, cash, 200))
    assert CreditEntry.objects.get(document=order.number).approval == "R5.3 on_delivery"
    assert invariants.broken() == {}


@pytest.mark.rule("R2.6")
@pytest.mark.parametrize("words", ["R2.6 ≤ 599.99", "R6.8 prepaid", "R5.3 credit", "X/1 #0", "said so"])
def test_the_invariant_finds_an_approval_that_nothing_covered(world, monkeypatch, words):
    monkeypatch.setattr("orders.actions.review.cover_of", lambda *_asked: words)

    approve(world, in_review(world, buyer(world), 600))

    assert [rows[0]["approval"] for rows in invariants.broken(("I4",)).values()] == [words]


@pytest.mark.rule("R3.2", "R2.2")
@pytest.mark.parametrize(
    ("terms", "names"),
    [
        ({"deposit_percent": Decimal(10)}, ["terms_production"]),
        (
            {"payment_terms": "on_delivery", "deposit_percent": Decimal(0)},
            ["terms_production", "terms_shipping"],
        ),
        (
            {"payment_terms": "monthly", "deposit_percent": Decimal(30), "credit_days": 60},
            ["payment_days", "terms_days", "terms_shipping", "no_credit"],
        ),
    ],
)
def test_terms_easier_than_agreed_go_to_the_general_manager_with_both_shown(world, terms, names):
    of = desk.customer(world, "C-D", payment_terms="deposit", deposit_percent=Decimal(30))
    order = in_review(world, of, 200, **terms)

    asked = order.case.steps.get(kind="general")
    assert [each["name"] for each in asked.triggers] == names
    finding = next(each for each in order.case.findings if each["name"] == "order_terms_easier")
    assert (finding["rule"], finding["tone"]) == ("R3.2", "blocked")
    said = told([finding])[0]["sentence"]
    assert str(PaymentTerms.DEPOSIT.label) in said
    assert "30" in said
    approve(world, order)
    assert desk.again(order).state == "in_review"


@pytest.mark.rule("R3.2")
@pytest.mark.parametrize(
    ("terms", "name"),
    [
        ({}, "order_terms_agreed"),
        ({"deposit_percent": Decimal(50)}, "order_terms_differ"),
        ({"payment_terms": "prepaid", "deposit_percent": Decimal(0)}, "order_terms_differ"),
    ],
)
def test_terms_as_agreed_or_stricter_ask_for_nobody_and_are_told(world, terms, name):
    of = desk.customer(world, "C-D", payment_terms="deposit", deposit_percent=Decimal(30))
    order = in_review(world, of, 200, **terms)

    assert "general" not in kinds(order)
    found = [(each["name"], each["tone"]) for each in order.case.findings if each["rule"] == "R3.2"]
    assert found == [(name, "done")]


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize(("days", "general"), [(30, False), (31, True), (60, True)])
def test_month_end_terms_count_the_days_to_the_month_end(world, days, general):
    of = desk.customer(
        world,
        "C-M",
        credit_line=True,
        credit_limit=Decimal(10_000),
        payment_terms="monthly",
        credit_days=days,
    )
    order = in_review(world, of, 200)

    assert ("general" in kinds(order)) is general
    assert order.case.facts["payment_days"] == days + 30


@pytest.mark.rule("R5.7")
def test_an_order_in_another_currency_than_its_customers_is_neither_submitted_nor_approved_nor_released(
    world,
):
    draft = desk.draft_order(world)
    desk.paper(draft, world.rep)
    type(draft.customer).objects.update(currency="USD")
    assert refused(actions.submit_order, draft, actor=world.rep) == ["R5.7"]

    type(draft.customer).objects.update(currency="CNY")
    order = approve(world, in_review(world, buyer(world), 10), "support2", "finance")
    type(draft.customer).objects.update(currency="USD")
    step = order.case.steps.get(kind="manager")
    how = {"step_id": step.pk, "approve": True, "digest": order.case.digest, "actor": world.manager}
    assert refused(actions.decide_order, order, **how) == ["R5.7"]
    assert any("currency" in each for each in invariants.broken(("I4",)))

    type(draft.customer).objects.update(currency="CNY")
    order = desk.confirm_back(world, approve(world, order, "manager"))
    type(draft.customer).objects.update(currency="USD")
    assert refused(actions.release_order, order, actor=world.lead) == ["R5.7"]
