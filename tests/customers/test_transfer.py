"""R3.1: a customer goes to another team and rep, with open orders, shipments and what waits for decision."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import Notice
from approvals.models import Case, Condition, Step
from core.models import Event
from core.rules import Blocked, Stale
from customers.actions import ask_change
from customers.models import Customer
from inventory.models import Requirement
from logistics.actions import transfer_customer
from logistics.models import Shipment
from orders.models import SalesOrder
from tests import orders_world as desk
from tests import shipping_world as shipping
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def to_east(world, known, who="manager", **how):
    how = {"team": world.east, "owner": world.rep2, "reason": "区域调整"} | how
    return transfer_customer(known, actor=world.people[who], **how)


def places():
    models = (Customer, SalesOrder, Shipment, Requirement, Case, Step, Event)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.rule("R3.1", "R2.1")
def test_open_orders_shipments_and_steps_go_with_the_customer(world):
    known = desk.customer(world)
    waiting = desk.order_in_review(world, of=known)
    desk.product(world, "P-S", stock=100)
    shipment = shipping.requested_shipment(world, of=known, lines=(("P-S", "10"),))
    change = ask_change(known, changes={"klass": "B"}, reason="年采购额", actor=world.rep)
    over = desk.actions.cancel_order(desk.draft_order(world, of=known), reason="重复", actor=world.rep)
    for who in ("support2", "finance"):
        desk.decide(world, waiting, who)

    to_east(world, known)

    moved = Customer.objects.get()
    assert (moved.team, moved.owner) == (world.east, world.rep2)
    order = SalesOrder.objects.get(pk=waiting.pk)
    assert (order.team, order.owner, order.case.team) == (world.east, world.rep2, world.east)
    assert Shipment.objects.get(pk=shipment.pk).team == world.east
    assert set(Requirement.objects.values_list("team", "owner")) <= {(world.east.pk, world.rep2.pk)}
    assert SalesOrder.objects.get(pk=over.pk).team == world.north
    steps = Step.objects.open().filter(kind="manager", case__in=[order.case, change.case])
    assert steps.count() == 2
    for step in steps:
        assert step in Step.objects.decidable_by(world.manager2)
        assert step not in Step.objects.decidable_by(world.manager)
    desk.decide(world, order, "manager2")
    event = Event.objects.get(verb="customer.transferred")
    assert (event.reason, event.facts["new"]["team"]) == ("区域调整", str(world.east))
    told = set(Notice.objects.filter(kind="customer_transferred").values_list("person__username", flat=True))
    assert {"rep", "rep2", "manager2"} <= told


@pytest.mark.rule("R3.1", "R1.14", "R1.2")
def test_what_an_open_order_came_from_goes_with_it_and_comes_back_to_the_new_rep(world):
    known = desk.customer(world)
    memo = desk.memo(world, of=known)
    first = desk.actions.create_quotation(memo=memo, actor=world.rep)
    desk.product(world)
    desk.actions.save_quotation(first, rows=[{"product": "BRG-6204", "quantity": 10}], actor=world.rep)
    to = {"to": "buyer@customer.example", "language": "zh-hans", "actor": world.rep}
    first = desk.actions.send_quotation(first, **to)
    second = desk.actions.send_quotation(desk.actions.revise_quotation(first, actor=world.rep), **to)
    order = desk.actions.order_quotation(second, actor=world.rep)
    lost = desk.actions.lose_quotation(desk.sent_quotation(world, of=known), reason="价高", actor=world.rep)

    to_east(world, known)

    seen = world.client("rep2")
    for noun in (order, first, second, memo):
        assert seen.get(noun.get_absolute_url()).status_code == 200
    assert seen.get(lost.get_absolute_url()).status_code == 404
    desk.actions.cancel_order(desk.again(order), reason="客户改主意", actor=world.rep2)
    second.refresh_from_db(fields=["team", "owner"])
    assert (second.team, second.owner) == (world.east, world.rep2)
    assert type(second).objects.get(pk=second.pk).state == "sent"


@pytest.mark.rule("R3.1", "R2.4")
def test_what_a_yes_was_tied_to_is_seen_to_by_the_new_team(world):
    order = desk.order_in_review(world)
    for who in ("support2", "finance"):
        desk.decide(world, order, who)
    order = desk.again(order)
    desk.actions.decide_order(
        order,
        step_id=order.case.steps.get(kind="manager", round=order.case.round).pk,
        approve=True,
        digest=order.case.digest,
        conditions=[("先收 30% 订金", "sales_rep")],
        actor=world.manager,
    )
    assert desk.again(order).state == "approved"

    to_east(world, order.customer)

    assert Condition.objects.waiting_for(world.rep2).count() == 1


@pytest.mark.rule("R3.1", "R10.2")
@pytest.mark.parametrize(
    ("who", "how", "rules"),
    [
        ("rep", {}, ["R10.2", "R3.1"]),
        ("support", {}, ["R10.2", "R3.1"]),
        ("manager", {"reason": " "}, ["R3.1"]),
        ("manager", {"owner": "rep"}, ["R3.1"]),
        ("manager", {"team": "north", "owner": "rep"}, ["R3.1"]),
    ],
)
def test_what_may_not_be_moved_stays(world, who, how, rules):
    known = desk.customer(world)
    desk.order_in_review(world, of=known)
    how = {name: getattr(world, value) if name != "reason" else value for name, value in how.items()}
    before = places()
    with pytest.raises(Blocked) as refusal:
        to_east(world, known, who, **how)
    assert [reason.rule for reason in refusal.value.reasons] == rules
    assert places() == before


@pytest.mark.rule("R3.1")
def test_the_manager_of_neither_team_moves_nothing(world):
    known = desk.customer(world, owner=world.rep2)
    before = places()
    with pytest.raises(Blocked):
        transfer_customer(known, team=world.east, owner=world.manager2, reason="x", actor=world.manager)
    assert places() == before
    assert transfer_customer(
        known, team=world.east, owner=world.manager2, reason="x", actor=world.gm
    ).owner == (world.manager2)


@pytest.mark.rule("R3.1")
def test_a_customer_is_moved_on_its_page_and_an_old_page_moves_nothing(world):
    known = desk.customer(world)
    url = reverse("customers:transfer", args=["C-1"])
    fields = {"team": world.east.pk, "owner": world.rep2.pk, "reason": "区域调整", "version": known.version}
    assert world.client("rep").post(url, {"form_key": uuid.uuid4(), **fields}).status_code == 403
    manager = world.client("manager")
    assert manager.get(url).status_code == 200
    assert manager.post(url, {"form_key": uuid.uuid4(), **fields, "reason": ""}).status_code == 422
    assert manager.post(url, {"form_key": uuid.uuid4(), **fields, "owner": world.rep.pk}).status_code == 409
    assert manager.post(url, {"form_key": uuid.uuid4(), **fields, "version": 9}).status_code == 409
    assert Customer.objects.get().team == world.north
    answer = manager.post(url, {"form_key": uuid.uuid4(), **fields})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/customers/")
    assert Customer.objects.get().team == world.east
    with pytest.raises(Stale):
        to_east(world, known, "gm", team=world.north, owner=world.rep, version=1)
