"""R2.2, R2.10: who agrees a price below the list alone, who says yes besides, and what rests on it."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.authority import deviation_limits
from approvals.gates.step import actor_may_sign
from approvals.models import AuthorityLimit, Step
from approvals.parameters import USUAL
from approvals.states import StepKind
from core.invariants import broken
from core.models import Event
from core.rules import Blocked
from customers import actions
from customers.models import CustomerChange, PriceAgreement
from customers.queries import agreed_prices
from inventory.models import ProductCategory
from orders.agreed import agreed_alone_by
from orders.findings import order_facts, pre_check
from orders.queries import with_content
from tests import orders_world as desk
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "18.60"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def known(world):
    return desk.customer(world)


def agree(world, known, price, *, who="support", code="BRG-6204", reason="large volume", **more):
    row = {"product": desk.product(world, code), "price": Decimal(price), "valid_from": timezone.localdate()}
    return actions.add_agreements(known, rows=[row | more], actor=world.people[who], reason=reason)


def price_now(known, code="BRG-6204"):
    product = desk.Product.objects.get(code=code)
    today = timezone.localdate()
    return agreed_prices(known.pk, {product.pk: Decimal(1)}, currency="CNY", on=today).get(product.pk)


def decide(world, change, who, approve=True, reason=""):
    step = change.case.steps.get()
    return actions.decide_change(
        change,
        step_id=step.pk,
        approve=approve,
        reason=reason,
        digest=change.case.digest,
        actor=world.people[who],
    )


def refused(verb, *args, **kwargs):
    models = (CustomerChange, PriceAgreement, Event, Step)

    def kept():
        return [list(each.objects.order_by("pk").values()) for each in models]

    before = kept()
    with pytest.raises(Blocked) as refusal:
        verb(*args, **kwargs)
    assert kept() == before
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R2.2", "R1.7")
def test_a_price_far_below_the_list_waits_for_a_second_yes_and_prices_nothing(world, known):
    agreed = agree(world, known, "0.01")
    assert agreed.made == []
    assert price_now(known) is None
    assert not PriceAgreement.objects.exists()
    step = agreed.change.case.steps.get()
    assert (step.kind, agreed.change.state) == (StepKind.GENERAL, "open")
    assert {each["name"] for each in step.triggers} == {"price_agreed_low", "price_beyond_manager"}

    assert refused(decide, world, agreed.change, "manager") == ["R2.12"]
    decide(world, agreed.change, "gm")
    assert price_now(known) == Decimal("0.01")
    held = PriceAgreement.objects.get()
    assert (held.entered_by, held.change) == (world.support, agreed.change)
    assert broken(("I13",)) == {}


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize(
    ("price", "who", "asked"),
    [
        ("18.60", "support", None),
        ("18.42", "support", None),  # within a hundredth of the list
        ("18.40", "support", StepKind.MANAGER),
        ("16.74", "finance", StepKind.MANAGER),  # as far as the manager's tenth goes
        ("16.73", "finance", StepKind.GENERAL),
        ("16.74", "manager", None),
        ("16.73", "manager", StepKind.GENERAL),
        ("30", "support", None),
    ],
)
def test_how_far_below_the_list_says_who_is_asked(world, known, price, who, asked):
    change = agree(world, known, price, who=who).change
    assert (change and change.case.steps.get().kind) == asked
    assert price_now(known) == (None if asked else Decimal(price))


@pytest.mark.rule("R2.2")
def test_what_the_list_has_no_price_for_needs_somebody_with_authority(world, known):
    product = desk.product(world)
    product.prices.all().delete()
    assert agree(world, known, "5").change.case.steps.get().kind == StepKind.MANAGER
    assert agree(world, known, "5", who="manager", min_quantity=Decimal(10)).change is None


@pytest.mark.rule("R2.2")
def test_a_category_has_its_own_limit_for_prices(world, known):
    category = ProductCategory.objects.create(code="MOLD", name="模具")
    AuthorityLimit.objects.create(**{**USUAL, "max_deviation": Decimal(3)}, category="MOLD")
    limits = deviation_limits(world.manager, team_id=known.team_id, categories={"MOLD", "X"})
    assert limits == {"": Decimal(10), "MOLD": Decimal(3), "X": Decimal(10)}
    assert deviation_limits(world.gm, team_id=known.team_id) == {"": None}
    assert deviation_limits(world.support, team_id=known.team_id) == {"": Decimal(0)}
    desk.product(world, "M-1", category=category)
    assert agree(world, known, "17.67", code="M-1").change.case.steps.get().kind == StepKind.GENERAL


@pytest.mark.rule("R2.2", "R3.1")
def test_the_others_of_a_block_hold_at_once(world, known):
    today = timezone.localdate()
    rows = [
        {"product": desk.product(world, code), "price": Decimal(price), "valid_from": today}
        for code, price in (("P-1", LIST), ("P-2", "15"), ("P-3", "19"))
    ]
    assert refused(actions.add_agreements, known, rows=rows, actor=world.support) == ["R2.2"]
    agreed = actions.add_agreements(known, rows=rows, actor=world.support, reason="tender")
    assert [each.product.code for each in agreed.made] == ["P-1", "P-3"]
    assert [row["product"] for row in agreed.change.prices] == ["P-2"]
    assert refused(actions.add_agreements, known, rows=rows[1:2], actor=world.support, reason="x") == ["R3.1"]
    assert Event.objects.get(verb="agreement.added_many").facts["count"] == 2


@pytest.mark.rule("R2.10", "R2.12")
def test_who_entered_it_never_says_yes_and_nobody_beyond_their_own_authority(world, known):
    change = agree(world, known, "15", who="manager").change
    assert "R2.10" in refused(decide, world, change, "manager")
    within = agree(world, known, "17", min_quantity=Decimal(5)).change
    assert within.case.steps.get().kind == StepKind.MANAGER
    row = {**USUAL, "max_deviation": Decimal(5)}
    AuthorityLimit.objects.create(**row, person=world.manager)
    assert refused(decide, world, within, "manager") == ["R2.12"]


@pytest.mark.rule("R2.2", "R2.11")
def test_a_refused_price_never_holds_and_one_taken_back_neither(world, known):
    change = agree(world, known, "17").change
    decide(world, change, "manager", approve=False, reason="too low")
    other = agree(world, known, "17", min_quantity=Decimal(5)).change
    actions.withdraw_change(other, actor=world.support)
    assert not PriceAgreement.objects.exists()
    assert refused(decide, world, other, "manager")


@pytest.mark.rule("R2.2", "R3.1")
def test_what_was_agreed_meanwhile_leaves_no_place_for_what_waits(world, known):
    change = agree(world, known, "17").change
    row = {"product": desk.product(world), "price": 18, "valid_from": timezone.localdate()}
    PriceAgreement.objects.create(customer=known, entered_by=world.manager, **row)
    assert refused(decide, world, change, "manager") == ["R3.1"]


def submitted(world, known):
    order = with_content(desk.draft_order(world, of=known))
    account = known.credit
    return order, order_facts(order, account), pre_check(order, account)


@pytest.mark.rule("R2.10", "R1.7")
def test_who_alone_agreed_a_low_price_does_not_decide_on_the_order_that_rests_on_it(world, known):
    agree(world, known, "17", who="manager")
    order, facts, found = submitted(world, known)
    assert agreed_alone_by(order) == facts.agreed_by == (world.manager.pk,)
    assert "order_agreed_alone" in {each["name"] for each in found}
    order = desk.order_in_review(world, of=known)
    for who in ("support2", "finance"):
        desk.decide(world, order, who)
    assert refused(desk.decide, world, order, "manager") == ["R2.10", "R2.12"]
    step = desk.again(order).case.steps.get(kind=StepKind.MANAGER)
    assert actor_may_sign.broken(step, world.head) == []


@pytest.mark.rule("R2.10")
def test_a_price_that_two_agreed_or_near_the_list_bars_nobody(world, known):
    decide(world, agree(world, known, "17").change, "manager")
    _order, facts, found = submitted(world, known)
    assert facts.agreed_by == ()
    told = [each for each in found if each["name"].startswith("order_agreed")]
    assert [(each["name"], each["tone"]) for each in told] == [("order_agreed_by_two", "done")]


def post(client, name, *args, **fields):
    return client.post(reverse(f"customers:{name}", args=args), {"form_key": uuid.uuid4(), **fields})


@pytest.mark.rule("R2.2", "R10.2")
def test_it_is_asked_for_shown_waiting_and_decided_on_the_pages(world, known):
    desk.product(world)
    support, today = world.client("support"), f"{timezone.localdate():%Y-%m-%d}"
    typed = {"product": "BRG-6204", "min_quantity": "0", "price": "17", "valid_from": today}
    assert post(support, "add_agreement", "C-1", **typed).status_code == 409
    assert post(support, "add_agreement", "C-1", **typed, reason="tender").status_code == 302
    change = CustomerChange.objects.get()
    page = support.get("/customers/C-1/?tab=agreements").content.decode()
    assert change.get_absolute_url() in page
    step = change.case.steps.get()
    manager = world.client("manager")
    assert "17.00" in manager.get(change.get_absolute_url()).content.decode()
    for who, sees in (("rep", True), ("tech", False)):
        assert ("17.00" in world.client(who).get(change.get_absolute_url()).content.decode()) is sees
    said = {"step_id": step.pk, "digest": change.case.digest, "decision": "approve"}
    assert post(manager, "decide", "C-1", change.number, **said).status_code == 302
    assert PriceAgreement.objects.get().price == 17
    assert timedelta(0) == timezone.localdate() - PriceAgreement.objects.get().valid_from
