"""A call or a visit begins with a memo, becomes an order in one step, and still needs a paper (R1.2)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.duties import REGISTRY
from core.models import Event
from core.rules import Blocked, Stale
from orders import actions
from orders.models import Memo, SalesOrder
from orders.states import MemoState, OrderState
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.2")]


def post(client, url, **fields):
    return client.post(url, {"form_key": str(uuid.uuid4()), **fields})


def test_a_memo_becomes_a_draft_in_one_step_with_all_that_was_said(world):
    day = timezone.localdate() + timedelta(days=5)
    memo = desk.memo(world, caller="陈工", phone="139", wanted_on=day, open_points="颜色待定")

    order = actions.draft_from_memo(memo, actor=world.rep)

    memo = Memo.objects.get(pk=memo.pk)
    assert (memo.state, memo.order) == (MemoState.DRAFTED, order)
    assert (order.customer, order.channel, order.due_on) == (memo.customer, "phone", day)
    assert (order.contact_name, order.contact_phone) == ("陈工", "139")
    assert memo.said in order.internal_note
    assert "颜色待定" in order.internal_note
    assert order.channel_reference == memo.number
    assert Event.objects.filter(thread=order.thread, verb="order.memo_linked").count() == 1


def test_a_memo_becomes_one_order_only(world):
    memo = desk.memo(world)
    actions.draft_from_memo(memo, actor=world.rep)

    with pytest.raises(Blocked):
        actions.draft_from_memo(memo, actor=world.rep)

    assert SalesOrder.objects.count() == 1


def test_a_caller_who_is_no_customer_yet_makes_no_order(world):
    memo = desk.memo(world)
    actions.save_memo(memo, customer=None, company="新公司", actor=world.rep)

    with pytest.raises(Blocked) as refusal:
        actions.draft_from_memo(memo, actor=world.rep)

    assert [each.key for each in refusal.value.reasons] == ["memo_names_a_customer"]
    assert not SalesOrder.objects.exists()
    assert Memo.objects.get().state == MemoState.OPEN


@pytest.mark.parametrize("noted", [{"said": "  "}, {"caller": ""}])
def test_an_empty_memo_is_none(world, noted):
    with pytest.raises(Blocked):
        desk.memo(world, **noted)
    assert not Memo.objects.exists()


def test_without_customer_and_team_somebody_is_to_follow_it_up(world):
    said = {"channel": "phone", "caller": "x", "said": "y"}
    with pytest.raises(Blocked) as refusal:
        actions.take_memo(actor=world.support, **said)
    assert [each.key for each in refusal.value.reasons] == ["memo_has_a_team"]
    assert actions.take_memo(actor=world.support, team=world.north, **said).team == world.north


@pytest.mark.parametrize("who", ["finance", "production"])
def test_who_enters_no_orders_takes_no_memo(world, who):
    with pytest.raises(Blocked):
        desk.memo(world, actor=world.people[who])
    assert not Memo.objects.exists()


def test_closing_needs_a_reason_and_happens_once(world):
    memo = desk.memo(world)
    with pytest.raises(Blocked):
        actions.close_memo(memo, reason=" ", actor=world.rep)
    assert Memo.objects.get().state == MemoState.OPEN

    actions.close_memo(memo, reason="kein Bedarf", actor=world.rep)
    with pytest.raises(Blocked):
        actions.close_memo(memo, reason="noch einmal", actor=world.rep)
    with pytest.raises(Blocked):
        actions.save_memo(memo, said="anders", actor=world.rep)

    memo = Memo.objects.get()
    assert (memo.state, memo.closed_reason) == (MemoState.CLOSED, "kein Bedarf")
    assert Event.objects.filter(verb="memo.closed").count() == 1


def test_a_page_gone_stale_overwrites_nothing(world):
    memo = desk.memo(world)
    actions.save_memo(memo, said="neu", version=memo.version, actor=world.rep)
    with pytest.raises(Stale):
        actions.save_memo(memo, said="alt", version=memo.version, actor=world.rep)
    assert Memo.objects.get().said == "neu"


@pytest.mark.parametrize("channel", ["phone", "visit"])
def test_a_verbal_order_without_memo_is_not_submitted(world, channel):
    order = desk.draft_order(world, channel=channel)
    desk.paper(order, world.rep)

    with pytest.raises(Blocked) as refusal:
        actions.submit_order(order, actor=world.rep)

    reasons = refusal.value.reasons
    assert [each.key for each in reasons] == ["verbal_order_rests_on_a_memo"]
    assert reasons[0].next_step == f"/memos/new/?order={order.number}"
    assert desk.again(order).state == OrderState.DRAFT


@pytest.mark.rule("R1.1")
def test_the_memo_written_afterwards_is_enough_but_the_paper_is_still_asked_for(world):
    order = desk.draft_order(world, channel="phone")
    actions.take_memo(order=order, actor=world.rep, channel="phone", caller="王琳", said="20 套")

    with pytest.raises(Blocked) as refusal:
        actions.submit_order(order, actor=world.rep)
    assert [each.key for each in refusal.value.reasons] == ["source_document_is_attached"]

    desk.paper(order, world.rep)
    assert actions.submit_order(order, actor=world.rep).state == OrderState.SUBMITTED
    assert desk.again(order).memo.state == MemoState.DRAFTED


def test_an_order_takes_one_memo_and_only_while_it_is_the_reps(world):
    said = {"channel": "phone", "caller": "王琳", "said": "20 套"}
    order = desk.draft_order(world, channel="phone")
    actions.take_memo(order=order, actor=world.rep, **said)
    with pytest.raises(Blocked):
        actions.take_memo(order=order, actor=world.rep, **said)
    gone = desk.submitted_order(world, lines=(("P-9", "1"),))
    with pytest.raises(Blocked):
        actions.take_memo(order=gone, actor=world.rep, **said)
    assert Memo.objects.count() == 1


def test_the_quick_page_finds_the_customer_by_initials(world, client):
    customer = desk.customer(world, "C-1", name="苏州镕鑫精密")
    client.force_login(world.rep)
    typed = {"customer": customer.initials, "caller": "王琳", "channel": "phone", "said": "要 20 套"}

    answer = post(client, "/memos/new/", **typed)

    memo = Memo.objects.get()
    assert answer.headers["Location"] == memo.get_absolute_url()
    assert memo.customer == customer
    assert customer.code in client.get(f"/memos/new/?customer={customer.initials[:2]}").content.decode()


def test_an_ambiguous_or_unknown_customer_is_told_and_nothing_typed_is_lost(world, client):
    desk.customer(world, "C-1"), desk.customer(world, "C-2")
    client.force_login(world.rep)
    for typed in ("镕鑫", "nobody at all"):
        answer = post(client, "/memos/new/", customer=typed, caller="王琳", channel="phone", said="要 20 套")
        assert answer.status_code == 422
        assert "要 20 套" in answer.content.decode()
    assert not Memo.objects.exists()


def test_from_the_page_to_the_draft_and_back(world, client):
    memo = desk.memo(world)
    client.force_login(world.rep)

    answer = post(client, f"{memo.get_absolute_url()}draft/")

    order = SalesOrder.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.number}/edit/"
    assert memo.number in client.get(order.get_absolute_url()).content.decode()
    assert order.number in client.get(memo.get_absolute_url()).content.decode()
    again = post(client, f"{memo.get_absolute_url()}draft/")
    assert again.status_code == 409
    assert SalesOrder.objects.count() == 1


def test_the_draft_page_offers_to_write_the_memo(world, client):
    order = desk.draft_order(world, channel="visit")
    client.force_login(world.rep)
    assert f"/memos/new/?order={order.number}" in client.get(order.get_absolute_url()).content.decode()

    typed = {"order": order.number, "caller": "王琳", "channel": "visit", "said": "要 20 套"}
    answer = post(client, "/memos/new/", **typed)

    assert answer.headers["Location"] == order.get_absolute_url()
    assert desk.again(order).memo.said == "要 20 套"


@pytest.mark.rule("R10.2")
def test_another_teams_memo_does_not_exist(world, client):
    memo = desk.memo(world)
    client.force_login(world.rep2)
    assert client.get(memo.get_absolute_url()).status_code == 404
    assert memo.number not in client.get("/memos/").content.decode()


def test_open_memos_are_a_duty_of_who_took_them_and_of_the_customers_rep(world):
    memo = desk.memo(world, actor=world.support)
    rows = REGISTRY["orders.memos"].rows

    assert [list(rows(each)) for each in (world.rep, world.support, world.rep2)] == [[memo], [memo], []]
    actions.close_memo(memo, reason="erledigt", actor=world.rep)
    assert list(rows(world.rep)) == []


def test_the_list_shows_the_open_ones_and_the_others_by_filter(world, client):
    open_memo, closed = desk.memo(world), desk.memo(world)
    actions.close_memo(closed, reason="erledigt", actor=world.rep)
    client.force_login(world.rep)

    first, filtered = (
        client.get("/memos/").content.decode(),
        client.get("/memos/?state=closed").content.decode(),
    )

    assert open_memo.number in first
    assert closed.number not in first
    assert closed.number in filtered
