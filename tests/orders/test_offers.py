"""R2.7: what a shortage offers is true, and can be taken into the draft with a button."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.models import Event
from core.rules import Blocked
from inventory.actions import create_requirement, issue_production_order, set_substitutes
from inventory.models import Product, ProductCategory
from orders import actions
from orders.models import OrderLine
from orders.shortage import shortages
from tests import orders_world as desk


def send(client, url, **fields):
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})


def short_of(order):
    return shortages(order.lines.select_related("product").order_by("position"))[0]


@pytest.mark.rule("R2.7")
def test_only_what_is_kept_as_a_substitute_is_offered(world):
    category = ProductCategory.objects.create(code="FAST", name="紧固件")
    washer = desk.product(world, "WASHER-24", category=category, stock=4)
    desk.product(world, "BOLT-12", category=category, stock=500)
    other = desk.product(world, "WASHER-24Z", category=category, stock=200)
    order = desk.draft_order(world, lines=(("WASHER-24", "10"),))
    assert short_of(order).substitutes == ()

    set_substitutes(washer, codes=["WASHER-24Z"], actor=world.tech)

    assert short_of(order).substitutes == ((other, Decimal(200)),)
    event = Event.objects.filter(verb="product.substituted").get()
    assert event.facts["new"] == {"substitutes": "WASHER-24Z"}


@pytest.mark.rule("R2.7", "R10.2")
def test_what_cannot_stand_in_is_refused(world):
    washer = desk.product(world, "W")
    desk.product(world, "OIL", unit="l")
    for codes in (["W"], ["OIL"], ["NONE"]):
        with pytest.raises(Blocked) as refusal:
            set_substitutes(washer, codes=codes, actor=world.tech)
        assert [each.rule for each in refusal.value.reasons] == ["R2.7"]
    with pytest.raises(Blocked):
        set_substitutes(washer, codes=[], actor=world.rep)
    assert not washer.substitutes.exists()
    page = send(world.client("tech"), "/products/W/substitutes/", codes="OIL")
    assert page.status_code == 409
    assert 'value="OIL"' in page.content.decode()


@pytest.mark.rule("R2.7")
def test_production_that_another_order_waits_for_is_not_offered(world):
    desk.released_order(world)  # ten are being made for it
    order = desk.draft_order(world, of=desk.customer(world, "C-2"))
    assert short_of(order).later_on is None

    day = timezone.localdate() + timedelta(days=20)
    need = create_requirement(
        product=Product.objects.get(code="BRG-6204"),
        quantity=Decimal(50),
        due_on=day,
        owner=world.rep,
        team=world.north,
        thread="stock:1",
        reference="备货",
        link="/",
        unit_value=Decimal(1),
        currency="CNY",
        actor=world.support,
    )
    issue_production_order(need, quantity=Decimal(50), due_on=day, actor=world.support)
    assert short_of(order).later_on == day


@pytest.mark.rule("R2.7")
def test_a_part_now_splits_the_line(world):
    desk.product(world, "BRG-6204", stock=4)
    order = desk.draft_order(world)
    edit = f"{order.get_absolute_url()}edit/"
    page = world.client("rep").get(edit).content.decode()
    line = order.lines.get()
    assert f'value="{line.pk}:part"' in page

    url = f"{order.get_absolute_url()}take-offer/"
    assert send(world.client("rep"), url, offer=f"{line.pk}:part").status_code == 302

    lines = list(order.lines.order_by("position"))
    assert [each.quantity for each in lines] == [4, 6]
    assert lines[0].product_id == lines[1].product_id
    assert lines[0].price == lines[1].price
    assert desk.again(order).grand_total == Decimal("186.00")


@pytest.mark.rule("R2.7")
def test_a_substitute_takes_the_lines_place_at_its_own_price(world):
    washer = desk.product(world, "W", stock=4)
    desk.product(world, "Z", price="20.00", stock=100)
    set_substitutes(washer, codes=["Z"], actor=world.tech)
    order = desk.draft_order(world, lines=(("W", "10"),))
    line = order.lines.get()

    actions.take_offer(order, line_id=line.pk, offer="substitute:Z", actor=world.rep)

    line = order.lines.get()
    assert (line.product.code, line.price, line.quantity) == ("Z", 20, 10)


@pytest.mark.rule("R2.7", "R2.11")
def test_an_offer_that_no_longer_stands_changes_nothing(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.draft_order(world)
    before = list(OrderLine.objects.values())
    for offer in ("part", "later", "substitute:Z", "", "part:x"):
        with pytest.raises(Blocked):
            actions.take_offer(order, line_id=order.lines.get().pk, offer=offer, actor=world.rep)
    submitted = desk.submitted_order(world, lines=(("OTHER", "5"),))
    with pytest.raises(Blocked):
        actions.take_offer(submitted, line_id=submitted.lines.get().pk, offer="part", actor=world.rep)
    assert list(OrderLine.objects.filter(order=order).values()) == before


@pytest.mark.rule("R2.8")
def test_a_cancelled_orders_sample_leaves_the_queue(world):
    desk.product(world, "MADE", supply="make")
    order = desk.order_in_review(world, asked=True, lines=(("MADE", "2"),))
    desk.state_lines(world, order, process_changed=True, trial="试制两件")
    tech = world.client("tech")
    assert order.number in tech.get("/technical/?show=trial").content.decode()

    actions.cancel_order(desk.again(order), reason="客户取消", actor=world.rep)

    assert order.number not in tech.get("/technical/?show=trial").content.decode()
