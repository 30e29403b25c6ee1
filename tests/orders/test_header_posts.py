"""The header saves itself field by field: nothing typed is lost, nothing saved elsewhere is put back."""

import re

import pytest

from core.models import Event
from core.rules import Blocked
from orders import actions
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.3")]


def post(client, order, **fields):
    """Fields as header-post.js posts them: `name=(was, typed)`."""
    body = {"version": order.version}
    for name, (was, typed) in fields.items():
        body |= {f"was-{name}": was, name: typed}
    return client.post(f"{order.get_absolute_url()}edit/header/", body)


def test_only_what_was_typed_in_is_saved(world):
    order = desk.draft_order(world, freight=12, channel_reference="M-7")

    answer = post(world.client("rep"), order, internal_note=("", "打包带\r\n小心"), freight=("12", ""))

    order = desk.again(order)
    assert answer.status_code == 200
    assert (order.internal_note, order.freight, order.channel_reference) == ("打包带\n小心", 0, "M-7")
    assert Event.objects.filter(verb="order.header_saved").count() == 1


def test_one_bad_field_keeps_no_other_from_being_saved_and_stays_as_it_was_typed(world):
    order, client = desk.draft_order(world, freight=12), world.client("rep")

    answer = post(client, order, freight=("12", "abc"), message=("", "急用"))

    order = desk.again(order)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (order.message, order.freight, order.unread) == ("急用", 12, {"freight": "abc"})
    assert 'id="id_freight_error"' in page
    for shown in (page, client.get(f"{order.get_absolute_url()}edit/").content.decode()):
        assert re.search(r'name="freight" value="abc"[^>]*data-saved="12"', shown)
    desk.paper(order, world.rep)
    with pytest.raises(Blocked) as refusal:
        actions.submit_order(order, actor=world.rep)
    assert [(each.rule, each.key) for each in refusal.value.reasons] == [("R1.3", "what_was_typed_is_read")]
    assert "abc" in refusal.value.reasons[0].sentence

    assert post(client, order, freight=("12", "30")).status_code == 200
    assert (desk.again(order).freight, desk.again(order).unread) == (30, {})
    assert actions.submit_order(desk.again(order), actor=world.rep).state == "submitted"


def test_an_older_window_of_ones_own_puts_nothing_back(world):
    order, client = desk.draft_order(world, ship_to="苏州"), world.client("rep")
    post(client, order, ship_to=("苏州", "昆山"))
    events = Event.objects.count()

    beside = post(client, order, internal_note=("", "x"))  # from the window that still shows Suzhou
    over = post(client, order, ship_to=("苏州", "无锡"), internal_note=("", "y"))

    assert beside.status_code == 200
    assert over.status_code == 409
    order = desk.again(order)
    assert (order.ship_to, order.internal_note) == ("昆山", "x")
    assert Event.objects.count() == events + 1
    page = over.content.decode()
    assert 'data-overtaken="ship_to" value="昆山"' in page
    assert 'data-overtaken="internal_note" value="x"' in page
    assert "无锡" in page
    assert post(client, order, ship_to=("昆山", "无锡")).status_code == 200  # both were seen
    assert desk.again(order).ship_to == "无锡"


def test_the_same_sent_again_because_its_answer_was_lost_is_no_conflict(world):
    order, client = desk.draft_order(world), world.client("rep")
    for _turn in range(2):
        assert post(client, order, klass=("normal", "urgent")).status_code == 200
    assert Event.objects.filter(verb="order.header_saved").count() == 1


def test_the_answer_tells_what_followed_from_it(world):
    order = desk.draft_order(world, contact_phone="0512-9")
    order.customer.contacts.create(name="李工", phone="139-1")

    answer = post(world.client("rep"), order, contact_name=("王琳", "李工"))

    assert re.search(r'name="contact_phone" value="139-1"', answer.content.decode())


@pytest.mark.rule("R2.11")
def test_a_submitted_order_is_refused_and_unchanged(world):
    order = desk.submitted_order(world)

    answer = post(world.client("rep"), order, internal_note=("", "x"), freight=("0", "abc"))

    assert answer.status_code == 409
    assert "R2.11" in answer.content.decode()
    assert (desk.again(order).internal_note, desk.again(order).unread) == ("", {})


@pytest.mark.rule("R1.2")
def test_an_order_out_of_the_longest_memo_saves_its_header(world):
    memo = actions.take_memo(
        actor=world.rep,
        customer=desk.customer(world),
        channel="phone",
        caller="王琳",
        said="说" * 4000,
        open_points="问" * 2000,
    )
    order = actions.draft_from_memo(memo, actor=world.rep)
    assert len(order.internal_note) > 6000

    answer = post(world.client("rep"), order, internal_note=(order.internal_note, order.internal_note + "。"))

    assert answer.status_code == 200
    assert desk.again(order).internal_note.endswith("。")
