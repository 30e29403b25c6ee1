"""The confirmation goes out by itself with a link; its answer opens or holds the release (R1.8, R1.10)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.models import Event
from core.rules import Blocked
from orders import actions
from orders.answer_forms import PaperAnswerForm
from orders.models import OrderConfirmation
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def rules(refusal):
    return sorted({reason.rule for reason in refusal.value.reasons})


@pytest.mark.rule("R1.8", "R1.10")
def test_at_its_approval_the_customer_gets_a_link_and_confirms_without_an_account(world):
    order = desk.approved_order(world)
    desk.pay(world, order)
    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert rules(refusal) == ["R1.10"]
    link, client = desk.link_of(order), Client()
    secret = link.split("/")[2]

    page = client.get(link)
    assert page.status_code == 200
    assert "186.00" in page.content.decode()
    assert client.post(link, {"answer": "wrong", "by": "王琳"}).status_code == 422
    assert client.post(link, {"answer": "right", "by": "王琳"}).status_code == 302
    client.post(link, {"answer": "wrong", "by": "别人", "words": "不对"})  # the first answer counts (I11)

    sent = OrderConfirmation.objects.get()
    assert (sent.state, sent.answered_by, sent.recorded_by) == ("confirmed", "王琳", None)
    assert not Event.objects.filter(source__contains=secret).exists()
    assert not any(secret in str(each.facts) for each in Event.objects.all())
    assert actions.release_order(order, actor=world.lead).state == "released"


@pytest.mark.rule("R1.10", "R1.8")
def test_the_link_names_the_house_its_person_and_all_that_is_confirmed(world):
    order = desk.draft_order(world)
    line = order.lines.get()
    said = {"packaging": "木箱 A", "tolerance": "±0.02", "discount_percent": Decimal(1)}
    actions.save_line(order, line_id=line.pk, actor=world.rep, **said)
    desk.paper(order, world.rep)
    actions.standardise_order(actions.submit_order(order, actor=world.rep), actor=world.support)
    for who in ("support2", "finance", "manager"):
        desk.decide(world, order, who)

    page = Client().get(desk.link_of(order)).content.decode()

    due = order.lines.get().due_on.isoformat()
    for said in ("订单通示范贸易有限公司", str(order.owner), "木箱 A", "±0.02", f">{due}<", "CNY"):
        assert said in page
    for figure in ("186.00", "1.86", "184.14"):
        assert figure in page
    assert "Orderway" not in page
    assert '<summary class="button' in page
    told = order.confirmations.get().document.context["lines"][0]
    assert (told["packaging"], told["tolerance"]) == ("木箱 A", "±0.02")


@pytest.mark.rule("R1.10")
def test_not_right_holds_the_release_until_support_settles_it(world):
    order = desk.approved_order(world, of=desk.customer(world, "C-A", klass="A"))
    Client().post(desk.link_of(order), {"answer": "wrong", "by": "王琳", "words": "交期不对"})
    order = desk.again(order)

    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert "交期不对" in str(refusal.value)
    told = Event.objects.get(verb="order.confirmation_disputed")
    assert (told.reason, told.facts["mark"]) == ("交期不对", {"word": "The customer’s answer by the link"})
    page = world.client("support").get(order.get_absolute_url()).content.decode()
    assert "客户通过链接的答复" in page
    assert "门户确认" not in page

    desk.confirm_back(world, order, mark="call")
    desk.pay(world, order)
    assert actions.release_order(order, actor=world.lead).state == "released"


@pytest.mark.rule("R1.10")
def test_settled_by_a_yes_the_customers_words_stay(world):
    order = desk.approved_order(world)
    Client().post(desk.link_of(order), {"answer": "wrong", "by": "王琳", "words": "交期不对"})

    order = desk.confirm_back(world, order, by="赵经理")

    sent = OrderConfirmation.objects.get()
    assert (sent.state, sent.answered_by) == ("confirmed", "赵经理")
    assert (sent.answer, sent.disputed_by) == ("交期不对", "王琳")
    assert "交期不对" in world.client("support").get(order.get_absolute_url()).content.decode()


@pytest.mark.rule("R1.11")
def test_what_settles_a_dispute_came_no_earlier_than_it(world):
    order = desk.went_out(desk.approved_order(world))
    sent, now = order.confirmations.get(), timezone.now()
    with time_machine.travel(now + timedelta(days=4)):
        actions.slip_promises(as_of=timezone.now())
        said = {"right": False, "by": "王琳", "words": "交期不对", "mark": "call", "actor": world.support}
        actions.answer_confirmation(sent, **said)
        slipped = order.lines.get().promised_on
        with pytest.raises(Blocked) as refusal:
            desk.confirm_back(world, order, on=timezone.localdate(now) + timedelta(days=1))

    assert [reason.rule for reason in refusal.value.reasons] == ["R1.11"]
    assert desk.again(order).confirmed_at is None
    assert order.lines.get().promised_on == slipped


@pytest.mark.rule("R1.10")
@pytest.mark.parametrize(
    ("mark", "broken"),
    [
        ("signature", "signed_paper_is_on_file"),
        ("seal", "signed_paper_is_on_file"),
        ("fax", "signed_paper_is_on_file"),
        ("portal", "house_records_what_it_was_given"),
    ],
)
def test_nobody_records_a_signature_without_its_paper_nor_a_click_of_the_customers(world, mark, broken):
    order = desk.approved_order(world)

    with pytest.raises(Blocked) as refusal:
        desk.confirm_back(world, order, mark=mark)

    assert [each.key for each in refusal.value.reasons] == [broken]
    assert desk.again(order).confirmed_at is None
    assert OrderConfirmation.objects.get().state == "sent"


@pytest.mark.rule("R1.10")
def test_the_page_takes_a_fax_with_its_paper_only(world):
    order = desk.approved_order(world)
    client, url = world.client("lead"), f"{order.get_absolute_url()}record-answer/"
    said = {"answer": "right", "mark": "fax", "by": "王琳", "on": timezone.localdate().isoformat()}
    said |= {"form_key": "7d3a2f0e-5d0e-4f5e-9a9b-0c1f0a8d9f03"}

    assert client.post(url, said).status_code == 422
    assert desk.again(order).confirmed_at is None
    sheet = SimpleUploadedFile("回传.pdf", desk.PAPER, content_type="application/pdf")
    assert client.post(url, {**said, "upload": sheet}).status_code == 302
    assert OrderConfirmation.objects.get().answer_file.name == "回传.pdf"


@pytest.mark.rule("R1.10")
def test_the_form_presumes_nothing_and_offers_what_the_gate_allows(world):
    order = desk.approved_order(world)
    sent = order.confirmations.get()
    form = PaperAnswerForm(sent=sent)
    offered = {name: [value for value, _label in form.fields[name].choices] for name in ("answer", "mark")}
    assert offered["answer"] == ["", "right", "wrong"]
    assert "portal" not in offered["mark"]

    actions.answer_confirmation(sent, right=False, by="王琳", words="不对", mark="call", actor=world.support)
    form = PaperAnswerForm(sent=order.confirmations.get())
    assert [value for value, _label in form.fields["answer"].choices] == ["", "right"]


@pytest.mark.rule("R1.10")
def test_class_a_goes_on_and_stays_outstanding(world):
    order = desk.approved_order(world, of=desk.customer(world, "C-A", klass="A"))
    desk.pay(world, order)

    order = actions.release_order(order, actor=world.lead)

    assert list(type(order).objects.outstanding()) == [order]
    desk.confirm_back(world, order)
    assert not type(order).objects.outstanding().exists()


@pytest.mark.rule("R1.8", "R1.10")
def test_links_that_open_nothing_answer_alike(world):
    order = desk.approved_order(world)
    old = desk.link_of(order)
    actions.send_confirmation(order, language="en", to="a@b.example", actor=world.support)
    client = Client()
    bodies = {client.get(each).content for each in (old, "/confirm/unknown/")}
    assert len({re.sub(rb'(value|content)="[^"]*"', b"", each) for each in bodies}) == 1
    assert client.post(old, {"answer": "right", "by": "x"}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert client.get(desk.link_of(order, 2)).status_code == 404
    assert desk.again(order).confirmed_at is None
